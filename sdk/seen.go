package sdk

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// seen describes the state of an object to somebody who waits for another: in one line, the
// reasons the cluster gives first.
func seen(obj Object) string {
	switch o := obj.(type) {
	case nil:
		return "nothing of that name"
	case *corev1.Pod:
		return seenPod(o)
	case *corev1.ReplicationController:
		return seenController(o)
	}
	if obj.GetDeletionTimestamp() != nil {
		return "being deleted, held by finalizers " + strings.Join(obj.GetFinalizers(), ", ")
	}
	return "resourceVersion " + obj.GetResourceVersion()
}

func seenController(rc *corev1.ReplicationController) string {
	want := int32(1)
	if rc.Spec.Replicas != nil {
		want = *rc.Spec.Replicas
	}
	parts := []string{fmt.Sprintf("%d of %d replicas ready, %d created", rc.Status.ReadyReplicas, want, rc.Status.Replicas)}
	for _, c := range rc.Status.Conditions {
		if c.Status == corev1.ConditionTrue {
			parts = append(parts, join2(c.Reason, c.Message))
		}
	}
	return strings.Join(parts, "; ")
}

func seenPod(pod *corev1.Pod) string {
	phase := "phase " + string(pod.Status.Phase)
	if pod.Status.Phase == "" {
		phase = "no phase yet"
	}
	parts := []string{phase}
	if pod.DeletionTimestamp != nil {
		parts[0] += ", terminating"
	}
	if pod.Status.Reason != "" || pod.Status.Message != "" {
		parts = append(parts, join2(pod.Status.Reason, pod.Status.Message))
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			parts = append(parts, "not scheduled: "+join2(c.Reason, c.Message))
		}
	}
	for _, statuses := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses} {
		for _, s := range statuses {
			if text := seenContainer(s); text != "" {
				parts = append(parts, "container "+s.Name+" "+text)
			}
		}
	}
	return strings.Join(parts, "; ")
}

// seenContainer says why a container keeps others waiting; nothing if it does not.
func seenContainer(s corev1.ContainerStatus) string {
	last := ""
	if t := s.LastTerminationState.Terminated; t != nil {
		last = fmt.Sprintf(" (last ended with exit code %d, %d restarts)", t.ExitCode, s.RestartCount)
	}
	switch {
	case s.State.Waiting != nil:
		return "waiting: " + join2(s.State.Waiting.Reason, s.State.Waiting.Message) + last
	case s.State.Terminated != nil:
		t := s.State.Terminated
		if t.Reason == "Completed" && t.ExitCode == 0 {
			return ""
		}
		return fmt.Sprintf("ended with exit code %d: %s", t.ExitCode, join2(t.Reason, t.Message))
	case s.State.Running != nil && !s.Ready:
		return "running, not ready" + last
	}
	return ""
}

func join2(reason, message string) string {
	switch {
	case reason == "":
		return message
	case message == "":
		return reason
	}
	return reason + ": " + message
}
