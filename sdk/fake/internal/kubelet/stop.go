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
// within one grace period. When nothing runs any more the pod is finished. It returns when to look again.
func (w *worker) terminate(pod *corev1.Pod) (next time.Time) {
	w.setDeadline(pod)
	if time.Now().Before(w.deadline) {
		next = w.deadline
	} else {
		w.killWaiting(pod)
	}
	if w.stopFirst(pod) || w.stopSidecar(pod) {
		for i := range w.slots {
			next = earliest(next, w.press(&w.slots[i]))
		}
		w.report()
		return next
	}
	w.finish(pod)
	return time.Time{}
}

// setDeadline starts the grace period, or shortens it. It is never lengthened.
func (w *worker) setDeadline(pod *corev1.Pod) {
	grace := terminationGrace(pod)
	if w.ending != nil && w.ending.reason == reasonEvicted {
		grace = 0
	}
	if !w.deadline.IsZero() && grace >= w.grace {
		return
	}
	w.grace, w.deadline = grace, earliest(w.deadline, time.Now().Add(grace))
	for i := range w.slots {
		if s := &w.slots[i]; !s.killAt.IsZero() {
			s.killAt = earliest(s.killAt, w.deadline)
		}
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
			w.stop(pod, s, w.deadline, textStopping+s.name)
			running = true
		}
	}
	return running
}

// stopSidecar stops the last sidecar that runs, if there is one.
func (w *worker) stopSidecar(pod *corev1.Pod) (running bool) {
	for i := len(w.slots) - 1; i >= 0; i-- {
		if s := &w.slots[i]; s.kind == sidecar && s.running() {
			w.stop(pod, s, w.deadline, textStopping+s.name)
			return true
		}
	}
	return false
}

// stop asks a container to stop, once: by its hook and then by SIGTERM. It has until the given time.
func (w *worker) stop(pod *corev1.Pod, s *slot, until time.Time, message string) {
	if !s.running() || !s.killAt.IsZero() {
		return
	}
	s.killAt = until
	w.note(pod, s, eventKilling, message)
	spec := specOf(pod, s.name)
	if spec.Lifecycle != nil && spec.Lifecycle.PreStop != nil && time.Now().Before(until) {
		w.preStop(pod, s, spec)
		return
	}
	s.current.terminate()
}

// press brings a stop that is under way forward: SIGTERM when the hook is done, with a little time at least to follow it, and
// SIGKILL when time is over. It returns when to look again.
func (w *worker) press(s *slot) time.Time {
	if !s.running() || s.killAt.IsZero() {
		return time.Time{}
	}
	over := !time.Now().Before(s.killAt)
	switch hook := s.current.preStop; {
	case hook == nil, w.grace == 0 && over:
	case hook.done():
		if least := time.Now().Add(minimumGrace); least.After(s.killAt) {
			s.killAt, over = least, false
		}
		s.current.preStop = nil
		s.current.terminate()
	case over:
		hook.cancel() // its end is news
		return time.Time{}
	}
	if over {
		s.current.kill()
		return time.Time{}
	}
	return s.killAt
}

// killWaiting kills the containers whose turn to stop has not come when the grace period is over.
func (w *worker) killWaiting(pod *corev1.Pod) {
	for i := range w.slots {
		if s := &w.slots[i]; s.running() && s.killAt.IsZero() {
			s.killAt = time.Now()
			w.note(pod, s, eventKilling, textStopping+s.name)
			s.current.kill()
		}
	}
}

// finish tidies up after the last container, and lets go of a pod that is being deleted.
func (w *worker) finish(pod *corev1.Pod) {
	w.finished = true
	w.leave()
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
	w.killWaiting(pod)
	w.powerOff()
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
