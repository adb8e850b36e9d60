package sdk_test

import (
	"context"
	"fmt"
	"io"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// A forward outlives the pod it leads to: the controller makes another, and requests go there.
func ExampleClient_Forward() {
	ctx := context.Background()
	cluster, err := fake.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	cluster.HandleFunc("greeter", func(ctx context.Context, p *fake.Process) error {
		l, err := p.Listen("tcp", ":8080")
		if err != nil {
			return err
		}
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })}
		defer context.AfterFunc(ctx, func() { s.Close() })()
		s.Serve(l)
		return nil
	})
	client := cluster.Client()
	labels := map[string]string{"app": "greeter"}
	rc := &corev1.ReplicationController{ObjectMeta: metav1.ObjectMeta{Name: "greeter"}, Spec: corev1.ReplicationControllerSpec{
		Selector: labels, Template: &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels},
			Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "greeter"}}}}}}
	if err := client.Run(ctx, rc); err != nil {
		fmt.Println(err)
		return
	}

	events := make(chan sdk.ForwardEvent, 10)
	forward, err := client.Forward(ctx, rc, sdk.ForwardOptions{OnEvent: func(e sdk.ForwardEvent) { events <- e }})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer forward.Close()
	first := forward.Pod()
	for range 2 {
		for e := range events {
			if e.Type == sdk.ForwardConnected {
				break
			}
		}
		if err := forward.Ready(ctx, "8080"); err != nil {
			fmt.Println(err)
			return
		}
		resp, err := forward.HTTPClient().Get("http://greeter:8080/")
		if err != nil {
			fmt.Println(err)
			return
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Println(string(text), err, "from the first pod:", forward.Pod() == first)
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: first}}
		if err := client.Delete(ctx, pod, sdk.Grace(0), sdk.IgnoreNotFound()); err != nil {
			fmt.Println(err)
			return
		}
	}

	// Output:
	// hello <nil> from the first pod: true
	// hello <nil> from the first pod: false
}
