package kubelet

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// addEphemeral makes slots for the ephemeral containers that were added to the pod. None is ever taken away.
func (w *worker) addEphemeral(pod *corev1.Pod) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range pod.Spec.EphemeralContainers {
		name := pod.Spec.EphemeralContainers[i].Name
		if w.slot(name) == nil {
			w.slots = append(w.slots, newSlot(name, ephemeral))
		}
	}
}

// slot finds the slot of a container, or returns nil.
func (w *worker) slot(name string) *slot {
	for i := range w.slots {
		if w.slots[i].name == name {
			return &w.slots[i]
		}
	}
	return nil
}

// startEphemeral starts the ephemeral containers, whatever the others do. It returns when the next one is due.
func (w *worker) startEphemeral(pod *corev1.Pod) (next time.Time) {
	for i := range w.slots {
		if s := &w.slots[i]; s.kind == ephemeral {
			next = earliest(next, w.tryStart(pod, s))
		}
	}
	return next
}

// pidsFor is the process namespace of a container whose pod shares none: its own, or for an ephemeral container that of its target.
func (w *worker) pidsFor(pod *corev1.Pod, s *slot) *pids {
	for i := range pod.Spec.EphemeralContainers {
		c := &pod.Spec.EphemeralContainers[i]
		if s.kind != ephemeral || c.Name != s.name || c.TargetContainerName == "" {
			continue
		}
		if target := w.slot(c.TargetContainerName); target != nil && target.running() {
			return target.current.pids
		}
	}
	return newPids(false)
}
