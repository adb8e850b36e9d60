package scheduler

import (
	corev1 "k8s.io/api/core/v1"
)

// verdict is why a node does not take a pod.
type verdict struct {
	reasons []string
	// final: preempting another pod would not help, as UnschedulableAndUnresolvable says.
	final bool
	by    *plugin
}

// plugin is one of the default profile that may refuse nodes.
type plugin struct {
	filter func(*attempt, *node) *verdict
	// podHelps says whether a pod that this plugin refused is worth another try now that a pod which is on a node came (there is no was),
	// went (there is no is) or changed. Nil: none helps.
	podHelps func(x *nodes, p *pending, was, is *corev1.Pod) bool
	// lossHelps: a node that goes helps too, as any that comes or changes does.
	lossHelps bool
}

// plugins are asked in the order of the default profile; the first that refuses ends it.
var plugins = []plugin{
	{filter: cordoned},
	{filter: tainted},
	{filter: notSelected},
	{filter: portsTaken, podHelps: aLossHelps},
	{filter: noRoom, podHelps: lessHelps},
	{filter: unevenWith, podHelps: spreadHelps, lossHelps: true},
	{filter: notAmongOthers, podHelps: neighbourHelps},
}

// filter returns the nodes that take the pod, or why none does.
func (a *attempt) filter() ([]*node, *diagnosis) {
	fitting := make([]*node, 0, len(a.nodes.ready))
	why := &diagnosis{nodes: len(a.nodes.ready)}
	for _, n := range a.nodes.ready {
		if v := a.refusal(n); v != nil {
			why.add(n, v)
		} else {
			fitting = append(fitting, n)
		}
	}
	return fitting, why
}

func final(reason string) *verdict { return &verdict{reasons: []string{reason}, final: true} }

// cordoned is the NodeUnschedulable plugin.
func cordoned(p *attempt, n *node) *verdict {
	mark := corev1.Taint{Key: corev1.TaintNodeUnschedulable, Effect: corev1.TaintEffectNoSchedule}
	if !n.object.Spec.Unschedulable || tolerates(p.pod, &mark) {
		return nil
	}
	return final("node(s) were unschedulable")
}

// tainted is the TaintToleration plugin.
func tainted(p *attempt, n *node) *verdict {
	for i := range n.taints {
		t := &n.taints[i]
		if (t.Effect == corev1.TaintEffectNoSchedule || t.Effect == corev1.TaintEffectNoExecute) && !tolerates(p.pod, t) {
			return final("node(s) had untolerated taint(s)")
		}
	}
	return nil
}

// notSelected is the NodeAffinity plugin.
func notSelected(p *attempt, n *node) *verdict {
	if p.needs.selectsNode(n.object) {
		return nil
	}
	return final("node(s) didn't match Pod's node affinity/selector")
}

// portsTaken is the NodePorts plugin.
func portsTaken(p *attempt, n *node) *verdict {
	for _, want := range p.needs.ports {
		for has := range n.ports {
			if has.clashes(want) {
				return &verdict{reasons: []string{"node(s) didn't have free ports for the requested pod ports"}}
			}
		}
	}
	return nil
}

// noRoom is the NodeResourcesFit plugin. What is more than the whole node has is final.
func noRoom(p *attempt, n *node) *verdict {
	var v *verdict
	add := func(reason string, final bool) {
		if v == nil {
			v = &verdict{}
		}
		v.reasons = append(v.reasons, reason)
		v.final = v.final || final
	}
	if int64(n.pods)+1 > n.allocatable[corev1.ResourcePods] {
		add("Too many pods", false)
	}
	for name, want := range p.needs.requests {
		if has := n.allocatable[name]; want > 0 && want > has-n.used[name] {
			add("Insufficient "+string(name), want > has)
		}
	}
	return v
}

// aLossHelps: whatever a pod that goes frees, it may be what was missing.
func aLossHelps(_ *nodes, _ *pending, _, is *corev1.Pod) bool { return is == nil }

// lessHelps is that, or a pod that takes less than before of what is asked for, as haveEnoughRelevantResourcesDecreased has it.
func lessHelps(_ *nodes, p *pending, was, is *corev1.Pod) bool {
	if was == nil || is == nil {
		return is == nil
	}
	had, has := requestsOf(was), requestsOf(is)
	for name, want := range p.needs.requests {
		if want > 0 && has[name] < had[name] {
			return true
		}
	}
	return false
}
