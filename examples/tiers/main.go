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
		fmt.Fprintln(os.Stderr, "tiers:", err)
		os.Exit(1)
	}
}

// run starts a cluster, takes the tour and closes the cluster.
func run(ctx context.Context, out io.Writer) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cluster, err := fake.Start(fake.Nodes(2))
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := cluster.Close(); err == nil {
			err = closeErr
		}
	}()
	cluster.HandleFunc(frontendImage, frontend)
	cluster.HandleFunc(databaseImage, database)
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

	database, frontend *corev1.ReplicationController
}

type step struct {
	title string
	do    func() error
}

func (t *tour) steps() []step {
	return []step{
		{"run the database", t.runDatabase},
		{"run the front end, which is told where the database is", t.runFrontend},
		{"the front end's controller as YAML", t.showYAML},
		{"scale the front end to 3; the database stays alone", t.scale},
		{"ask each front end: they count in one database", t.askAll},
		{"delete the front end; the database stays", t.deleteFrontend},
		{"run a new front end, which goes on counting", t.renew},
	}
}

func (t *tour) title(text string) {
	if t.n++; t.n > 1 {
		fmt.Fprintln(t.out)
	}
	fmt.Fprintf(t.out, "== %d. %s\n", t.n, text)
}
