package sdk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/types/selector"
)

// podsLookedAt is how many pods of a controller, Service or selection are looked at one by one. What is the matter with many is the matter with
// those.
const podsLookedAt = 8

// askController looks at a ReplicationController, and at its pods that are not well.
func (q *inquiry) askController(ctx context.Context, ref reference) error {
	var rc corev1.ReplicationController
	if err := q.fetch(ctx, controllerKind, ref.namespace, ref.name, &rc); err != nil {
		return err
	}
	if ref.uid != "" && ref.uid != rc.UID {
		return replaced(controllerKind, ref.name)
	}
	labels, err := selector.FromSet(rc.Spec.Selector).Query()
	if err != nil {
		return err
	}
	pods, err := q.podsWith(ctx, ref.namespace, labels)
	if err != nil {
		q.unreadable(podKind, ref.namespace, "", err)
		q.diagnosis.Headline = fmt.Sprintf("has %d of %d pods ready", rc.Status.ReadyReplicas, replicasOf(&rc))
		q.add(q.aboutController(ctx, &rc, int(rc.Status.Replicas))...)
		return nil
	}
	pods = slices.DeleteFunc(pods, func(p corev1.Pod) bool { return !metav1.IsControlledBy(&p, &rc) })
	want := replicasOf(&rc)
	q.diagnosis.Headline = fmt.Sprintf("has %d of %d pods ready", countWell(pods), want)
	q.add(q.aboutController(ctx, &rc, len(pods))...)
	q.lookAtAll(ctx, pods)
	if len(q.diagnosis.Findings) == 0 {
		q.add(finding(describe(&rc, controllerKind), SeverityNote, FindingReady, "", "has all its pods ready"))
	}
	return nil
}

// aboutController says why a controller has not the pods that it wants.
func (q *inquiry) aboutController(ctx context.Context, rc *corev1.ReplicationController, have int) []Finding {
	says := func(s Severity, reason FindingReason, hint, format string, args ...any) []Finding {
		return one(finding(describe(rc, controllerKind), s, reason, hint, format, args...))
	}
	want := int(replicasOf(rc))
	switch {
	case want == 0 && have == 0:
		return says(SeverityNote, FindingScaledToZero, "scale it up to have pods", "wants no pods")
	case rc.Status.ObservedGeneration < rc.Generation:
		return says(SeverityProgress, FindingControllerBehind, "see that the controller manager runs, if it stays so",
			"has a spec that no controller has acted on yet")
	case have >= want:
		return nil
	}
	if reason, message := q.failure(ctx, rc); message != "" {
		r := refusedBecause(message)
		return says(SeverityProblem, r.reason, r.hint, "has %d of %d pods, and more are refused: %s", have, want, join2(reason, message))
	}
	return says(SeverityProgress, FindingTooFewPods, "", "has %d of %d pods, and its controller is to make more", have, want)
}

// failure is what the server said when the controller made a pod: the condition's words, which stay as long as it is so, or the last event's.
func (q *inquiry) failure(ctx context.Context, rc *corev1.ReplicationController) (reason, message string) {
	for _, c := range rc.Status.Conditions {
		if c.Type == corev1.ReplicationControllerReplicaFailure && c.Status == corev1.ConditionTrue {
			return c.Reason, c.Message
		}
	}
	events := q.eventsOf(ctx, controllerKind, rc.Namespace, rc.Name, string(rc.UID))
	if e, _ := lastEvent(events, becauseOf("FailedCreate")); e != nil {
		return e.Reason, e.Message
	}
	return "", ""
}

// createRefusal is why the server does not take a pod.
type createRefusal struct {
	words  string
	reason FindingReason
	hint   string
}

// createRefusals say what the words of the API server's admission mean. The first whose words are in the message counts.
var createRefusals = []createRefusal{
	{"exceeded quota", FindingQuota, "raise the quota, or have what counts against it ask for less"},
	{"failed quota", FindingQuota, "the quota wants every container to say how much it requests or is limited to; a LimitRange gives defaults"},
	{"because it is being terminated", FindingNamespaceTerminating, "the namespace is being deleted"},
	{"admission webhook", FindingDenied, "ask those who run that webhook"},
	{"denied request", FindingDenied, "ask those who made that policy"},
	{"violates PodSecurity", FindingDenied, "give the template a securityContext as the namespace's Pod Security level wants it"},
	{"error looking up service account", FindingServiceAccountMissing, "create the service account"},
	{"usage per", FindingLimitRange, "ask for amounts within the namespace's LimitRange"},
	{"limit to request ratio", FindingLimitRange, "ask for amounts within the namespace's LimitRange"},
	{"cannot create resource", FindingForbidden, "give the controller its role back"},
	{"is invalid", FindingInvalidTemplate, "put the template right"},
	{"no PriorityClass with name", FindingInvalidTemplate, "create the PriorityClass, or name one that is there"},
}

func refusedBecause(message string) createRefusal {
	for _, r := range createRefusals {
		if strings.Contains(message, r.words) {
			return r
		}
	}
	return createRefusal{reason: FindingCreateFailed}
}

// podsWith lists pods.
func (q *inquiry) podsWith(ctx context.Context, namespace, labels string) ([]corev1.Pod, error) {
	s := scope{kind: podKind, namespace: namespace, labels: labels}
	var list corev1.PodList
	if err := q.list(ctx, s, &list); err != nil {
		return nil, err
	}
	slices.SortStableFunc(list.Items, preferred)
	return list.Items, nil
}

func countWell(pods []corev1.Pod) int {
	n := 0
	for i := range pods {
		if isWell(&pods[i]) && pods[i].Status.Phase != corev1.PodSucceeded {
			n++
		}
	}
	return n
}

// lookAtAll looks at the pods that are not well, those that run first.
func (q *inquiry) lookAtAll(ctx context.Context, pods []corev1.Pod) {
	looked := 0
	for i := range pods {
		if isWell(&pods[i]) || looked == podsLookedAt {
			continue
		}
		looked++
		q.look(ctx, &pods[i])
	}
}

// askSelection looks at the pods of a selector.
func (q *inquiry) askSelection(ctx context.Context, ref reference) error {
	pods, err := q.podsWith(ctx, ref.namespace, ref.labels)
	if err != nil {
		return err
	}
	if len(pods) == 0 {
		q.diagnosis.Headline = "are none"
		q.add(q.noPods(ctx, Subject{Kind: podKind.Kind, Namespace: ref.namespace, Name: "*"}, ref.namespace, ref.labels))
		return nil
	}
	q.diagnosis.Headline = fmt.Sprintf("are %d, %d of them ready", len(pods), countWell(pods))
	q.lookAtAll(ctx, pods)
	if len(q.diagnosis.Findings) == 0 {
		q.add(finding(subjectOf(&pods[0], ""), SeverityNote, FindingReady, "", "and all others are ready or have completed"))
	}
	return nil
}
