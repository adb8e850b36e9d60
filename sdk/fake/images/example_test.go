package images_test

import (
	"context"
	"fmt"
	"log"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
)

// A manifest as it is found runs as it is.
func Example() {
	cluster, err := fake.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	images.Register(cluster, images.Busybox)

	pod, err := descriptor.DecodeInto[corev1.Pod]([]byte(`
apiVersion: v1
kind: Pod
metadata: {name: hello}
spec:
  restartPolicy: Never
  containers:
  - name: main
    image: busybox:1.37
    command: [sh, -c, 'for i in $(seq 3); do echo "hello $i"; done | tail -n 2']
`))
	if err != nil {
		log.Fatal(err)
	}
	ctx, client := context.Background(), cluster.Client()
	if err := client.Create(ctx, pod); err != nil {
		log.Fatal(err)
	}
	if err := client.Wait(ctx, sdk.PodNamed("hello"), sdk.Phase(corev1.PodSucceeded)); err != nil {
		log.Fatal(err)
	}
	for line, err := range client.Logs(ctx, sdk.PodNamed("hello"), sdk.LogOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(line.Text)
	}
	// Output:
	// hello 2
	// hello 3
}
