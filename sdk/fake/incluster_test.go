package fake_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
)

func TestProcessRESTConfig(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		p := c.borrow(pod("operator", "lent"))
		config, err := p.RESTConfig()
		if err != nil {
			t.Fatal(err)
		}
		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			t.Fatal(err)
		}
		pods := client.CoreV1().Pods("default")
		list, err := pods.List(t.Context(), metav1.ListOptions{})
		if err != nil || len(list.Items) != 1 || list.Items[0].Name != "operator" {
			t.Fatalf("%v, %v", list, err)
		}
		<-time.After(3 * time.Hour)
		if _, err := pods.Get(t.Context(), "operator", metav1.GetOptions{}); err != nil {
			t.Errorf("after three hours: %v", err)
		}
		c.Network().Partition(fake.AtPod("default", "operator"), fake.Anywhere)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := pods.Get(ctx, "operator", metav1.GetOptions{}); err == nil {
			t.Error("the API server answers through a partition")
		}
	}, fake.Nodes(2))
}

func TestProcessRESTConfigIsTheAccount(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		config, err := c.borrow(pod("operator", "lent")).RESTConfig()
		if err != nil {
			t.Fatal(err)
		}
		_, err = typedClient(t, config).CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{})
		says(t, err, `pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"`)
	}, fake.RBAC())
}

func TestExecFromInside(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		shell(c.Cluster)
		config, err := c.borrow(pod("operator", "lent")).RESTConfig()
		if err != nil {
			t.Fatal(err)
		}
		c.create(pod("sh", "shell"))
		request := typedClient(t, config).CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name("sh").SubResource("exec").
			VersionedParams(&corev1.PodExecOptions{Command: []string{"echo", "hi"}, Stdout: true}, scheme.ParameterCodec)
		for protocol, executor := range map[string]func() (remotecommand.Executor, error){
			"SPDY": func() (remotecommand.Executor, error) {
				return remotecommand.NewSPDYExecutor(config, "POST", request.URL())
			},
			"WebSocket": func() (remotecommand.Executor, error) {
				return remotecommand.NewWebSocketExecutor(config, "GET", request.URL().String())
			},
		} {
			e, err := executor()
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := e.StreamWithContext(t.Context(), remotecommand.StreamOptions{Stdout: &out}); err != nil || out.String() != "hi\n" {
				t.Errorf("%s: %q, %v", protocol, out.String(), err)
			}
		}
	})
}
