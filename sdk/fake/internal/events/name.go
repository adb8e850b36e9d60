package events

import (
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/kubernetes/scheme"
)

// nameAttempts is how many names are tried for one event before it is given up.
const nameAttempts = 100

// write writes the event that build makes and returns the moment in its name, 0 if it could not be written. That is now, or later than
// after if the clock stands still. After is about the same object, so that what happens to others at the same time leaves the name alone.
func write(a *api.API, after int64, ref corev1.ObjectReference, o api.WriteOptions, build func(metav1.ObjectMeta) *corev1.Event) int64 {
	at := max(after+1, time.Now().UnixNano())
	for range nameAttempts {
		event := build(metav1.ObjectMeta{Namespace: namespaceOf(ref), Name: nameAt(ref, at)})
		o.Shape = shapeOf(event)
		_, err := a.Create(registry.Events, event, o)
		if err == nil {
			return at
		}
		if !apierrors.IsAlreadyExists(err) { // another recorder may have taken this very moment
			return 0
		}
		at++
	}
	return 0
}

// nameAt is the object's name and the time in hexadecimal nanoseconds, as GenerateEventName of client-go makes it. Where
// that is no valid name it is "event" and the time: client-go takes a random UUID there, which no seed would repeat.
func nameAt(ref corev1.ObjectReference, at int64) string {
	name := fmt.Sprintf("%s.%x", ref.Name, at)
	if len(validation.IsDNS1123Subdomain(name)) > 0 {
		return fmt.Sprintf("event.%x", at)
	}
	return name
}

// namespaceOf is where the events of an object are: beside it, or in "default" if it has no namespace.
func namespaceOf(ref corev1.ObjectReference) string {
	if ref.Namespace == "" {
		return metav1.NamespaceDefault
	}
	return ref.Namespace
}

func reference(obj store.Object, fieldPath string) corev1.ObjectReference {
	gvk := obj.GetObjectKind().GroupVersionKind()
	if gvk.Empty() { // made by a caller, not got from the store
		if kinds, _, err := scheme.Scheme.ObjectKinds(obj); err == nil {
			gvk = kinds[0]
		}
	}
	return corev1.ObjectReference{
		Kind:            gvk.Kind,
		APIVersion:      gvk.GroupVersion().String(),
		Namespace:       obj.GetNamespace(),
		Name:            obj.GetName(),
		UID:             obj.GetUID(),
		ResourceVersion: obj.GetResourceVersion(),
		FieldPath:       fieldPath,
	}
}
