package sdk

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	nodeKind           = everyday[schema.GroupVersionKind{Version: "v1", Kind: "Node"}]
	eventKind          = everyday[schema.GroupVersionKind{Version: "v1", Kind: "Event"}]
	claimKind          = everyday[schema.GroupVersionKind{Version: "v1", Kind: "PersistentVolumeClaim"}]
	configMapKind      = everyday[schema.GroupVersionKind{Version: "v1", Kind: "ConfigMap"}]
	secretKind         = everyday[schema.GroupVersionKind{Version: "v1", Kind: "Secret"}]
	serviceAccountKind = everyday[schema.GroupVersionKind{Version: "v1", Kind: "ServiceAccount"}]
)

const (
	// tailLines is how many of a log's last lines a diagnosis shows.
	tailLines = 8
	// tailBytes bounds them, for lines may be long.
	tailBytes = 16 << 10
	// readPatience bounds each read of a diagnosis beside that of its target: the log of a node that is gone does not answer.
	readPatience = 10 * time.Second
)

// inquiry is one call of Diagnose: what was read, and what could not be.
type inquiry struct {
	*Client
	namespace   string
	diagnosis   *Diagnosis
	known       map[string]answer // by kind and place
	unread      []Finding
	listedNodes *[]corev1.Node
}

// answer is what came of reading one object. Neither an object nor known to be missing means that nobody knows.
type answer struct {
	object  Object
	missing bool
}

// add adds findings to the diagnosis.
func (q *inquiry) add(found ...Finding) {
	q.diagnosis.Findings = append(q.diagnosis.Findings, found...)
}

// read reads an object once. Several pods may refer to it.
func (q *inquiry) read(ctx context.Context, k kind, namespace, name string, into Object) answer {
	key := k.resource + "/" + namespace + "/" + name
	if a, ok := q.known[key]; ok {
		return a
	}
	ctx, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	a := answer{}
	switch err := q.fetch(ctx, k, namespace, name, into); {
	case err == nil:
		a.object = into
	case apierrors.IsNotFound(err):
		a.missing = true
	default:
		q.unreadable(k, namespace, name, err)
	}
	q.known[key] = a
	return a
}

// unreadable notes that something is not known because it could not be read.
func (q *inquiry) unreadable(k kind, namespace, name string, err error) {
	q.unread = append(q.unread, Finding{
		Severity: SeverityNote, Reason: FindingUnreadable, Subject: Subject{Kind: k.Kind, Namespace: namespace, Name: cmp.Or(name, "*")},
		Message: "could not be read: " + err.Error(),
		Hint:    unreadableHint(k, err),
	})
}

func unreadableHint(k kind, err error) string {
	if !apierrors.IsForbidden(err) {
		return ""
	}
	return "ask with the right to get and list " + k.resource + " for more"
}

// eventsOf reads the events about an object, the oldest first. Without a uid they are those of all that had its name.
func (q *inquiry) eventsOf(ctx context.Context, k kind, namespace, name, uid string) []corev1.Event {
	fields := fmt.Sprintf("involvedObject.kind=%s,involvedObject.name=%s", k.Kind, name)
	if uid != "" {
		fields += ",involvedObject.uid=" + uid
	}
	ctx, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	var list corev1.EventList
	if err := q.list(ctx, scope{kind: eventKind, namespace: namespace, fields: fields}, &list); err != nil {
		q.unreadable(eventKind, namespace, "", err)
		return nil
	}
	slices.SortStableFunc(list.Items, func(a, b corev1.Event) int {
		return cmp.Or(eventTime(&a).Compare(eventTime(&b)), strings.Compare(a.Name, b.Name))
	})
	return list.Items
}

// eventTime is when an event was last seen, whichever of the two event APIs wrote it.
func eventTime(e *corev1.Event) time.Time {
	switch {
	case e.Series != nil && !e.Series.LastObservedTime.IsZero():
		return e.Series.LastObservedTime.Time
	case !e.LastTimestamp.IsZero():
		return e.LastTimestamp.Time
	case !e.EventTime.IsZero():
		return e.EventTime.Time
	}
	return e.CreationTimestamp.Time
}

// eventCount is how often an event was seen.
func eventCount(e *corev1.Event) int {
	if e.Series != nil {
		return int(e.Series.Count)
	}
	return max(1, int(e.Count))
}

// lastEvent returns the newest of the events that fit, and how often they were seen in all.
func lastEvent(events []corev1.Event, fits func(*corev1.Event) bool) (last *corev1.Event, count int) {
	for i := range events {
		if fits(&events[i]) {
			last = &events[i]
			count += eventCount(last)
		}
	}
	return last, count
}

// becauseOf fits warnings with one of the reasons.
func becauseOf(reasons ...string) func(*corev1.Event) bool {
	return func(e *corev1.Event) bool {
		return e.Type == corev1.EventTypeWarning && slices.Contains(reasons, e.Reason)
	}
}

// aboutContainer reports whether an event is about the container of that name: its field path is spec.containers{name} or the like.
func aboutContainer(e *corev1.Event, name string) bool {
	return strings.HasSuffix(e.InvolvedObject.FieldPath, "{"+name+"}")
}

// tail reads the last lines of a container's log. That there are none is no news.
func (q *inquiry) tail(ctx context.Context, pod *corev1.Pod, container string, previous bool) []string {
	ctx, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	o := LogOptions{Previous: previous, Tail: new(int64(tailLines))}
	stream, err := q.openLog(ctx, logSource{pod.Namespace, pod.Name, container}, o)
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		q.unread = append(q.unread, Finding{Severity: SeverityNote, Reason: FindingUnreadable, Subject: subjectOf(pod, container),
			Message: "has a log that could not be read: " + err.Error(), Hint: "ask with the right to get pods/log for its last lines"})
	}
	if err != nil {
		return nil
	}
	defer stream.Close()
	data, _ := io.ReadAll(io.LimitReader(stream, tailBytes))
	text := strings.TrimRight(string(data), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func subjectOf(pod *corev1.Pod, container string) Subject {
	return Subject{Kind: podKind.Kind, Namespace: pod.Namespace, Name: pod.Name, Container: container}
}

func describe(obj Object, k kind) Subject {
	return Subject{Kind: k.Kind, Namespace: obj.GetNamespace(), Name: obj.GetName()}
}
