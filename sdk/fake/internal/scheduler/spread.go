package scheduler

import (
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/utils/ptr"
)

// The reasons of the PodTopologySpread plugin.
const (
	uneven     = "node(s) didn't match pod topology spread constraints"
	noSuchPart = uneven + " (missing required label)"
)

const (
	mustHold   = corev1.DoNotSchedule
	shouldHold = corev1.ScheduleAnyway
)

// constraint is one compiled topology spread constraint of a pod.
type constraint struct {
	key        string
	maxSkew    int
	minDomains int
	pods       selector.Selector
	all        bool // its selector is empty, and counts none
	affinity   bool // only nodes that the pod's node affinity allows count
	taints     bool // only nodes whose taints the pod tolerates count
}

// constraintsOf is filterTopologySpreadConstraints. Labels that matchLabelKeys name are part of the selector since the pod's creation; as
// there, they are added with the values that the pod has now.
func constraintsOf(pod *corev1.Pod, action corev1.UnsatisfiableConstraintAction) (compiled []constraint) {
	for i := range pod.Spec.TopologySpreadConstraints {
		c := &pod.Spec.TopologySpreadConstraints[i]
		if c.WhenUnsatisfiable != action {
			continue
		}
		own := labels.Set{}
		for _, key := range c.MatchLabelKeys {
			if value, ok := pod.Labels[key]; ok {
				own[key] = value
			}
		}
		pods := selectorOf(c.LabelSelector)
		if !pods.IsNothing() && len(own) > 0 {
			for r := range selector.FromSet(own).Requirements() {
				pods = pods.And(r)
			}
		}
		compiled = append(compiled, constraint{
			key: c.TopologyKey, maxSkew: int(c.MaxSkew), minDomains: int(ptr.Deref(c.MinDomains, 1)), pods: pods, all: pods.IsEmpty(),
			affinity: ptr.Deref(c.NodeAffinityPolicy, corev1.NodeInclusionPolicyHonor) == corev1.NodeInclusionPolicyHonor,
			taints:   ptr.Deref(c.NodeTaintsPolicy, corev1.NodeInclusionPolicyIgnore) == corev1.NodeInclusionPolicyHonor,
		})
	}
	return compiled
}

// counts says whether a pod is one of those that are to be spread: of the same namespace, and not going, as countPodsMatchSelector has it.
func (c *constraint) counts(a *attempt, other *corev1.Pod) bool {
	return !c.all && other.Namespace == a.pod.Namespace && other.DeletionTimestamp == nil && c.pods.Matches(other.Labels)
}

// includes is matchNodeInclusionPolicies.
func (c *constraint) includes(a *attempt, n *node) bool {
	return (!c.affinity || a.needs.selectsNode(n.object)) && (!c.taints || tainted(a, n) == nil)
}

// labelled says whether a node has the labels of all constraints.
func labelled(n *node, constraints []constraint) bool {
	for i := range constraints {
		if _, ok := n.object.Labels[constraints[i].key]; !ok {
			return false
		}
	}
	return true
}

// domains are the parts that a constraint divides the nodes into, with the pods in each. Parts without a node that counts are not there.
type domains struct {
	constraint
	all   []constraint // of the pod: a node counts that has the labels of all
	pods  map[string]int
	least int // in any of them
}

// countDomains is calPreFilterState of the PodTopologySpread plugin.
func (a *attempt) countDomains(constraints []constraint) []domains {
	if len(constraints) == 0 {
		return nil
	}
	found := make([]domains, len(constraints))
	for i := range found {
		d := &found[i]
		d.constraint, d.all, d.pods = constraints[i], constraints, map[string]int{}
		for _, n := range a.nodes.ready {
			if d.has(a, n) {
				d.pods[n.object.Labels[d.key]] += 0
			}
		}
		for _, other := range a.nodes.placed {
			d.add(a, other, other.node, 1)
		}
		d.findLeast()
	}
	return found
}

func (d *domains) has(a *attempt, n *node) bool {
	return n.object != nil && labelled(n, d.all) && d.includes(a, n)
}

func (d *domains) add(a *attempt, other *placement, n *node, sign int) {
	if d.counts(a, other.pod) && d.has(a, n) {
		d.pods[n.object.Labels[d.key]] += sign
	}
}

// count counts one pod of a node more or less than there were.
func (d *domains) count(a *attempt, other *placement, n *node, sign int) {
	d.add(a, other, n, sign)
	d.findLeast()
}

// findLeast is minMatchNum: with fewer domains than there should be, another one is empty.
func (d *domains) findLeast() {
	d.least = 0
	if len(d.pods) < d.minDomains {
		return
	}
	first := true
	for _, count := range d.pods {
		if first || count < d.least {
			d.least, first = count, false
		}
	}
}

// unevenWith is the PodTopologySpread plugin.
func unevenWith(a *attempt, n *node) *verdict {
	for i := range a.spread {
		d := &a.spread[i]
		value, ok := n.object.Labels[d.key]
		if !ok {
			return final(noSuchPart)
		}
		skew := d.pods[value] - d.least
		if d.constraint.pods.Matches(a.pod.Labels) {
			skew++
		}
		if skew > d.maxSkew {
			return &verdict{reasons: []string{uneven}}
		}
	}
	return nil
}

// spreadHelps is isSchedulableAfterAssignedPodChange of the PodTopologySpread plugin.
func spreadHelps(_ *nodes, p *pending, was, is *corev1.Pod) bool {
	either := is
	if is == nil {
		either = was
	}
	if either.Namespace != p.pod.Namespace {
		return false
	}
	for _, c := range constraintsOf(p.pod, mustHold) {
		matched := was != nil && c.pods.Matches(was.Labels)
		matches := is != nil && c.pods.Matches(is.Labels)
		if matched != matches {
			return true
		}
	}
	return false
}
