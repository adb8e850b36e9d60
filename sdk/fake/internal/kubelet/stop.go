package kubelet

import (
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// over says whether the pod has come to its end by itself: no regular container runs or will run again, or an init
// container has failed for good.
func (w *worker) over(pod *corev1.Pod) bool {
	for i := range w.slots {
		s := &w.slots[i]
		ended := s.current != nil && !s.running() && !w.restarts(pod, s, specOf(pod, s.name))
		switch {
		case s.kind == initial && ended && !s.succeeded():
			return true
		case s.kind == regular && !ended:
			return false
		}
	}
	return true
}

const textStopping = "Stopping container "

// terminate stops what still runs: regular and init containers together, then sidecars from the last to the first, all
// within one grace period. When nothing runs any more the pod is finished. It returns when the grace period ends.
func (w *worker) terminate(pod *corev1.Pod) time.Time {
	w.setDeadline(pod)
	next := w.deadline
	if !time.Now().Before(w.deadline) {
		next = time.Time{} // the ends of those that are killed now are news
		w.kill(pod)
	}
	if w.stopFirst(pod) || w.stopSidecar(pod) {
		w.report()
		return next
	}
	w.finish(pod)
	return time.Time{}
}

// setDeadline starts the grace period, or shortens it. It is never lengthened.
func (w *worker) setDeadline(pod *corev1.Pod) {
	grace := terminationGrace(pod)
	if w.deadline.IsZero() || grace < w.grace {
		end := time.Now().Add(grace)
		w.grace, w.deadline = grace, earliest(w.deadline, end)
	}
}

// terminationGrace is how long the pod has to stop.
func terminationGrace(pod *corev1.Pod) time.Duration {
	seconds := int64(corev1.DefaultTerminationGracePeriodSeconds)
	switch {
	case pod.DeletionGracePeriodSeconds != nil:
		seconds = *pod.DeletionGracePeriodSeconds
	case pod.Spec.TerminationGracePeriodSeconds != nil:
		seconds = *pod.Spec.TerminationGracePeriodSeconds
	}
	return time.Duration(seconds) * time.Second
}

// stopFirst stops all containers but sidecars, and says whether one still runs.
func (w *worker) stopFirst(pod *corev1.Pod) (running bool) {
	for i := range w.slots {
		if s := &w.slots[i]; s.kind != sidecar && s.running() {
			w.stop(pod, s)
			running = true
		}
	}
	return running
}

// stopSidecar stops the last sidecar that runs, if there is one.
func (w *worker) stopSidecar(pod *corev1.Pod) (running bool) {
	for i := len(w.slots) - 1; i >= 0; i-- {
		if s := &w.slots[i]; s.kind == sidecar && s.running() {
			w.stop(pod, s)
			return true
		}
	}
	return false
}

// stop sends SIGTERM, once.
func (w *worker) stop(pod *corev1.Pod, s *slot) {
	if !s.running() || !s.killAt.IsZero() {
		return
	}
	s.killAt = w.deadline
	w.note(pod, s, eventKilling, textStopping+s.name)
	s.current.terminate()
}

// kill sends SIGKILL to all that runs.
func (w *worker) kill(pod *corev1.Pod) {
	for i := range w.slots {
		s := &w.slots[i]
		if !s.running() {
			continue
		}
		if s.killAt.IsZero() {
			s.killAt = time.Now()
			w.note(pod, s, eventKilling, textStopping+s.name)
		}
		s.current.kill()
	}
}

// finish tidies up after the last container, and lets go of a pod that is being deleted.
func (w *worker) finish(pod *corev1.Pod) {
	w.finished = true
	w.closeSandbox()
	w.report()
	w.remove(pod)
}

// remove tells the API, once, that a pod that is being deleted has stopped.
func (w *worker) remove(pod *corev1.Pod) {
	if pod.DeletionTimestamp == nil || w.removed {
		return
	}
	w.removed = true
	options := metav1.DeleteOptions{GracePeriodSeconds: new(int64(0)), Preconditions: &metav1.Preconditions{UID: &w.uid}}
	// An error says that the pod is gone already, or another one has its name.
	_, _, _ = w.k.config.API.Delete(registry.Pods, w.namespace, w.name, options, api.WriteOptions{Manager: manager})
}

// vanish ends the containers of a pod that is gone from the API, at once.
func (w *worker) vanish(pod *corev1.Pod) {
	w.kill(pod)
	w.closeSandbox()
}

// powerOff ends the containers when the kubelet stops. The API hears nothing of it.
func (w *worker) powerOff() {
	for i := range w.slots {
		if s := &w.slots[i]; s.running() {
			s.current.kill()
		}
	}
	w.closeSandbox()
}

// closeSandbox frees the pod's address.
func (w *worker) closeSandbox() {
	w.mu.Lock()
	sandbox := w.sandbox
	w.sandbox = nil
	w.mu.Unlock()
	if sandbox != nil {
		_ = sandbox.Close()
	}
}
