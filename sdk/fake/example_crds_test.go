package fake_test

import (
	"context"
	"fmt"
	"os"

	"github.com/podwright/podwright/sdk/fake"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

// A cluster serves what the CRDs in a folder define.
func ExampleCRDs() {
	cluster, err := fake.Start(fake.CRDs(os.DirFS("testdata/crds")))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	client, err := dynamic.NewForConfig(cluster.RESTConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	tab := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "stable.example.com/v1", "kind": "CronTab", "metadata": map[string]any{"name": "tab"},
		"spec": map[string]any{"cronSpec": "* * * * *"},
	}}
	tabs := client.Resource(cronTabs).Namespace("default")
	created, err := tabs.Create(context.Background(), tab, metav1.CreateOptions{})
	fmt.Println(created.Object["spec"], err)
	tab.Object["spec"] = map[string]any{"cronSpec": "never"}
	_, err = tabs.Create(context.Background(), tab, metav1.CreateOptions{})
	fmt.Println(err)
	// Output:
	// map[cronSpec:* * * * * image:busybox mode:Allow] <nil>
	// CronTab.stable.example.com "tab" is invalid: spec.cronSpec: Invalid value: "never": spec.cronSpec in body should match '^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$'
}

// A Go type is enough to serve its kind.
func ExampleTypes() {
	cluster, err := fake.Start(fake.Types(shopScheme(), &Widget{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	client, err := dynamic.NewForConfig(cluster.RESTConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	created, err := client.Resource(widgets).Namespace("default").Create(context.Background(), &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "shop.example.com/v1", "kind": "Widget", "metadata": map[string]any{"name": "w"},
	}}, metav1.CreateOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	size, _, _ := unstructured.NestedInt64(created.Object, "spec", "size")
	fmt.Println("size", size)
	// Output:
	// size 1
}
