// Quickstart goes through the chapter on pods in one process, with nothing installed but Go: a ReplicationController from
// a JSON descriptor, its pod, a port-forward with a request through it, a log, labels, selectors, scaling.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/podwright/podwright/examples/internal/crane"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

//go:embed crane.json
var craneJSON []byte

// patience is how long the whole tour may take. It takes milliseconds.
const patience = time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
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
	cluster.Handle(crane.Image, crane.Program)
	t := &tour{ctx: ctx, out: out, client: cluster.Client()}
	for _, step := range t.steps() {
		t.title(step.title)
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
	}
	return nil
}

// tour is the way through the chapter. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	client *sdk.Client
	n      int

	rc  *corev1.ReplicationController
	pod *corev1.Pod
}

type step struct {
	title string
	do    func() error
}

func (t *tour) steps() []step {
	return []step{
		{"create the ReplicationController of crane.json", t.create},
		{"its pod", t.showPods},
		{"the pod as YAML", t.showYAML},
		{"forward local port 8888 to the pod's 8080, and ask", t.forward},
		{"the log of container crane", t.showLog},
		{"label the pod, select by label", t.label},
		{"scale to 3", t.scale},
		{"delete", t.delete},
	}
}

func (t *tour) title(text string) {
	if t.n++; t.n > 1 {
		fmt.Fprintln(t.out)
	}
	fmt.Fprintf(t.out, "== %d. %s\n", t.n, text)
}
