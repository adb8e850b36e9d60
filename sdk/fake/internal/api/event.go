package api

import (
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
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
			return registry.NewerEvent(e)
		}
	case *eventsv1.Event:
		if to == corev1.SchemeGroupVersion {
			return registry.OlderEvent(e)
		}
	}
	return obj
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
