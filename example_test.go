package podwright_test

import (
	"context"
	"fmt"
	"log"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/descriptor"
)

// The shortest program: a cluster, an image that is a Go function, a pod, its log.
func Example() {
	cluster, err := fake.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	cluster.HandleFunc("hello", func(_ context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "hello from", p.Hostname())
		return nil
	})

	pod, err := descriptor.DecodeInto[types.Pod]([]byte(`
apiVersion: v1
kind: Pod
metadata:
  name: greeter
spec:
  restartPolicy: Never
  containers:
  - name: main
    image: hello
`))
	if err != nil {
		log.Fatal(err)
	}
	ctx, client := context.Background(), cluster.Client()
	if err := client.Create(ctx, pod); err != nil {
		log.Fatal(err)
	}
	if err := client.Wait(ctx, pod, sdk.Phase("Succeeded")); err != nil {
		log.Fatal(err)
	}
	for line, err := range client.Logs(ctx, pod, sdk.LogOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(line.Text)
	}
	// Output: hello from greeter
}
