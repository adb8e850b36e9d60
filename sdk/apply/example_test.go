package apply_test

import (
	"context"
	"fmt"
	"log"

	"github.com/podwright/podwright/sdk/apply"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/yaml"
)

// A pod is applied, and applied again without one of its labels, which thereby goes.
func Example() {
	cluster, err := fake.Start() // or any cluster
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	clientset, err := kubernetes.NewForConfig(cluster.RESTConfig())
	if err != nil {
		log.Fatal(err)
	}

	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Labels: map[string]string{"app": "web", "tier": "front"}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "nginx:1.27"}}},
	}
	for range 2 {
		config, err := apply.Pod(pod)
		if err != nil {
			log.Fatal(err)
		}
		live, err := clientset.CoreV1().Pods("default").Apply(context.Background(), config, metav1.ApplyOptions{FieldManager: "bakery"})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(live.Labels)
		delete(pod.Labels, "tier")
	}
	// Output:
	// map[app:web tier:front]
	// map[app:web]
}

// Only what the pod says is in its apply configuration. What a typed pod cannot say, an explicit false, is added to it.
func ExamplePod() {
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "app", Image: "nginx:1.27"}},
			Volumes:    []corev1.Volume{{Name: "cache", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		},
	}
	config, err := apply.Pod(pod)
	if err != nil {
		log.Fatal(err)
	}
	config.Spec.WithHostNetwork(false)
	text, err := yaml.Marshal(config)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(text))
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: web
	// spec:
	//   containers:
	//   - image: nginx:1.27
	//     name: app
	//   hostNetwork: false
	//   volumes:
	//   - emptyDir: {}
	//     name: cache
}

func ExampleInto() {
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "oven"}, Data: map[string]string{"degrees": "230"}}
	config, err := apply.Into[corev1ac.ConfigMapApplyConfiguration](configMap)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*config.Kind, *config.Name, config.Data)

	_, err = apply.Into[corev1ac.PodApplyConfiguration](configMap)
	fmt.Println(err)
	// Output:
	// ConfigMap oven map[degrees:230]
	// apply configuration of ConfigMap oven: v1 ConfigMap goes into k8s.io/client-go/applyconfigurations/core/v1.ConfigMapApplyConfiguration, not into k8s.io/client-go/applyconfigurations/core/v1.PodApplyConfiguration
}
