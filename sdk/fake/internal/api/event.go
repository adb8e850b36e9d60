package api

import (
	"sync"

	fakeschema "github.com/podwright/podwright/sdk/fake/internal/schema"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	smdschema "sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// eventIn is an Event in the version that is asked for, and any other object as it is.
func eventIn(obj runtime.Object, version runtime.GroupVersioner) runtime.Object {
	to, ok := version.(schema.GroupVersion)
	if !ok {
		return obj
	}
	switch e := obj.(type) {
	case *corev1.Event:
		if to == eventsv1.SchemeGroupVersion {
			return newerEvent(e)
		}
	case *eventsv1.Event:
		if to == corev1.SchemeGroupVersion {
			return olderEvent(e)
		}
	}
	return obj
}

// newerEvent is what events.k8s.io/v1 shows of an event, as Convert_core_Event_To_v1_Event has it. It shares memory with e.
func newerEvent(e *corev1.Event) *eventsv1.Event {
	out := &eventsv1.Event{
		ObjectMeta: e.ObjectMeta, EventTime: e.EventTime, ReportingController: e.ReportingController, ReportingInstance: e.ReportingInstance,
		Action: e.Action, Reason: e.Reason, Regarding: e.InvolvedObject, Related: e.Related, Note: e.Message, Type: e.Type,
		DeprecatedSource: e.Source, DeprecatedFirstTimestamp: e.FirstTimestamp, DeprecatedLastTimestamp: e.LastTimestamp, DeprecatedCount: e.Count,
	}
	if e.Series != nil {
		out.Series = &eventsv1.EventSeries{Count: e.Series.Count, LastObservedTime: e.Series.LastObservedTime}
	}
	out.SetGroupVersionKind(eventsv1.SchemeGroupVersion.WithKind(e.Kind))
	return out
}

// olderEvent is the reverse of newerEvent.
func olderEvent(e *eventsv1.Event) *corev1.Event {
	out := &corev1.Event{
		ObjectMeta: e.ObjectMeta, EventTime: e.EventTime, ReportingController: e.ReportingController, ReportingInstance: e.ReportingInstance,
		Action: e.Action, Reason: e.Reason, InvolvedObject: e.Regarding, Related: e.Related, Message: e.Note, Type: e.Type,
		Source: e.DeprecatedSource, FirstTimestamp: e.DeprecatedFirstTimestamp, LastTimestamp: e.DeprecatedLastTimestamp, Count: e.DeprecatedCount,
	}
	if e.Series != nil {
		out.Series = &corev1.EventSeries{Count: e.Series.Count, LastObservedTime: e.Series.LastObservedTime}
	}
	out.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind(e.Kind))
	return out
}

// The names of Event's schema in either version.
const (
	olderEventType = "io.k8s.api.core.v1.Event"
	newerEventType = "io.k8s.api.events.v1.Event"
)

// newerEventFields are the fields of an event that events.k8s.io/v1 calls by other names.
var newerEventFields = map[string]string{
	"count": "deprecatedCount", "firstTimestamp": "deprecatedFirstTimestamp", "involvedObject": "regarding", "lastTimestamp": "deprecatedLastTimestamp",
	"message": "note", "reportingComponent": "reportingController", "source": "deprecatedSource",
}

// eventParser knows how events of events.k8s.io/v1 merge: as the others, but for the names.
var eventParser = sync.OnceValue(func() *typed.Parser {
	types := append([]smdschema.TypeDef{}, fakeschema.Types...)
	for _, t := range fakeschema.Types {
		if t.Name != olderEventType {
			continue
		}
		fields := append([]smdschema.StructField{}, t.Map.Fields...)
		for i := range fields {
			if name, ok := newerEventFields[fields[i].Name]; ok {
				fields[i].Name = name
			}
		}
		types = append(types, smdschema.TypeDef{Name: newerEventType, Atom: smdschema.Atom{Map: &smdschema.Map{Fields: fields}}})
	}
	return &typed.Parser{Schema: smdschema.Schema{Types: types}}
})
