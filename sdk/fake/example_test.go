package fake_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// An image is a function. Its pod is created, reached through a port-forward, and its log is read.
func Example() {
	cluster, err := fake.Start() // in a test: cluster := fake.RunT(t)
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	cluster.HandleFunc("heejeong/crane", func(ctx context.Context, p *fake.Process) error {
		l, err := p.Listen("tcp", ":8080") // a port of the pod, not of this machine
		if err != nil {
			return err
		}
		fmt.Fprintln(p.Stdout, "crane is up")
		return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, "hello from", p.Hostname())
		})) // ends when the pod does: its ports fail then
	})

	ctx := context.Background()
	pod := builders.Pod("crane").Containers(builders.Container("crane", "heejeong/crane")).MustBuild()
	client := cluster.Client()
	if err := client.Run(ctx, pod); err != nil { // create, and wait until it is ready
		log.Fatal(err)
	}
	forward, err := client.PortForward(ctx, pod, "8888:8080")
	if err != nil {
		log.Fatal(err)
	}
	defer forward.Close()
	resp, err := forward.HTTPClient().Get("http://localhost:8888/")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Print(string(body))
	for line, err := range client.Logs(ctx, pod, sdk.LogOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(line.Text)
	}
	// Output:
	// hello from crane
	// crane is up
}

// Programs that use client-go need no change: they take the cluster's configuration.
func ExampleCluster_RESTConfig() {
	cluster, err := fake.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	clientset, err := kubernetes.NewForConfig(cluster.RESTConfig())
	if err != nil {
		log.Fatal(err)
	}
	nodes, err := clientset.CoreV1().Nodes().List(context.Background(), metav1.ListOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(nodes.Items[0].Name, nodes.Items[0].Status.NodeInfo.KubeletVersion)
	// Output: minikube v1.37.2
}

// A program ends with an exit code.
func ExampleExit() {
	cluster, err := fake.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	cluster.HandleFunc("job", func(context.Context, *fake.Process) error { return fake.Exit(3) })
	ctx, client := context.Background(), cluster.Client()
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "job"},
		Spec:       corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "job", Image: "job"}}},
	}
	if err := client.Create(ctx, pod); err != nil {
		log.Fatal(err)
	}
	if err := client.Wait(ctx, pod, sdk.Phase(corev1.PodFailed)); err != nil {
		log.Fatal(err)
	}
	if err := client.Get(ctx, "job", pod); err != nil {
		log.Fatal(err)
	}
	fmt.Println(pod.Status.ContainerStatuses[0].State.Terminated.ExitCode)
	// Output: 3
}
