package events

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
)

// shapeOf names which of its optional fields an event has, for all events that the recorders and reporters of this package make: there
// are few such shapes, and events are most of what a cluster writes. To find out anew who owns the fields of each would take longer than
// all the rest.
func shapeOf(e *corev1.Event) string {
	has := 0
	for i, present := range []bool{
		e.InvolvedObject.Kind != "", e.InvolvedObject.APIVersion != "", e.InvolvedObject.Namespace != "", e.InvolvedObject.Name != "",
		e.InvolvedObject.UID != "", e.InvolvedObject.ResourceVersion != "", e.InvolvedObject.FieldPath != "",
		e.Reason != "", e.Message != "", e.Type != "", e.Action != "", e.Count != 0,
		e.Source.Component != "", e.Source.Host != "", e.ReportingController != "", e.ReportingInstance != "",
		!e.FirstTimestamp.IsZero(), !e.LastTimestamp.IsZero(), !e.EventTime.IsZero(),
	} {
		if present {
			has |= 1 << i
		}
	}
	return strconv.Itoa(has)
}
