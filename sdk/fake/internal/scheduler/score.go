package scheduler

import (
	corev1 "k8s.io/api/core/v1"
)

// maxScore is what a plugin gives the best node.
const maxScore = 100

// The weights of the default profile. Spread stands for PodTopologySpread with its built-in constraints, which apply to
// the pods of a controller; room is NodeResourcesFit's LeastAllocated.
const (
	taintWeight    = 3
	affinityWeight = 2
	spreadWeight   = 2
	roomWeight     = 1
)

// marks are what a node is judged by before the judgements are brought to one scale.
type marks struct{ disliked, liked, siblings, room int64 }

// best returns the node with the highest score; among equal ones that with the fewest pods, then the first by name.
func best(p *pending, fitting []*node) *node {
	if len(fitting) == 1 {
		return fitting[0]
	}
	given := make([]marks, len(fitting))
	var most marks
	for i, n := range fitting {
		m := marksOf(p, n)
		given[i] = m
		most.disliked, most.liked, most.siblings = max(most.disliked, m.disliked), max(most.liked, m.liked), max(most.siblings, m.siblings)
	}
	winner, top := fitting[0], int64(-1)
	for i, n := range fitting {
		m := given[i]
		score := taintWeight*share(most.disliked-m.disliked, most.disliked) +
			affinityWeight*share(m.liked, most.liked) +
			spreadWeight*share(most.siblings-m.siblings, most.siblings) +
			roomWeight*m.room
		if score > top || score == top && n.pods < winner.pods {
			winner, top = n, score
		}
	}
	return winner
}

// share is part of whole on the scale of scores; of nothing it is the same for all.
func share(part, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	return maxScore * part / whole
}

func marksOf(p *pending, n *node) marks {
	m := marks{siblings: int64(n.owners[p.needs.owner])}
	for i := range n.taints {
		if t := &n.taints[i]; t.Effect == corev1.TaintEffectPreferNoSchedule && !tolerates(p.pod, t) {
			m.disliked++
		}
	}
	for i := range p.needs.preferred {
		if t := &p.needs.preferred[i]; t.matches(n.object) {
			m.liked += t.weight
		}
	}
	m.room = (free(n.allocatable[corev1.ResourceCPU], n.weightCPU+p.needs.weightCPU) +
		free(n.allocatable[corev1.ResourceMemory], n.weightM+p.needs.weightM)) / 2
	return m
}

func free(has, used int64) int64 {
	if used > has {
		return 0
	}
	return share(has-used, has)
}
