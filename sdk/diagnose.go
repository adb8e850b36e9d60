package sdk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Diagnosis says why something does not run, or that it does: see [Client.Diagnose]. It is the caller's; nothing changes it later.
type Diagnosis struct {
	// Target is what was asked about, such as "Pod web/app".
	Target string
	// Headline is how the target is, in a few words: "is not running".
	Headline string
	// Findings are what is the matter, the worst first. There is always one.
	Findings []Finding
	// Pods are the pods that were looked at, with what the findings rest on. Of many pods, those that are not well, and not all of them.
	Pods []PodReport
}

// PodReport is what is known of one pod.
type PodReport struct {
	// Pod is its state. Of a pod that is gone, only name and namespace are known.
	Pod *corev1.Pod
	// Events are those about the pod, the oldest first. A cluster keeps them for an hour, by default.
	Events []corev1.Event
	// Logs are the last lines of containers that have ended or do not get ready.
	Logs []LogTail
}

// LogTail is the end of a container's log.
type LogTail struct {
	Container string
	Previous  bool // it is that of the instance before the present one
	Lines     []string
}

// Healthy reports whether nothing keeps the target from running: there are only notes.
func (d *Diagnosis) Healthy() bool {
	return !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Severity > SeverityNote })
}

// Fatal reports whether one of the findings will not change any more.
func (d *Diagnosis) Fatal() bool {
	return slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Severity == SeverityFatal })
}

// Find returns the first finding for the reason, or nil.
func (d *Diagnosis) Find(reason FindingReason) *Finding {
	for i := range d.Findings {
		if d.Findings[i].Reason == reason {
			return &d.Findings[i]
		}
	}
	return nil
}

// String is a paragraph for people: how the target is, what is the matter, the worst first, and what to do about it. The last lines of
// logs follow, one a line.
func (d *Diagnosis) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", d.Target, d.Headline)
	for i, f := range d.Findings {
		text := f.within(d.Target)
		if i == 0 {
			b.WriteString(": " + text)
		} else {
			b.WriteString(" " + capital(text))
		}
	}
	for _, f := range d.Findings {
		for _, line := range f.Log {
			fmt.Fprintf(&b, "\n    %s | %s", f.Subject.short(), line)
		}
	}
	return b.String()
}

// Diagnose finds out why target does not run: a pod, the pods of a ReplicationController, a Service or a selection, a node, or a claim for
// a volume. It reads what a person would look at: the target, its pods (of many, some of those that are not well), their events, the last
// lines of containers that ended, nodes, and what a waiting pod refers to; of Secrets only the names of the keys count. It changes nothing.
//
// A pod that is not there is no error, but a finding: events outlive pods. What the client may not read, or what does not answer, is a
// note ([FindingUnreadable]) that says what is therefore not known. Once ctx has ended, that is all the rest. The error is that target
// itself could not be read, or is of a kind of which nothing is known.
//
// What it says holds for the moment at which it was read; findings of severity [SeverityProgress] are no faults. It relies on the words of
// Kubernetes' own components, and quotes what it does not know.
func (c *Client) Diagnose(ctx context.Context, target Target) (*Diagnosis, error) {
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return nil, fmt.Errorf("diagnose: %w", err)
	}
	return c.diagnose(ctx, ref)
}

func (c *Client) diagnose(ctx context.Context, ref reference) (*Diagnosis, error) {
	q := &inquiry{Client: c, namespace: ref.namespace, diagnosis: &Diagnosis{Target: ref.String()}, known: map[string]answer{}}
	if err := q.ask(ctx, ref); err != nil {
		return nil, fmt.Errorf("diagnose %s: %w", ref, err)
	}
	q.conclude()
	return q.diagnosis, nil
}

// ask looks at the target by its kind.
func (q *inquiry) ask(ctx context.Context, ref reference) error {
	switch {
	case ref.selected:
		return q.askSelection(ctx, ref)
	case ref.kind == podKind:
		return q.askPod(ctx, ref)
	case ref.kind == controllerKind:
		return q.askController(ctx, ref)
	case ref.kind == serviceKind:
		return q.askService(ctx, ref)
	case ref.kind == nodeKind:
		return q.askNode(ctx, ref)
	case ref.kind == claimKind:
		return q.askClaim(ctx, ref)
	}
	return fmt.Errorf("what keeps a %s from running is not known; name a pod, a ReplicationController, a Service, a node, a claim or a selector",
		ref.Kind)
}

// conclude merges what is the same of several pods, and puts the worst first.
func (q *inquiry) conclude() {
	d := q.diagnosis
	var merged []Finding
	for _, f := range append(d.Findings, q.unread...) {
		i := slices.IndexFunc(merged, f.same)
		if i < 0 {
			merged = append(merged, f)
			continue
		}
		if f.Subject != merged[i].Subject {
			merged[i].Also = append(merged[i].Also, f.Subject)
		}
	}
	slices.SortStableFunc(merged, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	d.Findings = merged
}

// askPod looks at one pod, or at what is left of it.
func (q *inquiry) askPod(ctx context.Context, ref reference) error {
	found, err := q.onePod(ctx, ref)
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		q.askMissingPod(ctx, ref)
		return nil
	}
	if err != nil {
		return err
	}
	q.look(ctx, &found[0])
	q.diagnosis.Headline = podHeadline(&found[0])
	if isWell(&found[0]) && !q.diagnosis.Healthy() {
		q.diagnosis.Headline = "was well when it was last heard of"
	}
	return nil
}

// podHeadline says how a pod is.
func podHeadline(pod *corev1.Pod) string {
	switch {
	case pod.DeletionTimestamp != nil:
		return "is being deleted"
	case pod.Status.Phase == corev1.PodSucceeded:
		return "has completed"
	case pod.Status.Phase == corev1.PodFailed:
		return "has failed"
	case podConditionTrue(pod, corev1.PodReady):
		return "is ready"
	case pod.Status.Phase == corev1.PodRunning:
		return "is running, but not ready"
	}
	return "is not running"
}
