package events

import (
	"fmt"
	"sync"
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

// namer gives events their names. Within one recorder no two moments are the same, even where the clock stands still.
type namer struct {
	api *api.API

	mu   sync.Mutex
	last int64
}

// create writes the event that build makes and returns its name, empty if it could not be written.
func (n *namer) create(ref corev1.ObjectReference, o api.WriteOptions, build func(metav1.ObjectMeta) *corev1.Event) string {
	for range nameAttempts {
		meta := metav1.ObjectMeta{Namespace: namespaceOf(ref), Name: n.name(ref)}
		_, err := n.api.Create(registry.Events, build(meta), o)
		if err == nil {
			return meta.Name
		}
		if !apierrors.IsAlreadyExists(err) { // another recorder may have taken this very moment
			return ""
		}
	}
	return ""
}

// name is the object's name and the time in hexadecimal nanoseconds, as GenerateEventName of client-go makes it. Where
// that is no valid name it is "event" and the time: client-go takes a random UUID there, which no seed would repeat.
func (n *namer) name(ref corev1.ObjectReference) string {
	n.mu.Lock()
	n.last = max(n.last+1, time.Now().UnixNano())
	at := n.last
	n.mu.Unlock()
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
