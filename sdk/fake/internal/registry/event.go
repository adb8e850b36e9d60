package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Events say what happened to other objects.
var Events = &Resource{
	Version: "v1", Kind: "Event", Name: "events", Singular: "event", ShortNames: []string{"ev"}, Namespaced: true,
	New:     func() store.Object { return &corev1.Event{} },
	NewList: func() runtime.Object { return &corev1.EventList{} },
	Show:    EventOf,
	Keep:    packEvent,
	Columns: eventColumns,
	Cells:   eventCells,
}

// NewerEvents are the same events as events.k8s.io has them: some fields have other names, and the rules are stricter.
var NewerEvents = &Resource{
	Group: eventsv1.GroupName, Version: "v1", Kind: "Event", Name: "events", Singular: "event", ShortNames: []string{"ev"}, Namespaced: true,
	New:      func() store.Object { return &eventsv1.Event{} },
	NewList:  func() runtime.Object { return &eventsv1.EventList{} },
	StoredAs: Events,
	Show:     func(stored store.Object) store.Object { return NewerEvent(EventOf(stored).(*corev1.Event)) },
	Keep:     func(obj store.Object) store.Object { return packEvent(OlderEvent(obj.(*eventsv1.Event))) },
	Columns:  eventColumns,
	Cells:    func(obj store.Object) []any { return eventCells(OlderEvent(obj.(*eventsv1.Event))) },
}

// NewerEvent is what events.k8s.io/v1 shows of an event, as Convert_core_Event_To_v1_Event has it. It shares memory with e.
func NewerEvent(e *corev1.Event) *eventsv1.Event {
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

// OlderEvent is the reverse of NewerEvent.
func OlderEvent(e *eventsv1.Event) *corev1.Event {
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
