package registry

import (
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// eventColumns put the name last: what happened matters more than what the event is called.
var eventColumns = []metav1.TableColumnDefinition{
	{Name: "Last Seen", Type: "string", Description: eventDoc["lastTimestamp"]},
	{Name: "Type", Type: "string", Description: eventDoc["type"]},
	{Name: "Reason", Type: "string", Description: eventDoc["reason"]},
	{Name: "Object", Type: "string", Description: eventDoc["involvedObject"]},
	{Name: "Subobject", Type: "string", Priority: wide, Description: corev1.ObjectReference{}.SwaggerDoc()["fieldPath"]},
	{Name: "Source", Type: "string", Priority: wide, Description: eventDoc["source"]},
	{Name: "Message", Type: "string", Description: eventDoc["message"]},
	{Name: "First Seen", Type: "string", Priority: wide, Description: eventDoc["firstTimestamp"]},
	{Name: "Count", Type: "string", Priority: wide, Description: eventDoc["count"]},
	{Name: "Name", Type: "string", Format: "name", Priority: wide, Description: metaDoc["name"]},
}

var eventDoc = corev1.Event{}.SwaggerDoc()

func eventCells(obj store.Object) []any {
	e := obj.(*corev1.Event)
	first, last, count := eventTimes(e)
	return []any{
		since(last),
		e.Type,
		e.Reason,
		eventTarget(&e.InvolvedObject),
		e.InvolvedObject.FieldPath,
		eventSource(e),
		strings.TrimSpace(e.Message),
		since(first),
		int64(count),
		e.Name,
	}
}

// eventTimes reads both generations of events, as upstream's printEvent does: the older has first and last timestamps
// and a count, the newer an event time and a series.
func eventTimes(e *corev1.Event) (first, last time.Time, count int32) {
	first, last, count = e.FirstTimestamp.Time, e.LastTimestamp.Time, max(e.Count, 1)
	if first.IsZero() {
		first = e.EventTime.Time
	}
	if last.IsZero() {
		last = first
	}
	if e.Series != nil {
		last, count = e.Series.LastObservedTime.Time, e.Series.Count
	}
	return first, last, count
}

func eventTarget(ref *corev1.ObjectReference) string {
	kind := strings.ToLower(ref.Kind)
	if ref.Name == "" {
		return kind
	}
	return kind + "/" + ref.Name
}

func eventSource(e *corev1.Event) string {
	component := orElse(e.Source.Component, e.ReportingController)
	if host := orElse(e.Source.Host, e.ReportingInstance); host != "" {
		return component + ", " + host
	}
	return component
}
