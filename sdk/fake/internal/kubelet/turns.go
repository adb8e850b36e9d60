package kubelet

import "github.com/podwright/podwright/sdk/fake/internal/turn"

// turns are when those who deal with a pod act, if the kubelet has a turn: each at its own time, so that in a bubble none of them meets
// another one at work on the same pod. The workers of all pods have the same turn; what they share, such as images and addresses, they
// must take in a way that does not depend on who comes first.
type turns struct{ worker turn.Turn }

// How many turns after the workers' there are for the containers of a pod. Those of a pod with more containers share them.
const (
	programTurns = 149
	hookTurns    = 49
	probeTurns   = 390
)

// program is when the program of a pod's n-th container begins, and when its end is taken note of.
func (t turns) program(n int) turn.Turn { return t.worker.After(1 + n%programTurns) }

// hook is likewise, of a lifecycle hook.
func (t turns) hook(n int) turn.Turn { return t.worker.After(1 + programTurns + n%hookTurns) }

// probe is when a probe of a pod's n-th container is carried out, and when its answer is taken note of.
func (t turns) probe(n int, kind probeKind) turn.Turn {
	rank := map[probeKind]int{startup: 0, readiness: 1, liveness: 2}[kind]
	return t.worker.After(1 + programTurns + hookTurns + (3*n+rank)%probeTurns)
}

// settled is when all workers have done what they do in their turn.
func (t turns) settled() turn.Turn { return t.worker.After(1 + programTurns + hookTurns + probeTurns) }
