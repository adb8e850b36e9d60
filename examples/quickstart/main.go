// Quickstart goes through the chapter on pods in one process, with nothing installed but Go: a ReplicationController from
// a JSON descriptor, its pod, a port-forward with a request through it, a log, labels, selectors, scaling.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	_ "embed"
	"errors"
	"io"

	"github.com/podwright/podwright/examples/internal/crane"
	"github.com/podwright/podwright/examples/internal/steps"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

//go:embed crane.json
var craneJSON []byte

func main() { steps.Main("quickstart", run) }

// run starts a cluster, takes the tour and closes the cluster.
func run(ctx context.Context, out io.Writer) (err error) {
	cluster, err := fake.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	cluster.Handle(crane.Image, crane.Program)
	t := &tour{ctx: ctx, out: out, client: cluster.Client()}
	return steps.Walk(out, t.steps())
}

// tour is the way through the chapter. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	client *sdk.Client

	rc  *corev1.ReplicationController
	pod *corev1.Pod
}

func (t *tour) steps() []steps.Step {
	return []steps.Step{
		steps.Do("create the ReplicationController of crane.json", t.create),
		steps.Do("its pod", t.showPods),
		steps.Do("the pod as YAML", t.showYAML),
		steps.Do("forward local port 8888 to the pod's 8080, and ask", t.forward),
		steps.Do("the log of container crane", t.showLog),
		steps.Do("label the pod, select by label", t.label),
		steps.Do("scale to 3", t.scale),
		steps.Do("delete", t.delete),
	}
}
