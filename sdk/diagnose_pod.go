package sdk

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// podCase is one pod that is looked at.
type podCase struct {
	*inquiry
	pod    *corev1.Pod
	events []corev1.Event
	found  []Finding // so far
	logs   []LogTail
}

// podRules are asked in this order about each pod. A rule sees what those before it have found.
var podRules = []struct {
	name string
	find func(context.Context, *podCase) []Finding
}{
	{"it has ended", endedPod},
	{"it was pushed out", disruptedPod},
	{"it is being deleted", deletedPod},
	{"its node is not well", nodeOfPod},
	{"no node was chosen", unscheduledPod},
	{"what it refers to is missing", missingReferences},
	{"its claims have no volumes", claimsOfPod},
	{"its volumes or its network are not set up", unmountedPod},
	{"its containers", containersOfPod},
	{"its readiness gates", readinessGates},
	{"nothing is wrong", wellPod},
}

// look asks all rules about a pod.
func (q *inquiry) look(ctx context.Context, pod *corev1.Pod) {
	p := &podCase{inquiry: q, pod: pod, events: q.eventsOf(ctx, podKind, pod.Namespace, pod.Name, string(pod.UID))}
	for _, rule := range podRules {
		p.found = append(p.found, rule.find(ctx, p)...)
	}
	q.add(p.found...)
	q.diagnosis.Pods = append(q.diagnosis.Pods, PodReport{Pod: pod, Events: p.events, Logs: p.logs})
}

// says makes a finding about the pod.
func (p *podCase) says(s Severity, reason FindingReason, hint, format string, args ...any) Finding {
	return finding(subjectOf(p.pod, ""), s, reason, hint, format, args...)
}

// one is a list of one finding.
func one(f Finding) []Finding { return []Finding{f} }

// isWell reports whether the pod does what it is for.
func isWell(pod *corev1.Pod) bool {
	return pod.DeletionTimestamp == nil && (podConditionTrue(pod, corev1.PodReady) || pod.Status.Phase == corev1.PodSucceeded)
}

// failures say what the reason in the status of a failed pod means. The kubelet's admission has many more, whose messages say it.
var failures = map[string]struct {
	reason        FindingReason
	message, hint string
}{
	"Evicted": {FindingEvicted, "was evicted by its node",
		"request what it needs of that resource, so that the scheduler finds a node that has it"},
	"DeadlineExceeded": {FindingDeadlineExceeded, "ran for longer than its activeDeadlineSeconds allow",
		"raise activeDeadlineSeconds, or have it do less"},
	"Terminated":   {FindingNodeShutdown, "ended because its node was shut down", ""},
	"NodeShutdown": {FindingNodeShutdown, "was not taken by its node, which is being shut down", ""},
	"NodeLost":     {FindingNodeGone, "ended with its node, which was lost", ""},
	"Preempting":   {FindingPreempted, "had to make room on its node for a critical pod", "give it a higher priority"},
}

// endedPod looks at a pod in its last phase.
func endedPod(_ context.Context, p *podCase) []Finding {
	s := &p.pod.Status
	switch {
	case s.Phase == corev1.PodSucceeded && p.pod.DeletionTimestamp != nil:
		return nil
	case s.Phase == corev1.PodSucceeded:
		return one(p.says(SeverityNote, FindingCompleted, "to wait for that, wait for phase Succeeded; a pod that ends is never ready",
			"ended normally, all its containers with exit code 0"))
	case s.Phase != corev1.PodFailed || s.Reason == "" && s.Message == "":
		return nil
	}
	if f, ok := failures[s.Reason]; ok {
		return one(p.says(SeverityFatal, f.reason, f.hint, "%s", f.message+": "+join2(s.Reason, s.Message)))
	}
	return one(p.says(SeverityFatal, FindingRejected, "the pod stays as it is; a new one may fit",
		"was refused by its node: %s", join2(s.Reason, s.Message)))
}

// disruptions say what the reason of the condition DisruptionTarget means.
var disruptions = map[string]struct {
	reason  FindingReason
	message string
}{
	corev1.PodReasonPreemptionByScheduler: {FindingPreempted, "has to make room for a pod of higher priority"},
	"DeletionByTaintManager":              {FindingEvicted, "is pushed out by a taint of its node that it does not tolerate"},
	"EvictionByEvictionAPI":               {FindingEvicted, "was evicted on request, as kubectl drain does"},
	"DeletionByPodGC":                     {FindingNodeGone, "is removed because its node is gone"},
}

