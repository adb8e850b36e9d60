package scheduler

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// nodes knows every node and what is taken of it. It belongs to one goroutine.
type nodes struct {
	all        map[string]*node
	ready      []*node // those that exist, by name
	placed     map[types.NamespacedName]*placement
	choosy     map[types.NamespacedName]*placement // those of them that ask something of their neighbours
	nominated  map[types.NamespacedName]*placement // pods for which others were sent away, and where
	namespaces map[string]map[string]string        // their labels
}

// node is one node, or the name of one that pods are on though it does not exist.
type node struct {
	name        string
	object      *corev1.Node // nil if it does not exist
	allocatable amounts
	taints      []corev1.Taint

	used               amounts
	pods               int
	weightCPU, weightM int64
	ports              map[hostPort]int
	owners             map[types.UID]int
	priorities         map[int32]int
}

// placement is a pod that is on a node.
type placement struct {
	pod      *corev1.Pod // as it was last seen
	node     *node
	priority int32
	needs    needs
}

func newNodes() nodes {
	return nodes{
		all:        map[string]*node{},
		placed:     map[types.NamespacedName]*placement{},
		choosy:     map[types.NamespacedName]*placement{},
		nominated:  map[types.NamespacedName]*placement{},
		namespaces: map[string]map[string]string{},
	}
}

func (x *nodes) get(name string) *node {
	n := x.all[name]
	if n == nil {
		n = &node{name: name, used: amounts{}, ports: map[hostPort]int{}, owners: map[types.UID]int{}, priorities: map[int32]int{}}
		x.all[name] = n
	}
	return n
}

// observe takes note of a node's new state and says whether pods may fit that did not before.
func (x *nodes) observe(t watch.EventType, object *corev1.Node) bool {
	n := x.get(object.Name)
	i, listed := slices.BinarySearchFunc(x.ready, n.name, func(n *node, name string) int { return cmp.Compare(n.name, name) })
	if t == watch.Deleted {
		n.object = nil
		if listed {
			x.ready = slices.Delete(x.ready, i, i+1)
		}
		if n.pods == 0 {
			delete(x.all, n.name)
		}
		return false
	}
	if !listed {
		x.ready = slices.Insert(x.ready, i, n)
	}
	was := *n
	n.object = object
	n.allocatable = amountsOf(object.Status.Allocatable)
	n.taints = effectiveTaints(object)
	return was.object == nil || !maps.Equal(was.allocatable, n.allocatable) ||
		!equality.Semantic.DeepEqual(was.taints, n.taints) || !maps.Equal(was.object.Labels, object.Labels)
}

// place counts a pod on a node, and returns it as it was there before, or nil. It is counted anew only if its spec changed.
func (x *nodes) place(name types.NamespacedName, pod *corev1.Pod, on string) (was *corev1.Pod) {
	p := x.placed[name]
	if p != nil && p.pod.UID == pod.UID && p.node.name == on {
		was = p.pod
		if p.pod = pod; was.Generation == pod.Generation {
			return was
		}
	}
	x.remove(name)
	p = &placement{pod: pod, node: x.get(on), priority: priority(pod), needs: needsOf(pod)}
	x.placed[name] = p
	if p.needs.terms != nil {
		x.choosy[name] = p
	}
	p.node.count(p, 1)
	return was
}

// remove takes a pod off its node and returns it, or nil if it was on none.
func (x *nodes) remove(name types.NamespacedName) *corev1.Pod {
	p := x.placed[name]
	if p == nil {
		return nil
	}
	delete(x.placed, name)
	delete(x.choosy, name)
	p.node.count(p, -1)
	if p.node.object == nil && p.node.pods == 0 {
		delete(x.all, p.node.name)
	}
	return p.pod
}

func (n *node) count(p *placement, sign int) {
	n.used.add(p.needs.requests, int64(sign))
	n.pods += sign
	n.weightCPU += int64(sign) * p.needs.weightCPU
	n.weightM += int64(sign) * p.needs.weightM
	tally(n.priorities, p.priority, sign)
	if p.needs.owner != "" {
		tally(n.owners, p.needs.owner, sign)
	}
	for _, port := range p.needs.ports {
		tally(n.ports, port, sign)
	}
}

// tally keeps a count without zeros.
func tally[K comparable](m map[K]int, k K, n int) {
	if m[k] += n; m[k] == 0 {
		delete(m, k)
	}
}

// effectiveTaints are a node's taints and those that the node lifecycle controller would give it for not being ready
// or being cordoned.
func effectiveTaints(n *corev1.Node) []corev1.Taint {
	taints := slices.Clone(n.Spec.Taints)
	add := func(key string) {
		is := corev1.Taint{Key: key, Effect: corev1.TaintEffectNoSchedule}
		if !slices.ContainsFunc(taints, func(t corev1.Taint) bool { return t.MatchTaint(&is) }) {
			taints = append(taints, is)
		}
	}
	switch readiness(n) {
	case corev1.ConditionFalse:
		add(corev1.TaintNodeNotReady)
	case corev1.ConditionUnknown:
		add(corev1.TaintNodeUnreachable)
	}
	if n.Spec.Unschedulable {
		add(corev1.TaintNodeUnschedulable)
	}
	return taints
}

// readiness is the status of the Ready condition. A node that never gave one is not ready: it is tainted so when it is
// made.
func readiness(n *corev1.Node) corev1.ConditionStatus {
	for _, c := range n.Status.Conditions {
		if c.Type == corev1.NodeReady {
			return c.Status
		}
	}
	return corev1.ConditionFalse
}

func (x *nodes) observeNamespace(t watch.EventType, object *corev1.Namespace) {
	if t == watch.Deleted {
		delete(x.namespaces, object.Name)
		return
	}
	x.namespaces[object.Name] = object.Labels
}
