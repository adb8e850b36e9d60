package scheduler

import (
	"maps"
	"slices"
)

// attempt is one try to place a pod: the pod, and what its plugins have to know of all nodes together, counted once, as PreFilter does.
type attempt struct {
	*pending
	nodes    *nodes
	affinity *neighbours // nil: InterPodAffinity has nothing to say
	spread   []domains   // one for each constraint that must hold
}

func (x *nodes) newAttempt(p *pending) *attempt {
	a := &attempt{pending: p, nodes: x}
	a.affinity = a.countNeighbours()
	a.spread = a.countDomains(constraintsOf(p.pod, mustHold))
	return a
}

// clone is an attempt to try things with.
func (a *attempt) clone() *attempt {
	c := *a
	c.affinity = a.affinity.clone()
	c.spread = slices.Clone(a.spread)
	for i := range c.spread {
		c.spread[i].pods = maps.Clone(c.spread[i].pods)
	}
	return &c
}

// change counts a pod of a node once more, or once less, as AddPod and RemovePod do.
func (a *attempt) change(other *placement, n *node, sign int) {
	n.count(other, sign)
	a.affinity.count(a, other, n, sign)
	for i := range a.spread {
		a.spread[i].count(a, other, n, sign)
	}
}

// refusal says why a node does not take the pod, or nil. Pods for which room is made there count, and then once more do not: what the pod
// needs must not hang on pods that may never come, as RunFilterPluginsWithNominatedPods has it.
func (a *attempt) refusal(n *node) *verdict {
	if more := a.nodes.nominatedOn(n, a.pending); len(more) > 0 {
		with, full := a.clone(), n.clone()
		for _, other := range more {
			with.change(other, full, 1)
		}
		if v := with.refusalAsIs(full); v != nil {
			return v
		}
	}
	return a.refusalAsIs(n)
}

func (a *attempt) refusalAsIs(n *node) *verdict {
	for i := range plugins {
		if v := plugins[i].filter(a, n); v != nil {
			v.by = &plugins[i]
			return v
		}
	}
	return nil
}
