package kubelet

import (
	"errors"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// errReplaced says that another pod has the name now.
var errReplaced = errors.New("the pod was replaced by another of its name")

// report writes the pod's status to the API if it is not what stands there.
func (w *worker) report() {
	pod := w.latest()
	if equality.Semantic.DeepEqual(w.status(pod), pod.Status) {
		return
	}
	was := w.latest()
	obj, err := w.k.config.API.Update(registry.Pods, w.namespace, w.name, api.WriteOptions{Manager: manager, Subresource: "status"},
		func(obj store.Object) error {
			current := obj.(*corev1.Pod)
			if current.UID != w.uid {
				return errReplaced
			}
			current.Status = w.status(current)
			return nil
		})
	switch {
	case err == nil:
		// Our own write may bring news: a deletion or a change that came just before it. The watch will not count it as
		// news any more.
		if pod := obj.(*corev1.Pod); w.learn(pod, false) && differ(was, pod) {
			w.ping()
		}
	case apierrors.IsNotFound(err), errors.Is(err, errReplaced): // the watch will say so too
	default:
		w.warn(pod, nil, "FailedSync", fmt.Sprintf("Failed to update the status: %v", err))
	}
}

// status is what there is to say about the pod, as generateAPIPodStatus has it. What others wrote into the status of pod
// is kept.
func (w *worker) status(pod *corev1.Pod) corev1.PodStatus {
	s := pod.Status
	s.ObservedGeneration = pod.Generation
	if w.rejected != nil {
		s.Phase, s.Reason, s.Message = corev1.PodFailed, w.rejected.reason, "Pod was rejected: "+w.rejected.message
		s.StartTime = w.started
		return s
	}
	s.StartTime = w.started
	s.HostIP, s.HostIPs = w.node.address[0].IP, w.node.address
	s.InitContainerStatuses, s.ContainerStatuses, s.EphemeralContainerStatuses = w.containerStatuses(pod)
	s.Phase = w.phase()
	if w.ip != "" {
		s.PodIP = w.ip
		s.PodIPs = []corev1.PodIP{{IP: w.ip}}
	}
	if w.finished && w.ending != nil {
		s.Phase, s.Reason, s.Message = corev1.PodFailed, w.ending.reason, w.ending.message
	}
	s.Conditions = w.conditions(pod, &s)
	if w.finished && w.ending != nil && w.ending.reason == reasonEvicted {
		s.Conditions = withDisruption(s.Conditions, pod, w.ending.message)
	}
	return s
}

// phase sums the containers up, as getPhase does. A container that waits to be restarted counts as stopped. Succeeded and
// Failed are said only when nothing of the pod runs any more.
func (w *worker) phase() corev1.PodPhase {
	var running, stopped, succeeded, waiting int
	for i := range w.slots {
		s := &w.slots[i]
		switch {
		case s.kind == initial && !s.succeeded() && !w.initialized, s.kind == sidecar && s.current == nil:
			waiting++
		case s.kind != regular:
		case s.current == nil, s.starting():
			waiting++
		case s.running():
			running++
		default:
			stopped++
			if s.succeeded() {
				succeeded++
			}
		}
	}
	switch {
	case w.finished && waiting == 0 && stopped == succeeded:
		return corev1.PodSucceeded
	case w.finished:
		return corev1.PodFailed
	case waiting > 0:
		return corev1.PodPending
	}
	return corev1.PodRunning
}

func (w *worker) containerStatuses(pod *corev1.Pod) (before, main, added []corev1.ContainerStatus) {
	for i := range w.slots {
		s := &w.slots[i]
		status := w.containerStatus(s, specOf(pod, s.name))
		switch s.kind {
		case regular:
			main = append(main, status)
		case ephemeral:
			added = append(added, status)
		default:
			before = append(before, status)
		}
	}
	return before, main, added
}

// containerStatus is what there is to say about one container, as convertToAPIContainerStatuses does.
func (w *worker) containerStatus(s *slot, spec *corev1.Container) corev1.ContainerStatus {
	status := corev1.ContainerStatus{
		Name:         s.name,
		Image:        spec.Image,
		RestartCount: s.restarts,
		Ready:        w.isReady(s) || s.kind == initial && s.succeeded(),
		VolumeMounts: volumeMounts(spec),
	}
	if s.kind == ephemeral {
		status.Ready = false // as UpdatePodStatus leaves it: nobody waits for one
	} else {
		status.Started = new(w.isStarted(s))
	}
	if in := s.current; in != nil {
		status.Image, status.ImageID, status.ContainerID = in.image.docker, in.image.id, in.id
		status.Resources = in.resources.DeepCopy()
		status.AllocatedResources = w.promised(spec).Requests.DeepCopy()
	}
	last := s.previous
	switch {
	case s.running() && !s.starting():
		status.State.Running = &corev1.ContainerStateRunning{StartedAt: apiTime(s.current.started)}
	case s.starting():
		status.State.Waiting = &corev1.ContainerStateWaiting{Reason: reasonCreating}
	case s.current == nil, (s.waiting != nil || s.changed) && !w.finished: // an end that is none must not be told: it is final if nothing restarts
		status.State.Waiting = w.whyWaiting(s)
		last = s.current
	default:
		status.State.Terminated = s.current.terminated()
	}
	if last != nil {
		status.LastTerminationState.Terminated = last.terminated()
	}
	if w.finished && w.initialized && status.State.Terminated == nil && s.kind != ephemeral {
		status.State = corev1.ContainerState{Terminated: neverSeen()}
	}
	return status
}

// whyWaiting is the waiting state of a container that has not been started, or not again.
func (w *worker) whyWaiting(s *slot) *corev1.ContainerStateWaiting {
	switch {
	case s.waiting != nil:
		return &corev1.ContainerStateWaiting{Reason: s.waiting.reason, Message: s.waiting.message}
	case s.kind != ephemeral && w.slots[0].kind != regular && !w.initialized:
		return &corev1.ContainerStateWaiting{Reason: reasonPodInitializing}
	}
	return &corev1.ContainerStateWaiting{Reason: reasonCreating}
}

// neverSeen is the end of a container that was never started although its pod was, as TerminatePod has it.
func neverSeen() *corev1.ContainerStateTerminated {
	return &corev1.ContainerStateTerminated{
		Reason:   reasonUnknown,
		Message:  "The container could not be located when the pod was terminated",
		ExitCode: codeKilled,
	}
}
