// Sidecar runs the pod that shows what containers of one pod share: a web server, and beside it a container that keeps
// the content fresh which the server shows.
//
//	go run ./examples/sidecar
//
// What they share here is the network: both are reached by the pod's one IP, and the puller hands over what it has pulled
// by a PUT to localhost, where nobody outside the pod can. On a real node they would share the volume content too, the
// emptyDir that both mount, and the puller would simply write a file. The descriptor declares that volume, and the fake
// mounts it, but containers of the fake have no file systems yet, so nothing is written to it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

// patience is how long the whole tour may take. It takes milliseconds.
const patience = time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sidecar:", err)
		os.Exit(1)
	}
}

// run starts a cluster, takes the tour and closes the cluster.
func run(ctx context.Context, out io.Writer) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cluster, err := fake.Start()
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := cluster.Close(); err == nil {
			err = closeErr
		}
	}()
	cluster.HandleFunc(originImage, origin)
	cluster.HandleFunc(serverImage, server)
	cluster.HandleFunc(pullerImage, puller)
	cluster.HandleFunc(strangerImage, stranger)
	t := &tour{ctx: ctx, out: out, client: cluster.Client()}
	for _, step := range t.steps() {
		t.title(step.title)
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
	}
	return nil
}

// tour is the way through the example. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	client *sdk.Client
	n      int

	origin, pod *corev1.Pod
}

type step struct {
	title string
	do    func() error
}

func (t *tour) steps() []step {
	return []step{
		{"run the pod that the content comes from", t.runOrigin},
		{"run the pod of server and puller", t.runPod},
		{"that pod as YAML", t.showYAML},
		{"ask the server, through a port-forward", t.ask},
		{"publish new content, and ask again", t.publish},
		{"the logs, one container at a time", t.showLogs},
		{"what is on localhost of the pod is not on its IP", t.knock},
	}
}

func (t *tour) title(text string) {
	if t.n++; t.n > 1 {
		fmt.Fprintln(t.out)
	}
	fmt.Fprintf(t.out, "== %d. %s\n", t.n, text)
}
