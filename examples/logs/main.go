// Logs follows what several pods write, through all that happens to pods, and keeps it in files: no line is lost or comes twice, and
// where that cannot be known, the report says so.
//
//	go run ./examples/logs                            # on a fake cluster in this process
//	go run ./examples/logs -kubeconfig ~/.kube/config # on a real one, in a namespace that is deleted at the end
//
// It prints the same on both. What it asks of the cluster is what kubectl logs asks: a log is of one container, and ends with it; whoever
// wants more must ask again, in time, and know where he was. That is what sdk.Client.Collect does.
package main

import (
	"context"
	"io"
	"os"

	"github.com/podwright/podwright/examples/internal/anywhere"
	"github.com/podwright/podwright/examples/internal/steps"
	"github.com/podwright/podwright/sdk"
	corev1 "k8s.io/api/core/v1"
)

func main() { anywhere.Main("logs", run) }

// run takes the tour.
func run(ctx context.Context, out io.Writer, at anywhere.Place) error {
	t := &tour{ctx: ctx, out: out, at: at, client: at.Client, lines: newLedger()}
	defer t.close()
	return steps.Walk(out, t.steps())
}

// tour is the way through the example. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	at     anywhere.Place
	client *sdk.Client

	first, second *corev1.ReplicationController
	dir           string // of the files
	lines         *ledger
	collecting    *collection
}

func (t *tour) steps() []steps.Step {
	return []steps.Step{
		steps.Do("three pods write lines, and all are collected", t.begin),
		steps.Do("a container ends, and is started again", t.restart),
		steps.Do("a rollout: three pods of a new version take the place of the old ones", t.rollOut),
		steps.Do("end the collection, and look at what there is", t.end),
		steps.Do("a pod is deleted while the network is down: what it wrote last, nobody can know", t.lose),
	}
}

// close ends what the steps began.
func (t *tour) close() {
	if t.collecting != nil {
		_, _ = t.collecting.end()
	}
	_ = os.RemoveAll(t.dir)
}
