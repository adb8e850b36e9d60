package scheduler

import (
	"math"

	corev1 "k8s.io/api/core/v1"
)

// evenest scores for the PodTopologySpread plugin: the more pods are in a node's domains already, the worse.
func evenest(a *attempt, fitting []*node, points []int64) bool {
	constraints := constraintsOf(a.pod, shouldHold)
	if len(constraints) == 0 {
		return false
	}
	scored := make([]bool, len(fitting)) // those that have the labels of all constraints
	for i, n := range fitting {
		scored[i] = labelled(n, constraints)
	}
	sums := make([]float64, len(fitting))
	for i := range constraints {
		c := &constraints[i]
		counts := a.crowd(c, constraints, fitting, scored)
		weight := math.Log(float64(len(counts) + 2)) // topologyNormalizingWeight: small topologies count for no less than big ones
		for j, n := range fitting {
			if scored[j] {
				sums[j] += float64(counts[n.object.Labels[c.key]])*weight + float64(c.maxSkew-1)
			}
		}
	}
	for i := range points {
		points[i] = int64(math.Round(sums[i]))
	}
	return lessIsMore(points, scored)
}

// crowd is how many pods there are in each domain that a scored node is in. A node is a domain of its own whatever the policies say.
func (a *attempt) crowd(c *constraint, all []constraint, fitting []*node, scored []bool) map[string]int {
	counts := map[string]int{}
	for i, n := range fitting {
		if scored[i] {
			counts[n.object.Labels[c.key]] = 0
		}
	}
	for _, other := range a.nodes.placed {
		n := other.node
		if n.object == nil || !c.counts(a, other.pod) || !labelled(n, all) || c.key != corev1.LabelHostname && !c.includes(a, n) {
			continue
		}
		if value := n.object.Labels[c.key]; has(counts, value) {
			counts[value]++
		}
	}
	return counts
}

func has[K comparable, V any](m map[K]V, k K) bool {
	_, ok := m[k]
	return ok
}

// lessIsMore is NormalizeScore of PodTopologySpread: the emptiest gets all points, the fullest what the emptiest has of it, and what is not
// scored none.
func lessIsMore(points []int64, scored []bool) bool {
	least, most := int64(math.MaxInt64), int64(0)
	for i, p := range points {
		if scored[i] {
			least, most = min(least, p), max(most, p)
		}
	}
	for i, p := range points {
		switch {
		case !scored[i]:
			points[i] = 0
		case most == 0:
			points[i] = maxScore
		default:
			points[i] = maxScore * (most + least - p) / most
		}
	}
	return true
}
