package registry

import (
	"math"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/recent"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// packedEvent is an event as the store has it: a third of an Event, of which a pod has five or more before anybody reads one. Only what
// recorders write fits into it; an event with labels, a series or the like is stored as it is.
type packedEvent struct {
	packedMeta
	text                  *eventText
	message               string
	name, uid, version    string // of the object that it is about
	first, last, occurred int64  // microseconds; noTime for none
	count                 int32
}

// eventText is what many events have in common.
type eventText struct {
	kind, apiVersion, namespace, fieldPath string // of the object that it is about
	typ, reason, action                    string
	source                                 corev1.EventSource
	controller, instance                   string
}

// eventTexts are those of the events of all clusters, which hold no state of any. It is safe for concurrent use.
var eventTexts = struct {
	mu    sync.Mutex
	known recent.Map[eventText, *eventText]
}{known: recent.Map[eventText, *eventText]{Size: 1024}}

func sharedText(t eventText) *eventText {
	eventTexts.mu.Lock()
	defer eventTexts.mu.Unlock()
	if known, ok := eventTexts.known.Get(t); ok {
		return known
	}
	eventTexts.known.Put(t, &t)
	return &t
}

// packEvent is an Event as it is stored, which may be itself.
func packEvent(obj store.Object) store.Object {
	e, ok := obj.(*corev1.Event)
	if !ok || !fits(e) {
		return obj
	}
	ref := &e.InvolvedObject
	return &packedEvent{
		packedMeta: packedMeta{e.Namespace, e.Name, e.ResourceVersion, e.UID, packTime(e.CreationTimestamp.Time), e.ManagedFields},
		text: sharedText(eventText{
			kind: ref.Kind, apiVersion: ref.APIVersion, namespace: ref.Namespace, fieldPath: ref.FieldPath,
			typ: e.Type, reason: e.Reason, action: e.Action, source: e.Source, controller: e.ReportingController, instance: e.ReportingInstance,
		}),
		message: e.Message, name: ref.Name, uid: string(ref.UID), version: ref.ResourceVersion,
		first: packTime(e.FirstTimestamp.Time), last: packTime(e.LastTimestamp.Time), occurred: packTime(e.EventTime.Time), count: e.Count,
	}
}

// fits says whether an event has nothing that a packed one has no place for.
func fits(e *corev1.Event) bool {
	m := &e.ObjectMeta
	for _, t := range []time.Time{m.CreationTimestamp.Time, e.FirstTimestamp.Time, e.LastTimestamp.Time, e.EventTime.Time} {
		if !unpackTime(packTime(t)).Equal(t) {
			return false
		}
	}
	return m.GenerateName == "" && m.SelfLink == "" && m.Generation == 0 && m.DeletionTimestamp == nil && m.DeletionGracePeriodSeconds == nil &&
		len(m.Labels) == 0 && len(m.Annotations) == 0 && len(m.OwnerReferences) == 0 && len(m.Finalizers) == 0 &&
		e.Related == nil && e.Series == nil
}

// EventOf is an event as core/v1 shows it, of one as it is stored. An object that is none is answered as it is.
func EventOf(stored store.Object) store.Object {
	p, ok := stored.(*packedEvent)
	if !ok {
		return stored
	}
	t := p.text
	e := &corev1.Event{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: p.packedMeta.namespace, Name: p.packedMeta.name, ResourceVersion: p.packedMeta.version, UID: p.packedMeta.uid,
			CreationTimestamp: metav1.Time{Time: unpackTime(p.created)}, ManagedFields: p.managers,
		},
		InvolvedObject: corev1.ObjectReference{
			Kind: t.kind, APIVersion: t.apiVersion, Namespace: t.namespace, FieldPath: t.fieldPath,
			Name: p.name, UID: types.UID(p.uid), ResourceVersion: p.version,
		},
		Reason: t.reason, Message: p.message, Source: t.source, Type: t.typ, Action: t.action, Count: p.count,
		FirstTimestamp: metav1.Time{Time: unpackTime(p.first)}, LastTimestamp: metav1.Time{Time: unpackTime(p.last)},
		EventTime: metav1.MicroTime{Time: unpackTime(p.occurred)}, ReportingController: t.controller, ReportingInstance: t.instance,
	}
	e.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Event"))
	return e
}

const noTime = math.MinInt64

func packTime(t time.Time) int64 {
	if t.IsZero() {
		return noTime
	}
	return t.UnixMicro()
}

func unpackTime(at int64) time.Time {
	if at == noTime {
		return time.Time{}
	}
	return time.UnixMicro(at).UTC()
}

// DeepCopyObject copies the event. What is shared is never changed.
func (p *packedEvent) DeepCopyObject() runtime.Object {
	c := *p
	return &c
}

// GetObjectKind says that it is an event. It cannot be changed.
func (p *packedEvent) GetObjectKind() schema.ObjectKind {
	return &metav1.TypeMeta{APIVersion: "v1", Kind: "Event"}
}
