package kubelet

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// power is what of a machine works.
type power int8

const (
	unborn power = iota // Run has not begun
	works
	deaf // its containers run, but its kubelet does not
	off
)

// codeLost is the exit code that docker gives a container which its machine took with it.
const codeLost = 255

// Alive says whether the kubelet of a node runs. While it does it renews the node's lease, and what it says at its end is its last renewal.
func (k *Kubelet) Alive(name string) bool {
	n := k.nodes[name]
	if n == nil {
		return false
	}
	n.life.RLock()
	defer n.life.RUnlock()
	return n.power == works
}

// Boot has all kubelets count as running, as Run does at its beginning. Those that run already, or were stopped, stay as they are.
func (k *Kubelet) Boot() {
	for _, n := range k.nodes {
		n.life.Lock()
		if n.power == unborn {
			n.power, n.since = works, time.Now()
		}
		n.life.Unlock()
	}
}

// StopKubelet stops the kubelet of a node: its containers go on, and nobody cares for them or tells of them. When it returns the kubelet
// has written its last. A node whose kubelet does not run stays as it is. The error says that there is no such node.
func (k *Kubelet) StopKubelet(name string) error {
	n, err := k.nodeOf(name)
	if err != nil {
		return err
	}
	n.life.Lock()
	defer n.life.Unlock()
	if n.power == works {
		k.lastWords(n)
		n.power = deaf
	}
	return nil
}

// PowerOff ends the kubelet of a node and all its containers at once, and nobody writes anything about it. The error says that there is
// no such node.
func (k *Kubelet) PowerOff(name string) error {
	n, err := k.nodeOf(name)
	if err != nil {
		return err
	}
	n.life.Lock()
	defer n.life.Unlock()
	if n.power == works {
		k.lastWords(n)
	}
	if n.power != off {
		n.power = off
		for _, w := range k.workersOn(n) {
			w.lose()
		}
	}
	return nil
}

// Start starts the kubelet of a node and, if that is off, the node: it registers the node if that was deleted, says that it is ready, and
// goes on with its pods. Containers that ended with their machine are restarted, init containers first, as pods' restart policies say.
// The error says that there is no such node.
func (k *Kubelet) Start(name string) error {
	n, err := k.nodeOf(name)
	if err != nil {
		return err
	}
	n.life.Lock()
	defer n.life.Unlock()
	if n.power == works || n.power == unborn {
		return nil
	}
	rebooted := n.power == off
	n.power, n.since = works, time.Now()
	if rebooted {
		n.boots++
	}
	if err := k.register(&n.Node); err != nil {
		return err
	}
	k.renew(n, n.since)
	k.comeBack(n, rebooted)
	for _, w := range k.workersOn(n) {
		w.enter(w.latest())
		w.rebooted = w.rebooted || rebooted
		w.ping()
	}
	return nil
}

func (k *Kubelet) nodeOf(name string) (*node, error) {
	if n := k.nodes[name]; n != nil {
		return n, nil
	}
	return nil, fmt.Errorf("the cluster was made without a machine of that name: %q", name)
}

func (k *Kubelet) workersOn(n *node) []*worker {
	k.mu.Lock()
	defer k.mu.Unlock()
	var on []*worker
	for _, w := range k.workers {
		if w.node == n {
			on = append(on, w)
		}
	}
	slices.SortFunc(on, olderFirst)
	return on
}

// olderFirst is the order in which a kubelet that starts takes in the pods that it finds, as HandlePodAdditions has it; of pods of one age by
// name.
func olderFirst(a, b *worker) int {
	x, y := a.latest(), b.latest()
	return cmp.Or(x.CreationTimestamp.Compare(y.CreationTimestamp.Time), cmp.Compare(x.Namespace, y.Namespace), cmp.Compare(x.Name, y.Name))
}

// lose ends the containers with their machine. The pod's goroutine waits meanwhile.
func (w *worker) lose() {
	for i := range w.slots {
		if s := &w.slots[i]; s.running() {
			s.current.main.lose()
		}
	}
	w.closeSandbox()
}

// lose is the end of a process that nobody sees end.
func (p *process) lose() {
	p.once.Do(func() { p.ending(codeLost, ErrKilled) })
}

// afterReboot makes the pod begin anew as computePodActions does for a pod without a sandbox: init containers run again, unless the
// pod does not restart.
func (w *worker) afterReboot(pod *corev1.Pod) {
	if !w.rebooted {
		return
	}
	w.rebooted = false
	w.held, w.due = false, time.Time{}
	if pod.Spec.RestartPolicy == corev1.RestartPolicyNever || w.finished || pod.DeletionTimestamp != nil {
		return
	}
	begun := false
	w.mu.Lock()
	for i := range w.slots {
		s := &w.slots[i]
		begun = begun || s.current != nil
		s.changed = s.changed || s.kind == initial && s.current != nil
		s.crash, s.due = backOff{}, time.Time{}
	}
	w.initialized = false
	w.mu.Unlock()
	if begun {
		w.note(pod, nil, eventSandboxChanged, "Pod sandbox changed, it will be killed and re-created.")
	}
}
