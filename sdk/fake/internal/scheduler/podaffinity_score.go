package scheduler

import (
	"slices"
)

// requiredWeight is what a required term of another pod counts for that means this one, as hardPodAffinityWeight.
const requiredWeight = 1

// amongFriends scores for the InterPodAffinity plugin: places are liked and disliked for the pods that the pod prefers to be near to or
// apart from, and for those that have such wishes about it.
func amongFriends(a *attempt, fitting []*node, points []int64) bool {
	likes := map[place]int{}
	mine := a.needs.terms
	others := a.nodes.choosy
	if mine != nil && len(mine.ratherNear)+len(mine.ratherApart) > 0 {
		others = a.nodes.placed
	}
	for _, other := range others {
		if other.node.object != nil {
			a.likes(likes, other)
		}
	}
	if len(likes) == 0 {
		return false
	}
	for i, n := range fitting {
		for key, value := range n.object.Labels {
			points[i] += int64(likes[place{key, value}])
		}
	}
	return spanned(points)
}

// likes is processExistingPod.
func (a *attempt) likes(likes map[place]int, other *placement) {
	if mine := a.needs.terms; mine != nil {
		for i := range mine.ratherNear {
			a.like(likes, &mine.ratherNear[i], a.nodes.means(&mine.ratherNear[i], other.pod), other.node, 1)
		}
		for i := range mine.ratherApart {
			a.like(likes, &mine.ratherApart[i], a.nodes.means(&mine.ratherApart[i], other.pod), other.node, -1)
		}
	}
	theirs := other.needs.terms
	if theirs == nil {
		return
	}
	for _, t := range theirs.near {
		t.weight = requiredWeight
		a.like(likes, &t, a.nodes.means(&t, a.pod), other.node, 1)
	}
	for i := range theirs.ratherNear {
		a.like(likes, &theirs.ratherNear[i], a.nodes.means(&theirs.ratherNear[i], a.pod), other.node, 1)
	}
	for i := range theirs.ratherApart {
		a.like(likes, &theirs.ratherApart[i], a.nodes.means(&theirs.ratherApart[i], a.pod), other.node, -1)
	}
}

func (a *attempt) like(likes map[place]int, t *podTerm, meant bool, n *node, sign int) {
	if meant {
		countPlace(likes, n, t.key, sign*int(t.weight))
	}
}

// spanned brings points, which may be below zero, to the scale of scores, as NormalizeScore does: in floating point, which now and then
// makes one less of a whole number.
func spanned(points []int64) bool {
	least, most := slices.Min(points), slices.Max(points)
	if most == least {
		clear(points)
		return false
	}
	for i := range points {
		points[i] = int64(maxScore * (float64(points[i]-least) / float64(most-least)))
	}
	return true
}
