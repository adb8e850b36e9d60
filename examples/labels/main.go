// Labels brings order into a crowd of pods: it runs a shop of five applications in up to three releases, first without labels, then
// with two of them.
//
//	go run ./examples/labels
//
// Without labels there is nothing to ask for: names are what somebody thought of that day. With app and rel, each pod has
// its place in a grid, and a selector is a row, a column or any part of it. The labels are a vocabulary, in
// labels/labels.yaml, of which package labels is generated: a typo in a label does not compile.
package main

import (
	"context"
	"errors"
	"io"

	"github.com/podwright/podwright/examples/internal/steps"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

func main() { steps.Main("labels", run) }

// run starts a cluster, takes the tour and closes the cluster.
func run(ctx context.Context, out io.Writer) (err error) {
	cluster, err := fake.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	cluster.HandleFunc(shopImage, serveCustomers)
	t := &tour{ctx: ctx, out: out, client: cluster.Client()}
	return steps.Walk(out, t.steps())
}

// tour is the way through the example. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	client *sdk.Client
}

func (t *tour) steps() []steps.Step {
	return []steps.Step{
		steps.Do("run the shop, without labels", t.runMess),
		steps.Do("ask for the front end: in vain", t.askInVain),
		steps.Do("label the pods that run", t.label),
		steps.Do("group them by both labels", t.grid),
		steps.Do("group them by each label", t.group),
		steps.Do("list what selectors select", t.list),
		steps.Do("list what a selector of typed requirements selects", t.listTyped),
		steps.Do("run a pod that has its label from the start", t.runLabelled),
		steps.Do("give it its release, and take the label away again", t.relabel),
		steps.Do("promote the canary, which takes an Overwrite", t.promote),
		steps.Do("a controller takes over the pods that its selector selects", t.adopt),
		steps.Do("a controller cannot select by more than equality", t.refuse),
		steps.Do("ask the same without a server, of words", t.words),
	}
}
