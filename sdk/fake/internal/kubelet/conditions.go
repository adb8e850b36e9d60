package kubelet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Reasons of conditions, as pkg/kubelet/status names them.
const (
	reasonPodCompleted   = "PodCompleted"
	reasonPodFailed      = "PodFailed"
	reasonNotReady       = "ContainersNotReady"
	reasonNotInitialized = "ContainersNotInitialized"
	reasonGatesNotReady  = "ReadinessGatesNotReady"
)

// ownConditions are the types that a kubelet writes, in its order.
var ownConditions = []corev1.PodConditionType{
	corev1.PodReadyToStartContainers, corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.PodScheduled,
	corev1.AllContainersRestarting,
}

// verdict is a condition without its times.
type verdict struct {
	reason, message string // of a condition that does not hold, or of PodCompleted
	holds           bool
}

// conditions are the pod's conditions: those that others wrote, as they are, and the kubelet's own. A condition whose
// status stays keeps its time.
func (w *worker) conditions(pod *corev1.Pod, status *corev1.PodStatus) []corev1.PodCondition {
	old := pod.Status.Conditions
	ready := w.containersReady(status)
	verdicts := []verdict{
		{holds: w.sandbox != nil}, w.initializedVerdict(status), withGates(pod, ready), ready, {holds: true},
	}
	if canRestartAll(&pod.Spec) {
		verdicts = append(verdicts, w.restartAllVerdict(status))
	}
	resizes := w.resizeConditions()
	out := make([]corev1.PodCondition, 0, others(old)+len(resizes)+len(verdicts))
	for _, c := range old {
		if !isOwn(c.Type) {
			out = append(out, c)
		}
	}
	out = append(out, resizes...)
	for i, v := range verdicts {
		c := corev1.PodCondition{Type: ownConditions[i], Status: corev1.ConditionFalse, ObservedGeneration: pod.Generation,
			Reason: v.reason, Message: v.message}
		if v.holds {
			c.Status = corev1.ConditionTrue
		}
		c.LastTransitionTime = apiTime(time.Now())
		if was := conditionOf(old, c.Type); was != nil && was.Status == c.Status {
			c.LastTransitionTime = was.LastTransitionTime
		}
		out = append(out, c)
	}
	return out
}

// isOwn says whether a kubelet writes conditions of a type.
func isOwn(t corev1.PodConditionType) bool {
	return slices.Contains(ownConditions, t) || t == corev1.PodResizePending || t == corev1.PodResizeInProgress
}

// others counts the conditions that somebody else wrote.
func others(list []corev1.PodCondition) (n int) {
	for i := range list {
		if !isOwn(list[i].Type) {
			n++
		}
	}
	return n
}

func conditionOf(list []corev1.PodCondition, typ corev1.PodConditionType) *corev1.PodCondition {
	for i := range list {
		if list[i].Type == typ {
			return &list[i]
		}
	}
	return nil
}

// containersReady is the verdict of GenerateContainersReadyCondition.
func (w *worker) containersReady(status *corev1.PodStatus) verdict {
	switch status.Phase {
	case corev1.PodSucceeded:
		return verdict{reason: reasonPodCompleted}
	case corev1.PodFailed:
		return verdict{reason: reasonPodFailed}
	}
	var unready []string
	for i := range w.slots {
		if s := &w.slots[i]; (s.kind == regular || s.kind == sidecar) && !w.isReady(s) {
			unready = append(unready, s.name)
		}
	}
	if len(unready) == 0 {
		return verdict{holds: true}
	}
	return verdict{reason: reasonNotReady, message: fmt.Sprintf("containers with unready status: %s", unready)}
}

// withGates is the verdict of GeneratePodReadyCondition: ready containers do not suffice if others have a say.
func withGates(pod *corev1.Pod, ready verdict) verdict {
	if !ready.holds {
		return ready
	}
	var missing []string
	for _, gate := range pod.Spec.ReadinessGates {
		c := conditionOf(pod.Status.Conditions, gate.ConditionType)
		switch {
		case c == nil:
			missing = append(missing, fmt.Sprintf("corresponding condition of pod readiness gate %q does not exist.", gate.ConditionType))
		case c.Status != corev1.ConditionTrue:
			missing = append(missing, fmt.Sprintf("the status of pod readiness gate %q is not \"True\", but %v", gate.ConditionType, c.Status))
		}
	}
	if len(missing) == 0 {
		return ready
	}
	return verdict{reason: reasonGatesNotReady, message: strings.Join(missing, ", ")}
}

// initializedVerdict is that of GeneratePodInitializedCondition.
func (w *worker) initializedVerdict(status *corev1.PodStatus) verdict {
	switch {
	case status.Phase == corev1.PodSucceeded:
		return verdict{holds: true, reason: reasonPodCompleted}
	case w.initialized:
		return verdict{holds: true}
	}
	var incomplete []string
	for i := range w.slots {
		s := &w.slots[i]
		if s.kind == initial && !s.succeeded() || s.kind == sidecar && !w.isStarted(s) {
			incomplete = append(incomplete, s.name)
		}
	}
	if len(incomplete) == 0 {
		return verdict{holds: true}
	}
	return verdict{reason: reasonNotInitialized, message: fmt.Sprintf("containers with incomplete status: %s", incomplete)}
}
