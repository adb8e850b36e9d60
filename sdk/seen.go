package sdk

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// seen describes the state of an object to somebody who waits for another: in one line, the
// reasons the cluster gives first.
func seen(obj Object) string { return seenOften(obj, nil) }

// seenOften is seen for who has counted how often containers got into the states that they wait in.
func seenOften(obj Object, often tally) string {
	switch o := obj.(type) {
	case nil:
		return "nothing of that name"
	case *corev1.Pod:
		return seenPod(o, often)
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

func seenPod(pod *corev1.Pod, often tally) string {
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
				parts = append(parts, "container "+s.Name+" "+text+times(often.of(pod, &s)))
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

// join3 puts two descriptions together, either of which may be empty.
func join3(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// times is "" for once, and " (3 times)" for more often.
func times(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (%d times)", n)
}

// numbered is "1 pod" or "2 pods".
func numbered(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
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

// tally counts how often each container of each pod began to wait for a reason. A nil tally counts nothing.
type tally map[string]*waits

type waits struct {
	now   string // the reason for which the container waits; empty if it does not
	times map[string]int
}

func tallyKey(pod *corev1.Pod, s *corev1.ContainerStatus) string {
	return string(pod.UID) + "/" + s.Name
}

// count is told of each state that is seen of an object.
func (t tally) count(obj Object) {
	pod, ok := obj.(*corev1.Pod)
	if !ok {
		return
	}
	for _, s := range statusesOf(pod) {
		reason := ""
		if s.State.Waiting != nil {
			reason = s.State.Waiting.Reason
		}
		w := t[tallyKey(pod, &s)]
		if w == nil {
			w = &waits{times: map[string]int{}}
			t[tallyKey(pod, &s)] = w
		}
		if w.now != reason && reason != "" {
			w.times[reason]++
		}
		w.now = reason
	}
}

// of is how often a container began to wait for what it waits for now.
func (t tally) of(pod *corev1.Pod, s *corev1.ContainerStatus) int {
	w := t[tallyKey(pod, s)]
	if w == nil || s.State.Waiting == nil {
		return 0
	}
	return w.times[s.State.Waiting.Reason]
}
