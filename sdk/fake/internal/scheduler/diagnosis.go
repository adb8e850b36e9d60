package scheduler

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"
)

// What the preemption that does not take place is said to have found on a node.
const (
	noVictims   = "No preemption victims found for incoming pod"
	noPreempt   = "Preemption is not done by this scheduler"
	unhelpful   = "Preemption is not helpful for scheduling"
	neverPolicy = "not eligible due to preemptionPolicy=Never."
)

// diagnosis is why no node takes a pod.
type diagnosis struct {
	nodes      int
	reasons    map[string]int
	preemption map[string]int
	full       bool // it is worth another try when a pod goes
}

func (d *diagnosis) add(p *pending, n *node, v *verdict) {
	if d.reasons == nil {
		d.reasons, d.preemption = map[string]int{}, map[string]int{}
	}
	for _, r := range v.reasons {
		d.reasons[r]++
	}
	switch {
	case v.final:
		d.preemption[unhelpful]++
	case n.hasBelow(priority(p.pod)):
		d.preemption[noPreempt]++
	default:
		d.preemption[noVictims]++
	}
	d.full = d.full || v.full
}

// hasBelow says whether the node has a pod of a lower priority, which a real scheduler might preempt.
func (n *node) hasBelow(priority int32) bool {
	for p := range n.priorities {
		if p < priority {
			return true
		}
	}
	return false
}

// message is FitError.Error, with what the DefaultPreemption plugin adds to it.
func (d *diagnosis) message(p *pending) string {
	if d.nodes == 0 {
		return "no nodes available to schedule pods"
	}
	preemption := neverPolicy
	if ptr.Deref(p.pod.Spec.PreemptionPolicy, corev1.PreemptLowerPriority) != corev1.PreemptNever {
		preemption = d.available(d.preemption)
	}
	return d.available(d.reasons) + " preemption: " + preemption
}

func (d *diagnosis) available(counts map[string]int) string {
	var texts []string
	for reason, n := range counts {
		texts = append(texts, fmt.Sprintf("%d %s", n, reason))
	}
	slices.Sort(texts)
	return fmt.Sprintf("0/%d nodes are available: %s.", d.nodes, strings.Join(texts, ", "))
}
