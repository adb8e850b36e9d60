package scheduler

import (
	corev1 "k8s.io/api/core/v1"
)

// verdict is why a node does not take a pod.
type verdict struct {
	reasons []string
	// final: preempting another pod would not help, as UnschedulableAndUnresolvable says.
	final bool
	// full: the plugin that refuses is one that asks again when a pod goes, whatever that pod frees.
	full bool
}

// filters are asked in the order of the default profile; the first that refuses ends it.
var filters = []func(*pending, *node) *verdict{
	unsupportedDemand, cordoned, tainted, notSelected, portsTaken, noRoom,
}

// filter returns the nodes that take the pod, or why none does.
func (x *nodes) filter(p *pending) ([]*node, *diagnosis) {
	fitting := make([]*node, 0, len(x.ready))
	why := &diagnosis{nodes: len(x.ready)}
	for _, n := range x.ready {
		if v := refusal(p, x.withNominated(n, p)); v != nil {
			why.add(n, v)
		} else {
			fitting = append(fitting, n)
		}
	}
	return fitting, why
}

func refusal(p *pending, n *node) *verdict {
	for _, f := range filters {
		if v := f(p, n); v != nil {
			return v
		}
	}
	return nil
}

func final(reason string) *verdict { return &verdict{reasons: []string{reason}, final: true} }

func unsupportedDemand(p *pending, _ *node) *verdict {
	if p.needs.unsupported == "" {
		return nil
	}
	return final("node(s) not considered, for this scheduler does not do " + p.needs.unsupported)
}

// cordoned is the NodeUnschedulable plugin.
func cordoned(p *pending, n *node) *verdict {
	mark := corev1.Taint{Key: corev1.TaintNodeUnschedulable, Effect: corev1.TaintEffectNoSchedule}
	if !n.object.Spec.Unschedulable || tolerates(p.pod, &mark) {
		return nil
	}
	return final("node(s) were unschedulable")
}

// tainted is the TaintToleration plugin.
func tainted(p *pending, n *node) *verdict {
	for i := range n.taints {
		t := &n.taints[i]
		if (t.Effect == corev1.TaintEffectNoSchedule || t.Effect == corev1.TaintEffectNoExecute) && !tolerates(p.pod, t) {
			return final("node(s) had untolerated taint(s)")
		}
	}
	return nil
}

// notSelected is the NodeAffinity plugin.
func notSelected(p *pending, n *node) *verdict {
	if p.needs.selectsNode(n.object) {
		return nil
	}
	return final("node(s) didn't match Pod's node affinity/selector")
}

// portsTaken is the NodePorts plugin.
func portsTaken(p *pending, n *node) *verdict {
	for _, want := range p.needs.ports {
		for has := range n.ports {
			if has.clashes(want) {
				return &verdict{reasons: []string{"node(s) didn't have free ports for the requested pod ports"}, full: true}
			}
		}
	}
	return nil
}

// noRoom is the NodeResourcesFit plugin. What is more than the whole node has is final.
func noRoom(p *pending, n *node) *verdict {
	var v *verdict
	add := func(reason string, final bool) {
		if v == nil {
			v = &verdict{full: true}
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
