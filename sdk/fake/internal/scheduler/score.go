package scheduler

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// maxScore is what a plugin gives the best node.
const maxScore = 100

// scorer is a plugin of the default profile that compares the nodes which take a pod: it gives each from 0 to maxScore points, or answers
// false if they are all the same to it.
type scorer struct {
	weight int64
	points func(a *attempt, fitting []*node, points []int64) bool
}

// scorers have the weights of the default profile. Spread by controller stands for the built-in constraints of PodTopologySpread; room is
// NodeResourcesFit's LeastAllocated.
var scorers = []scorer{
	{3, fewestTaints},
	{2, likedMost},
	{1, mostRoom},
	{2, fewestSiblings},
	{2, evenest},
	{2, amongFriends},
}

// best returns the node with the highest score; among equal ones that with the fewest pods, then the first by name.
func (a *attempt) best(fitting []*node) *node {
	if len(fitting) == 1 {
		return fitting[0]
	}
	sums, points := make([]int64, len(fitting)), make([]int64, len(fitting))
	for _, s := range scorers {
		if clear(points); !s.points(a, fitting, points) {
			continue
		}
		for i := range points {
			sums[i] += s.weight * points[i]
		}
	}
	winner, top := fitting[0], int64(-1)
	for i, n := range fitting {
		if sums[i] > top || sums[i] == top && n.pods < winner.pods {
			winner, top = n, sums[i]
		}
	}
	return winner
}

// proportional gives each node its share of the most, and fewest what it lacks to that.
func proportional(points []int64) bool {
	most := slices.Max(points)
	for i := range points {
		points[i] = share(points[i], most)
	}
	return most > 0
}

func fewest(points []int64) bool {
	most := slices.Max(points)
	for i := range points {
		points[i] = share(most-points[i], most)
	}
	return most > 0
}

// share is part of whole on the scale of scores; of nothing it is the same for all.
func share(part, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	return maxScore * part / whole
}

// fewestTaints is the TaintToleration plugin.
func fewestTaints(a *attempt, fitting []*node, points []int64) bool {
	for i, n := range fitting {
		for j := range n.taints {
			if t := &n.taints[j]; t.Effect == corev1.TaintEffectPreferNoSchedule && !tolerates(a.pod, t) {
				points[i]++
			}
		}
	}
	return fewest(points)
}

// likedMost is the NodeAffinity plugin.
func likedMost(a *attempt, fitting []*node, points []int64) bool {
	if len(a.needs.preferred) == 0 {
		return false
	}
	for i, n := range fitting {
		for j := range a.needs.preferred {
			if t := &a.needs.preferred[j]; t.matches(n.object) {
				points[i] += t.weight
			}
		}
	}
	return proportional(points)
}

// mostRoom is the NodeResourcesFit plugin.
func mostRoom(a *attempt, fitting []*node, points []int64) bool {
	for i, n := range fitting {
		points[i] = (free(n.allocatable[corev1.ResourceCPU], n.weightCPU+a.needs.weightCPU) +
			free(n.allocatable[corev1.ResourceMemory], n.weightM+a.needs.weightM)) / 2
	}
	return true
}

func free(has, used int64) int64 {
	if used > has {
		return 0
	}
	return share(has-used, has)
}

// fewestSiblings keeps the pods of a controller apart. A pod with constraints of its own has no others.
func fewestSiblings(a *attempt, fitting []*node, points []int64) bool {
	if a.needs.owner == "" || len(a.pod.Spec.TopologySpreadConstraints) > 0 {
		return false
	}
	for i, n := range fitting {
		points[i] = int64(n.owners[a.needs.owner])
	}
	return fewest(points)
}
