// Tiers runs a front end and its database as two pods of two ReplicationControllers, and scales them apart.
//
//	go run ./examples/tiers
//
// Why not both containers in one pod, as in examples/sidecar? Three questions decide it:
//
//   - Must they run on the same host, or may they be apart? A pod is never split: all of it is on one node. Front end and
//     database talk over the network and do not care where the other one is, so two pods let the second node work too.
//   - Are they one thing in several parts, or things of their own? A puller of content means nothing without its server.
//     A database has a life of its own: a new version of the front end is no reason to stop it.
//   - Do they grow together, or each by itself? What is scaled is pods, whole. Three pods of both would be three front
//     ends, which is the idea, and three databases that know nothing of each other, which is not.
//
// Here all three answers are the second one. When in doubt, they go apart.
package main

import (
	"context"
	"errors"
	"io"

	"github.com/podwright/podwright/examples/internal/steps"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

func main() { steps.Main("tiers", run) }

// run starts a cluster, takes the tour and closes the cluster.
func run(ctx context.Context, out io.Writer) (err error) {
	cluster, err := fake.Start(fake.Nodes(2))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	cluster.HandleFunc(frontendImage, frontend)
	cluster.HandleFunc(databaseImage, database)
	t := &tour{ctx: ctx, out: out, client: cluster.Client()}
	return steps.Walk(out, t.steps())
}

// tour is the way through the example. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	client *sdk.Client

	database, frontend *corev1.ReplicationController
}

func (t *tour) steps() []steps.Step {
	return []steps.Step{
		steps.Do("run the database", t.runDatabase),
		steps.Do("run the front end, which is told where the database is", t.runFrontend),
		steps.Do("the front end's controller as YAML", t.showYAML),
		steps.Do("scale the front end to 3; the database stays alone", t.scale),
		steps.Do("ask each front end: they count in one database", t.askAll),
		steps.Do("delete the front end; the database stays", t.deleteFrontend),
		steps.Do("run a new front end, which goes on counting", t.renew),
	}
}