// disruptedPod looks at who pushes a pod out.
func disruptedPod(_ context.Context, p *podCase) []Finding {
	for _, c := range p.pod.Status.Conditions {
		d, ok := disruptions[c.Reason]
		if c.Type == corev1.DisruptionTarget && c.Status == corev1.ConditionTrue && ok && len(p.found) == 0 {
			severity := SeverityProblem // it may yet be spared
			if hasEnded(p.pod) || p.pod.DeletionTimestamp != nil {
				severity = SeverityFatal
			}
			return one(p.says(severity, d.reason, "", "%s: %s", d.message, c.Message))
		}
	}
	return nil
}

// deletionSlack is how much later than its grace period a pod may be gone without somebody being to blame.
const deletionSlack = 30 * time.Second

// deletedPod looks at what holds a deletion.
func deletedPod(_ context.Context, p *podCase) []Finding {
	due := p.pod.DeletionTimestamp // the end of its grace period
	if due == nil {
		return nil
	}
	at := due.UTC().Format(time.RFC3339)
	overdue := time.Now().After(due.Add(deletionSlack))
	switch {
	case len(p.pod.Finalizers) > 0 && (overdue || hasEnded(p.pod)):
		return one(p.says(SeverityProblem, FindingFinalizers,
			"they go when those who put them there have done their work; if those are no more, take them away by hand",
			"is being deleted, and held by its finalizers %s", strings.Join(p.pod.Finalizers, ", ")))
	case overdue && p.pod.Spec.NodeName != "":
		return one(p.says(SeverityProblem, FindingStuckTerminating, "if the node is gone for good, delete the pod with a grace period of 0",
			"should have ended by %s, and node %s does not say that it has", at, p.pod.Spec.NodeName))
	}
	return one(p.says(SeverityProgress, FindingTerminating, "", "is being deleted; its containers have until %s to end", at))
}

// readinessGates looks at the conditions that others must set.
func readinessGates(_ context.Context, p *podCase) []Finding {
	if hasEnded(p.pod) || p.pod.DeletionTimestamp != nil || !podConditionTrue(p.pod, corev1.ContainersReady) {
		return nil
	}
	var found []Finding
	for _, gate := range p.pod.Spec.ReadinessGates {
		state := "is missing"
		for _, c := range p.pod.Status.Conditions {
			if c.Type == gate.ConditionType {
				state = "is " + strings.TrimSuffix(string(c.Status)+" ("+join2(c.Reason, c.Message)+")", " ()")
			}
		}
		if !podConditionTrue(p.pod, gate.ConditionType) {
			found = append(found, p.says(SeverityProblem, FindingReadinessGate,
				"whoever looks after that condition must set it to True in the pod's status",
				"has all containers ready, but its readiness gate %s %s", gate.ConditionType, state))
		}
	}
	return found
}

// wellPod is asked last.
func wellPod(_ context.Context, p *podCase) []Finding {
	for _, f := range p.found {
		if f.Severity > SeverityNote || f.Reason == FindingCompleted {
			return nil
		}
	}
	if isWell(p.pod) {
		return one(p.says(SeverityNote, FindingReady, "", "runs on node %s, and is ready", p.pod.Spec.NodeName))
	}
	if hasEnded(p.pod) {
		return one(p.says(SeverityFatal, FindingExited, "", "has failed, and its status does not say why"))
	}
	text := "is being started by node " + p.pod.Spec.NodeName
	if n := len(p.events); n > 0 {
		text += "; the last that it told: " + p.events[n-1].Message
	}
	return one(p.says(SeverityProgress, FindingStarting, "", "%s", text))
}

// askMissingPod looks at what a pod that is gone has left behind.
func (q *inquiry) askMissingPod(ctx context.Context, ref reference) {
	q.diagnosis.Headline = "does not exist"
	pod := &corev1.Pod{}
	pod.Namespace, pod.Name, pod.UID = ref.namespace, ref.name, ref.uid
	pod.SetGroupVersionKind(podKind.GroupVersionKind)
	events := q.eventsOf(ctx, podKind, ref.namespace, ref.name, string(ref.uid))
	f := Finding{Severity: SeverityFatal, Reason: FindingNotFound, Subject: subjectOf(pod, ""), Message: "was not found, and no event tells of it"}
	if n := len(events); n > 0 {
		f.Message = fmt.Sprintf("was not found; the last event about it: %s", join2(events[n-1].Reason, events[n-1].Message))
	}
	if ref.uid != "" {
		f.Hint = "another pod of that name would not be the one that was meant"
	}
	q.add(f)
	q.diagnosis.Pods = append(q.diagnosis.Pods, PodReport{Pod: pod, Events: events})
}
