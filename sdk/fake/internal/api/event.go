package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
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
