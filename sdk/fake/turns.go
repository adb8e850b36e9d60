package fake

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/turn"
)

// Those who have a turn though they are no components that can be left out.
const (
	clients = "clients" // requests, and what tests do to machines
	beats   = "beats"   // what kubelets write for those who watch nodes and leases
)

// The turns of an ordered cluster: first those of the components in their order, then the kubelets', which with what goes on in pods takes
// six hundred, then those of what comes from outside.
const (
	firstTurn   = 10 // and every tenth
	kubeletTurn = 300
	clientsTurn = 950
	beatsTurn   = 970
)

// turnOf is when a part acts: in an ordered cluster at a time of its own.
func (o *options) turnOf(part string) turn.Turn {
	switch {
	case !o.ordered:
		return turn.Turn{}
	case part == Kubelet:
		return turn.Number(kubeletTurn)
	case part == clients:
		return turn.Number(clientsTurn)
	case part == beats:
		return turn.Number(beatsTurn)
	}
	return turn.Number(firstTurn * (1 + 1 + slices.Index(components, part))) // -1 for what cannot be left out
}

// myTurn waits, in an ordered cluster, until what is under way in the cluster is done.
func (c *Cluster) myTurn() { c.options.turnOf(clients).Wait(nil) }
