package scheduler

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
)

// The reasons of the InterPodAffinity plugin.
const (
	notNear        = "node(s) didn't match pod affinity rules"
	notApart       = "node(s) didn't match pod anti-affinity rules"
	othersNotApart = "node(s) didn't satisfy existing pods anti-affinity rules"
)

// place is all nodes with one value of a label.
type place struct{ key, value string }

// neighbours are the pods that the affinity of a pod is about, counted by place. A nil one is for pods that have none, where nobody else's
// is about them.
type neighbours struct {
	near, apart map[place]int // pods that the pod's own terms mean
	against     map[place]int // pods that want to be apart from it
}

// countNeighbours is PreFilter of the InterPodAffinity plugin.
func (a *attempt) countNeighbours() *neighbours {
	wants := a.needs.terms
	s := &neighbours{near: map[place]int{}, apart: map[place]int{}, against: map[place]int{}}
	if wants == nil || len(wants.near)+len(wants.apart) == 0 {
		for _, other := range a.nodes.choosy {
			s.countAgainst(a, other, other.node, 1)
		}
		if len(s.against) == 0 {
			return nil
		}
		return s
	}
	for _, other := range a.nodes.placed {
		s.count(a, other, other.node, 1)
	}
	return s
}

func (s *neighbours) clone() *neighbours {
	if s == nil {
		return nil
	}
	return &neighbours{maps.Clone(s.near), maps.Clone(s.apart), maps.Clone(s.against)}
}

// count counts one pod of a node, or takes it back. A pod satisfies affinity only if all terms mean it.
func (s *neighbours) count(a *attempt, other *placement, n *node, sign int) {
	if s == nil || n.object == nil {
		return
	}
	s.countAgainst(a, other, n, sign)
	wants := a.needs.terms
	if wants == nil {
		return
	}
	if a.nodes.meansInAll(wants.near, other.pod) {
		for i := range wants.near {
			countPlace(s.near, n, wants.near[i].key, sign)
		}
	}
	for i := range wants.apart {
		if t := &wants.apart[i]; a.nodes.means(t, other.pod) {
			countPlace(s.apart, n, t.key, sign)
		}
	}
}

func (s *neighbours) countAgainst(a *attempt, other *placement, n *node, sign int) {
	if other.needs.terms == nil || n.object == nil {
		return
	}
	for i := range other.needs.terms.apart {
		if t := &other.needs.terms.apart[i]; a.nodes.means(t, a.pod) {
			countPlace(s.against, n, t.key, sign)
		}
	}
}

// countPlace counts for the place that a node belongs to by a label, if it has that.
func countPlace(m map[place]int, n *node, key string, sign int) {
	if value, ok := n.object.Labels[key]; ok {
		tally(m, place{key, value}, sign)
	}
}

// notAmongOthers is the InterPodAffinity plugin.
func notAmongOthers(a *attempt, n *node) *verdict {
	s := a.affinity
	if s == nil {
		return nil
	}
	if wants := a.needs.terms; wants != nil {
		if !s.isNear(a, n) {
			return final(notNear)
		}
		for i := range wants.apart {
			key := wants.apart[i].key
			if value, ok := n.object.Labels[key]; ok && s.apart[place{key, value}] > 0 {
				return &verdict{reasons: []string{notApart}}
			}
		}
	}
	for key, value := range n.object.Labels {
		if s.against[place{key, value}] > 0 {
			return &verdict{reasons: []string{othersNotApart}}
		}
	}
	return nil
}

// isNear says whether a node is in all the places where the pod has to be. The first of a series of pods that want to be near each other
// finds none to be near to: it may go wherever there is such a place, as satisfiesSelfAffinityCheck has it.
func (s *neighbours) isNear(a *attempt, n *node) bool {
	wants := a.needs.terms.near
	there := true
	for i := range wants {
		value, ok := n.object.Labels[wants[i].key]
		if !ok {
			return false
		}
		there = there && s.near[place{wants[i].key, value}] > 0
	}
	return there || len(s.near) == 0 && a.nodes.meansInAll(wants, a.pod)
}

// neighbourHelps is isSchedulableAfterAssignedPodChange of the InterPodAffinity plugin.
func neighbourHelps(x *nodes, p *pending, was, is *corev1.Pod) bool {
	var near, apart []podTerm
	if wants := p.needs.terms; wants != nil {
		near, apart = wants.near, wants.apart
	}
	switch {
	case was == nil:
		return x.meansInAll(near, is)
	case is == nil:
		if x.meansInAny(apart, was) {
			return true
		}
		theirs := podTermsOf(was)
		return theirs != nil && x.meansInAny(theirs.apart, p.pod)
	}
	return !x.meansInAll(near, was) && x.meansInAll(near, is) || x.meansInAny(apart, was) && !x.meansInAny(apart, is)
}
