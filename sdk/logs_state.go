package sdk

import (
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// logPod is the newest state of a pod that logs are followed of, kept by the watch and read by its followers.
type logPod struct {
	mu      sync.Mutex
	pod     *corev1.Pod
	gone    bool
	unseen  bool          // its end was not seen: pod is some state before
	changed chan struct{} // closed at the next change
}

func newLogPod(pod *corev1.Pod) *logPod { return &logPod{pod: slim(pod), changed: make(chan struct{})} }

// slim takes away what nobody asks for here: pods are kept for as long as they are followed, a thousand perhaps.
func slim(pod *corev1.Pod) *corev1.Pod {
	pod.ManagedFields = nil
	return pod
}

// set is told of a change, deletion included.
func (p *logPod) set(pod *corev1.Pod, gone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unseen = gone && p.pod.ResourceVersion == pod.ResourceVersion // a list found it missing; a watch tells of a deletion by a new version
	p.pod, p.gone = slim(pod), gone
	close(p.changed)
	p.changed = make(chan struct{})
}

// blind reports whether the pod has ended in a way that is not known.
func (p *logPod) blind() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unseen
}

// state returns what is known of a container, and a channel that is closed when more is known.
func (p *logPod) state(container string) (logState, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return stateOfLog(p.pod, p.gone, container), p.changed
}

// logState is what matters of a container to those who read its log.
type logState struct {
	started  bool // it has, or had, a log
	running  bool
	waiting  bool   // between two instances: the last one is both the present and the previous to the server
	final    bool   // no line will be written any more
	gone     bool   // the pod is deleted
	restarts int32  // which instance the newest log is of
	id       string // of the instance
	// When the instance and the one before it began, by the clock of the node, in seconds.
	instanceSince, previousSince time.Time
}

func stateOfLog(pod *corev1.Pod, gone bool, container string) logState {
	s := logState{gone: gone, final: gone}
	ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
	status := containerStatus(&pod.Status, container)
	if status == nil {
		s.final = s.final || ended
		return s
	}
	last := status.LastTerminationState.Terminated
	terminated := status.State.Terminated
	s.running = status.State.Running != nil && !gone
	s.waiting = status.State.Running == nil && terminated == nil
	s.started = status.State.Running != nil || terminated != nil && terminated.ContainerID != "" || last != nil
	s.restarts, s.id = status.RestartCount, status.ContainerID
	if last != nil {
		s.previousSince = last.StartedAt.Time
	}
	switch {
	case status.State.Running != nil:
		s.instanceSince = status.State.Running.StartedAt.Time
	case terminated != nil:
		s.instanceSince = terminated.StartedAt.Time
	default:
		s.instanceSince = s.previousSince
	}
	s.final = s.final || !s.running && (ended || terminated != nil && endsForGood(pod, container, terminated.ExitCode))
	return s
}

func containerStatus(s *corev1.PodStatus, name string) *corev1.ContainerStatus {
	for _, list := range [][]corev1.ContainerStatus{s.InitContainerStatuses, s.ContainerStatuses, s.EphemeralContainerStatuses} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	return nil
}

// endsForGood reports whether a container that has ended with that code stays so, as the kubelet's ShouldContainerBeRestarted
// decides. Where rules look at the code, only the pod's phase tells.
func endsForGood(pod *corev1.Pod, name string, code int32) bool {
	if pod.DeletionTimestamp != nil {
		return true
	}
	for _, c := range pod.Spec.EphemeralContainers {
		if c.Name == name {
			return true
		}
	}
	for _, c := range pod.Spec.InitContainers {
		if c.Name == name && (c.RestartPolicy == nil || *c.RestartPolicy != corev1.ContainerRestartPolicyAlways) {
			return code == 0 || pod.Spec.RestartPolicy == corev1.RestartPolicyNever && len(c.RestartPolicyRules) == 0
		}
	}
	policy := pod.Spec.RestartPolicy
	for _, c := range append(pod.Spec.InitContainers[:len(pod.Spec.InitContainers):len(pod.Spec.InitContainers)], pod.Spec.Containers...) {
		if c.Name == name && c.RestartPolicy != nil {
			policy = corev1.RestartPolicy(*c.RestartPolicy)
		}
		if c.Name == name && len(c.RestartPolicyRules) > 0 {
			return false
		}
	}
	return policy == corev1.RestartPolicyNever || policy == corev1.RestartPolicyOnFailure && code == 0
}
