package kubelet

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/scheduler"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// room is what the pods of a node have been promised of it.
type room struct {
	mu       sync.Mutex
	promises map[types.UID]*promise
	taken    amounts
	waiting  []*promise // for more than they have, the first that asked first
}

type amounts map[corev1.ResourceName]int64

// promise is what one pod has.
type promise struct {
	w        *worker
	has      amounts
	wants    amounts // nil unless it waits
	priority int32
}

func (r *room) init() { r.promises, r.taken = map[types.UID]*promise{}, amounts{} }

func (a amounts) add(b amounts, sign int64) {
	for name, n := range b {
		a[name] += sign * n
	}
}

// enter decides, once, whether the node takes the pod. It is called in the order in which pods come, so that it is the same pod in
// every run that finds no room.
func (w *worker) enter(pod *corev1.Pod) {
	if w.entered || w.finished {
		return
	}
	w.entered = true
	if why := w.node.room.admit(w, pod, w.node.object(w.k)); why != nil {
		w.rejected = why
		w.warn(pod, nil, why.reason, why.message)
		return
	}
	w.allot(pod)
}

// arrive is enter for a pod that has just come, if a kubelet is there to see it.
func (w *worker) arrive(pod *corev1.Pod) {
	w.node.life.RLock()
	defer w.node.life.RUnlock()
	if w.node.power == works {
		w.enter(pod)
	}
}

// object is the Node as it stands in the API, or as it was registered if it does not.
func (n *node) object(k *Kubelet) *corev1.Node {
	if obj, err := k.config.API.Get(registry.Nodes, "", n.Name); err == nil {
		return obj.(*corev1.Node)
	}
	return &corev1.Node{Status: corev1.NodeStatus{Allocatable: n.resources()}}
}

// admit takes a pod in, or says why not, as the predicates of pkg/kubelet/lifecycle. What critical pods could push out stays.
func (r *room) admit(w *worker, pod *corev1.Pod, node *corev1.Node) *waiting {
	switch {
	case cmp.Or(pod.Labels[corev1.LabelOSStable], string(corev1.Linux)) != string(corev1.Linux):
		return &waiting{"PodOSSelectorNodeLabelDoesNotMatch", "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"}
	case pod.Spec.OS != nil && pod.Spec.OS.Name != corev1.Linux:
		return &waiting{"PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS"}
	}
	p := &promise{w: w, has: scheduler.Requests(pod)}
	if pod.Spec.Priority != nil {
		p.priority = *pod.Spec.Priority
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if why := r.refusal(p, pod, p.has, node); why != nil {
		return why
	}
	r.promises[w.uid] = p
	r.taken.add(p.has, 1)
	return nil
}

func predicate(name, text string) *waiting {
	return &waiting{name, fmt.Sprintf("Predicate %s failed: %s", name, text)}
}

// refusal is the first of the reasons of generalFilter for which the node does not take a pod. r.mu is held.
func (r *room) refusal(p *promise, pod *corev1.Pod, wants amounts, node *corev1.Node) *waiting {
	if why := r.shortage(p, wants, node); why != nil {
		return why
	}
	if !scheduler.Selects(pod, node) {
		return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector")
	}
	if scheduler.HasHostPorts(pod) {
		for uid, other := range r.promises {
			if uid != p.w.uid && scheduler.PortsClash(pod, other.w.latest()) {
				return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports")
			}
		}
	}
	for i := range node.Spec.Taints {
		if t := &node.Spec.Taints[i]; t.Effect == corev1.TaintEffectNoExecute && !scheduler.Tolerates(pod, t) {
			return predicate("TaintToleration", "node(s) had untolerated taint(s)")
		}
	}
	return nil
}

// shortage is what the node has too little of, beside what others have. Extended resources that it does not know are not its own. r.mu
// is held.
func (r *room) shortage(p *promise, wants amounts, node *corev1.Node) *waiting {
	allocatable := amounts(scheduler.Amounts(node.Status.Allocatable))
	others, used := int64(len(r.promises)), maps.Clone(r.taken)
	if r.promises[p.w.uid] == p {
		others--
		used.add(p.has, -1)
	}
	lacks := func(name corev1.ResourceName, want, used int64) *waiting {
		if has := allocatable[name]; want > 0 && want > has-used {
			return &waiting{"OutOf" + string(name), fmt.Sprintf(
				"Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d", name, want, used, has)}
		}
		return nil
	}
	if why := lacks(corev1.ResourcePods, 1, others); why != nil {
		return why
	}
	first := []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage}
	rest := slices.DeleteFunc(slices.Sorted(maps.Keys(wants)), func(name corev1.ResourceName) bool {
		_, known := allocatable[name]
		return slices.Contains(first, name) || !known && strings.Contains(string(name), "/")
	})
	for _, name := range append(first, rest...) {
		if why := lacks(name, wants[name], used[name]); why != nil {
			return why
		}
	}
	return nil
}

// leave frees what a pod had; what others wait for they may get now. More than once is once.
func (w *worker) leave() {
	r := &w.node.room
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.promises[w.uid]
	if p == nil {
		return
	}
	delete(r.promises, w.uid)
	r.taken.add(p.has, -1)
	r.waiting = slices.DeleteFunc(r.waiting, func(o *promise) bool { return o == p })
	if len(r.waiting) > 0 {
		w.grantRest()
	}
}

// grantRest gives those who wait for more of the node what somebody has freed; where workers have turns when all have freed what they
// free in this one. w.node.room.mu is held.
func (w *worker) grantRest() {
	n := w.node
	settled := w.k.turns.settled()
	if !settled.Given() {
		n.room.grant(n.object(w.k))
		return
	}
	w.k.loops.Go(func() {
		if settled.Wait(w.k.stopping) {
			n.room.mu.Lock()
			defer n.room.mu.Unlock()
			n.room.grant(n.object(w.k))
		}
	})
}

// grant gives those that wait for more what there is, by priority and then in the order in which they asked. r.mu is held.
func (r *room) grant(node *corev1.Node) {
	slices.SortStableFunc(r.waiting, func(a, b *promise) int { return cmp.Compare(b.priority, a.priority) })
	r.waiting = slices.DeleteFunc(r.waiting, func(p *promise) bool {
		if r.refusal(p, p.w.latest(), p.wants, node) != nil {
			return false
		}
		r.give(p, p.wants)
		p.w.ping()
		return true
	})
}

func (r *room) give(p *promise, wants amounts) {
	r.taken.add(p.has, -1)
	r.taken.add(wants, 1)
	p.has, p.wants = wants, nil
}

// resize gives a pod other resources, or says why not and remembers that it waits for them.
func (r *room) resize(w *worker, pod *corev1.Pod, node *corev1.Node) *waiting {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.promises[w.uid]
	if p == nil {
		return nil
	}
	wants := amounts(scheduler.Requests(pod))
	r.waiting = slices.DeleteFunc(r.waiting, func(o *promise) bool { return o == p })
	if why := r.refusal(p, pod, wants, node); why != nil {
		p.wants = wants
		r.waiting = append(r.waiting, p)
		return why
	}
	less := !covers(wants, p.has)
	r.give(p, wants)
	if less {
		w.grantRest()
	}
	return nil
}

// covers says whether a is at least b in everything.
func covers(a, b amounts) bool {
	for name, n := range b {
		if a[name] < n {
			return false
		}
	}
	return true
}
