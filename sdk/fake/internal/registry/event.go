package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Events say what happened to other objects.
var Events = &Resource{
	Version: "v1", Kind: "Event", Name: "events", Singular: "event", ShortNames: []string{"ev"}, Namespaced: true,
	New:     func() store.Object { return &corev1.Event{} },
	NewList: func() runtime.Object { return &corev1.EventList{} },
	Fields: map[string]func(store.Object) string{
		"involvedObject.kind":            func(o store.Object) string { return o.(*corev1.Event).InvolvedObject.Kind },
		"involvedObject.namespace":       func(o store.Object) string { return o.(*corev1.Event).InvolvedObject.Namespace },
		"involvedObject.name":            func(o store.Object) string { return o.(*corev1.Event).InvolvedObject.Name },
		"involvedObject.uid":             func(o store.Object) string { return string(o.(*corev1.Event).InvolvedObject.UID) },
		"involvedObject.apiVersion":      func(o store.Object) string { return o.(*corev1.Event).InvolvedObject.APIVersion },
		"involvedObject.resourceVersion": func(o store.Object) string { return o.(*corev1.Event).InvolvedObject.ResourceVersion },
		"involvedObject.fieldPath":       func(o store.Object) string { return o.(*corev1.Event).InvolvedObject.FieldPath },
		"reason":                         func(o store.Object) string { return o.(*corev1.Event).Reason },
		"reportingComponent":             eventReporter,
		"source":                         eventReporter,
		"type":                           func(o store.Object) string { return o.(*corev1.Event).Type },
	},
	Columns: eventColumns,
	Cells:   eventCells,
}

// eventReporter is the component in the old place or, for events of the newer API, the new one, as event's
// ToSelectableFields takes it.
func eventReporter(o store.Object) string {
	e := o.(*corev1.Event)
	if e.Source.Component != "" {
		return e.Source.Component
	}
	return e.ReportingController
}
