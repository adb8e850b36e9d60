package workloads

import (
	"reflect"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// unset is the detail of what only events of the core group may have.
const unset = "needs to be unset"

// eventErrors is ValidateEventCreate for events.k8s.io/v1. Its paths are those of the internal type, which has the names of the core group.
func eventErrors(e *eventsv1.Event) field.ErrorList {
	r := &report{}
	r.eventOfAnyVersion(e)
	r.Metadata(&e.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.eventSeries(e.Series)
	if e.EventTime.IsZero() {
		r.Required(field.NewPath("eventTime"), "")
	}
	if e.Type != corev1.EventTypeNormal && e.Type != corev1.EventTypeWarning {
		r.Invalid(field.NewPath("type"), "", "has invalid value: "+e.Type)
	}
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"firstTimestamp", !e.DeprecatedFirstTimestamp.IsZero()},
		{"lastTimestamp", !e.DeprecatedLastTimestamp.IsZero()},
		{"count", e.DeprecatedCount != 0},
		{"source", e.DeprecatedSource != corev1.EventSource{}},
	} {
		if f.set {
			r.Invalid(field.NewPath(f.name), "", unset)
		}
	}
	return r.Errors
}

// eventUpdateErrors is ValidateEventUpdate for events.k8s.io/v1: only the series may change.
func eventUpdateErrors(e, old *eventsv1.Event) field.ErrorList {
	r := &report{}
	r.eventOfAnyVersion(e)
	r.MetadataUpdate(&e.ObjectMeta, &old.ObjectMeta)
	if !reflect.DeepEqual(e.Series, old.Series) {
		r.eventSeries(e.Series)
	}
	for _, f := range []struct {
		name    string
		is, was any
	}{
		{"involvedObject", e.Regarding, old.Regarding},
		{"reason", e.Reason, old.Reason},
		{"message", e.Note, old.Note},
		{"source", e.DeprecatedSource, old.DeprecatedSource},
		{"firstTimestamp", e.DeprecatedFirstTimestamp, old.DeprecatedFirstTimestamp},
		{"lastTimestamp", e.DeprecatedLastTimestamp, old.DeprecatedLastTimestamp},
		{"count", e.DeprecatedCount, old.DeprecatedCount},
		{"reason", e.Reason, old.Reason},
		{"type", e.Type, old.Type},
	} {
		r.Immutable(field.NewPath(f.name), f.is, f.was)
	}
	if !sameMicrosecond(e.EventTime, old.EventTime) {
		r.Immutable(field.NewPath("eventTime"), e.EventTime, old.EventTime)
	}
	r.Immutable(field.NewPath("action"), e.Action, old.Action)
	r.Immutable(field.NewPath("related"), e.Related, old.Related)
	r.Immutable(field.NewPath("reportingController"), e.ReportingController, old.ReportingController)
	r.Immutable(field.NewPath("reportingInstance"), e.ReportingInstance, old.ReportingInstance)
	return r.Errors
}

// sameMicrosecond lets pass what is lost on the wire, whose times are no finer.
func sameMicrosecond(a, b metav1.MicroTime) bool {
	return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond))
}

// eventOfAnyVersion are the rules that the core group has too.
func (r *report) eventOfAnyVersion(e *eventsv1.Event) {
	r.Event(&corev1.Event{
		ObjectMeta: e.ObjectMeta, EventTime: e.EventTime, InvolvedObject: e.Regarding, ReportingController: e.ReportingController,
		ReportingInstance: e.ReportingInstance, Action: e.Action, Reason: e.Reason, Message: e.Note,
	}, "reportingController")
}

// eventSeries is validateV1EventSeries, whose paths have their dots in one part.
func (r *report) eventSeries(s *eventsv1.EventSeries) {
	if s == nil {
		return
	}
	if s.Count < 2 {
		r.Invalid(field.NewPath("series.count"), "", "should be at least 2")
	}
	if s.LastObservedTime.IsZero() {
		r.Required(field.NewPath("series.lastObservedTime"), "")
	}
}
