// Replicas keeps some pods running: a ReplicationController makes them, replaces those that go, and makes more or fewer of them as it is
// told. A port-forward leads to one of them, whichever that is at the time.
//
//	go run ./examples/replicas                            # on a fake cluster in this process
//	go run ./examples/replicas -kubeconfig ~/.kube/config # on a real one, in a namespace that is deleted at the end
//
// It prints the same on both. Pods have no names in what it prints, since a controller's pods are not meant to be told apart: whoever
// asks for "a pod of the controller" need not know that there is another one now.
package main

import (
	"context"
	"io"

	"github.com/podwright/podwright/examples/internal/anywhere"
	"github.com/podwright/podwright/examples/internal/steps"
	"github.com/podwright/podwright/sdk"
	corev1 "k8s.io/api/core/v1"
)

func main() { anywhere.Main("replicas", run) }

// run takes the tour.
func run(ctx context.Context, out io.Writer, at anywhere.Place) error {
	t := &tour{ctx: ctx, out: out, client: at.Client}
	defer t.close()
	return steps.Walk(out, t.steps())
}

// tour is the way through the example. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	client *sdk.Client

	rc      *corev1.ReplicationController
	view    *sdk.View[*corev1.Pod] // all pods of the example
	forward *sdk.Forward
}

func (t *tour) steps() []steps.Step {
	return []steps.Step{
		steps.Do("run three replicas of a web server", t.create),
		steps.Do("forward a local port to one of them, and ask", t.open),
		steps.Do("delete the pod that answered: another takes its place, and the forward leads on", t.replace),
		steps.Do("scale to 5, and to 2", t.scale),
		steps.Do("take a pod out of the controller's hands by its label", t.release),
		steps.Do("delete the controller: the pod that is free stays", t.delete),
	}
}

// close ends what the steps opened.
func (t *tour) close() {
	if t.forward != nil {
		t.forward.Close()
	}
	if t.view != nil {
		t.view.Close()
	}
}
