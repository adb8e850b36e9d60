package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
)

// exampleCluster has the pod batch, of an image that says a few words and ends, and the pod shell, of busybox.
func exampleCluster() *fake.Cluster {
	c, err := fake.Start()
	if err != nil {
		log.Fatal(err)
	}
	images.Register(c, images.Busybox)
	c.HandleFunc("batch", func(_ context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "begun")
		fmt.Fprintln(p.Stderr, "out of paper")
		return nil
	})
	for name, container := range map[string]corev1.Container{
		"batch": {Name: "main", Image: "batch"},
		"shell": {Name: "main", Image: "busybox", Command: []string{"sleep", "3600"}},
	} {
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{
			Containers: []corev1.Container{container}, RestartPolicy: corev1.RestartPolicyNever, TerminationGracePeriodSeconds: new(int64(0))}}
		if err := c.Client().Create(context.Background(), pod); err != nil {
			log.Fatal(err)
		}
	}
	return c
}

// Follow a pod from before it starts to its last line.
func ExampleClient_Logs() {
	c := exampleCluster()
	defer c.Close()
	for line, err := range c.Client().Logs(context.Background(), sdk.PodNamed("batch"), sdk.LogOptions{Follow: true}) {
		var gap *sdk.LogGap
		switch {
		case errors.As(err, &gap):
			log.Print(gap) // some lines are lost for good, and the loop goes on
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(line.Pod, line.Container, line.Text)
		}
	}
	// Output:
	// batch main begun
	// batch main out of paper
}

// Keep the logs of everything that is called so, and know what is missing.
func ExampleClient_Collect() {
	c := exampleCluster()
	defer c.Close()
	keep := func(line sdk.LogLine) error {
		_, err := fmt.Println(line.Text)
		return err
	}
	report, err := c.Client().Collect(context.Background(), sdk.PodNamed("batch"), sdk.LogFunc(keep), sdk.LogOptions{Follow: true, AllContainers: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Logs[0].Lines, "lines, complete:", report.Complete())
	// Output:
	// begun
	// out of paper
	// 2 lines, complete: true
}

// Run a command and look at its exit code.
func ExampleClient_Exec() {
	c := exampleCluster()
	defer c.Close()
	ctx, client, pod := context.Background(), c.Client(), sdk.PodNamed("shell")
	if err := client.Wait(ctx, pod, sdk.Ready()); err != nil {
		log.Fatal(err)
	}
	err := client.Exec(ctx, pod, sdk.ExecOptions{
		Command: []string{"sh", "-c", "tr a-z A-Z; exit 3"},
		Stdin:   strings.NewReader("quietly\n"), Stdout: os.Stdout, Stderr: os.Stderr,
	})
	var exit *sdk.ExitError
	if errors.As(err, &exit) {
		fmt.Println("code", exit.Code)
	}
	fmt.Println(err)
	// Output:
	// QUIETLY
	// code 3
	// exec: default/shell container main: sh -c tr a-z A-Z; exit 3 ended with exit code 3
}

// Copy a directory into a container and back.
func ExampleClient_CopyTo() {
	c := exampleCluster()
	defer c.Close()
	ctx, client, pod := context.Background(), c.Client(), sdk.PodNamed("shell")
	if err := client.Wait(ctx, pod, sdk.Ready()); err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "copy")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(dir+"/greeting", []byte("hello\n"), 0o644); err != nil {
		log.Fatal(err)
	}
	if err := client.CopyTo(ctx, pod, dir, "/tmp/there", sdk.CopyOptions{}); err != nil {
		log.Fatal(err)
	}
	if err := client.CopyFrom(ctx, pod, "/tmp/there/greeting", dir+"/back", sdk.CopyOptions{}); err != nil {
		log.Fatal(err)
	}
	data, err := os.ReadFile(dir + "/back")
	fmt.Printf("%s%v\n", data, err)
	// Output:
	// hello
	// <nil>
}
