package kubelet

import corev1 "k8s.io/api/core/v1"

// Reasons of events, as pkg/kubelet/events names them.
const (
	eventPulling       = "Pulling"
	eventPulled        = "Pulled"
	eventCreated       = "Created"
	eventStarted       = "Started"
	eventKilling       = "Killing"
	eventFailed        = "Failed"
	eventBackOff       = "BackOff"
	eventInspectFailed = "InspectFailed"
	eventFailedMount   = "FailedMount"
	eventFailedSandbox = "FailedCreatePodSandBox"
	eventDeadline      = "DeadlineExceeded"
	eventUnsupported   = "Unsupported"
	eventUnhealthy     = "Unhealthy"
	eventProbeWarning  = "ProbeWarning"

	eventSandboxChanged = "SandboxChanged"

	eventFailedPostStart = "FailedPostStartHook"
	eventFailedPreStop   = "FailedPreStopHook"
)

// note records a normal event, warn one that says something is wrong: of a container, or of the pod if s is nil.
func (w *worker) note(pod *corev1.Pod, s *slot, reason, message string) {
	w.node.recorder.Event(pod, s.fieldPath(), corev1.EventTypeNormal, reason, message)
}

func (w *worker) warn(pod *corev1.Pod, s *slot, reason, message string) {
	w.node.recorder.Event(pod, s.fieldPath(), corev1.EventTypeWarning, reason, message)
}

// fieldPath says which part of the pod an event is about; empty for the pod as a whole.
func (s *slot) fieldPath() string {
	if s == nil {
		return ""
	}
	return s.path
}
