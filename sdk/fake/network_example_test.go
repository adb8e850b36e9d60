package fake_test

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A program reaches a service by its name through the network of its Process. Like any good client it tries again: a service
// has endpoints only once its pods are ready.
func ExampleProcess_DialContext() {
	cluster, err := fake.Start()
	if err != nil {
		panic(err)
	}
	defer cluster.Close()
	cluster.HandleFunc("heejeong/crane", crane)
	answers := make(chan string, 1)
	cluster.HandleFunc("caller", func(ctx context.Context, p *fake.Process) error {
		client := &http.Client{Transport: &http.Transport{DialContext: p.DialContext}}
		for ctx.Err() == nil {
			answer, err := client.Get("http://crane.default.svc/")
			if err != nil {
				continue
			}
			text, err := io.ReadAll(answer.Body)
			answers <- string(text)
			return err
		}
		return nil
	})
	meta := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": name}}
	}
	ctx, client := context.Background(), cluster.Client()
	err = client.Create(ctx, &corev1.Service{ObjectMeta: meta("crane"), Spec: corev1.ServiceSpec{
		Selector: map[string]string{"app": "crane"}, Ports: []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromInt32(8080)}},
	}})
	for _, pod := range []struct{ name, image string }{{"crane", "heejeong/crane"}, {"caller", "caller"}} {
		if err == nil {
			err = client.Create(ctx, &corev1.Pod{ObjectMeta: meta(pod.name), Spec: corev1.PodSpec{
				RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "main", Image: pod.image}},
			}})
		}
	}
	if err != nil {
		panic(err)
	}
	fmt.Print(<-answers)
	// Output: hello from crane
}
