// Sidecar runs the pod that shows what containers of one pod share: a web server, and beside it a container that keeps
// the content fresh which the server shows.
//
//	go run ./examples/sidecar
//
// They share a volume, which the puller writes to and the server reads, and nothing else of their file systems. And they share the
// network: both are reached by the pod's one IP, and the puller asks the server on localhost, where nobody outside the pod can.
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

func main() { steps.Main("sidecar", run) }

// run starts a cluster, takes the tour and closes the cluster.
func run(ctx context.Context, out io.Writer) (err error) {
	cluster, err := fake.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	cluster.HandleFunc(originImage, origin)
	cluster.HandleFunc(serverImage, server)
	cluster.HandleFunc(pullerImage, puller)
	cluster.HandleFunc(strangerImage, stranger)
	t := &tour{ctx: ctx, out: out, client: cluster.Client()}
	return steps.Walk(out, t.steps())
}

// tour is the way through the example. The steps build on each other.
type tour struct {
	ctx    context.Context
	out    io.Writer
	client *sdk.Client

	origin, pod *corev1.Pod
}

func (t *tour) steps() []steps.Step {
	return []steps.Step{
		steps.Do("run the pod that the content comes from", t.runOrigin),
		steps.Do("run the pod of server and puller", t.runPod),
		steps.Do("that pod as YAML", t.showYAML),
		steps.Do("ask the server, through a port-forward", t.ask),
		steps.Do("publish new content, and ask again", t.publish),
		steps.Do("the logs, one container at a time", t.showLogs),
		steps.Do("what is on localhost of the pod is not on its IP", t.knock),
	}
}
