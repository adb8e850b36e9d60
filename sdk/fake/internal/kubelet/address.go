package kubelet

import (
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// asking is a pod that wants a network of its own, where workers have turns. The pods of a node that ask in one turn get their addresses in
// the next one, in the order of their names, whichever of them is then the first to come for it.
type asking struct {
	pod     *corev1.Pod
	at      time.Time
	network *podnet.Namespace
	err     error
}

// ask says whether the pod has asked for its address in an earlier turn, and asks if it has not.
func (w *worker) ask(pod *corev1.Pod) bool {
	if !w.k.turns.worker.Given() || pod.Spec.HostNetwork {
		return true
	}
	n := w.node
	n.mu.Lock()
	defer n.mu.Unlock()
	a := n.asking[w]
	if a == nil {
		n.asking[w] = &asking{pod: pod, at: time.Now()}
	}
	return a != nil
}

// ownNetwork makes the pod's network, or those of all pods of the node that have asked for one before now.
func (w *worker) ownNetwork(pod *corev1.Pod) (*podnet.Namespace, error) {
	if !w.k.turns.worker.Given() {
		return w.newNetwork(pod)
	}
	n := w.node
	n.mu.Lock()
	defer n.mu.Unlock()
	n.serve()
	a := n.asking[w]
	delete(n.asking, w)
	return a.network, a.err
}

// serve gives those who have asked before now what they asked for. n.mu is held.
func (n *node) serve() {
	var next []*worker
	for w, a := range n.asking {
		if a.network == nil && a.err == nil && a.at.Before(time.Now()) {
			next = append(next, w)
		}
	}
	slices.SortFunc(next, olderFirst)
	for _, w := range next {
		a := n.asking[w]
		a.network, a.err = w.newNetwork(a.pod)
	}
}

func (w *worker) newNetwork(pod *corev1.Pod) (*podnet.Namespace, error) {
	return w.k.config.Network.NewNamespace(podnet.NamespaceOptions{
		Hostname: hostname(pod), Node: w.node.Index, User: NetworkUser{w},
	})
}

// giveUp forgets that the pod has asked.
func (w *worker) giveUp() {
	if !w.k.turns.worker.Given() {
		return
	}
	w.node.mu.Lock()
	defer w.node.mu.Unlock()
	if a := w.node.asking[w]; a != nil && a.network != nil {
		_ = a.network.Close()
	}
	delete(w.node.asking, w)
}
