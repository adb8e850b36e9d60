package registry

import (
	"math/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/randfill"
)

// written is an event as a recorder writes it.
func written(change ...func(*corev1.Event)) *corev1.Event {
	at := metav1.Date(2026, time.November, 23, 2, 49, 38, 0, time.UTC)
	e := &corev1.Event{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Event"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "crane.18a", UID: "u", ResourceVersion: "7", CreationTimestamp: at,
			ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubelet", Time: &at}}},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", APIVersion: "v1", Namespace: "default", Name: "crane", UID: "p", ResourceVersion: "6",
			FieldPath: "spec.containers{crane}"},
		Reason: "Pulled", Message: "Successfully pulled", Type: "Normal", Count: 2, Source: corev1.EventSource{Component: "kubelet", Host: "minikube"},
		FirstTimestamp: at, LastTimestamp: metav1.Time{Time: at.Add(time.Second)}, ReportingController: "kubelet", ReportingInstance: "minikube",
	}
	for _, f := range change {
		f(e)
	}
	return e
}

func TestEventIsStoredPacked(t *testing.T) {
	now := metav1.MicroTime{Time: time.Date(2026, time.November, 23, 2, 49, 38, 123456000, time.UTC)}
	for _, tc := range []struct {
		rule   string
		event  *corev1.Event
		packed bool
	}{
		{"of the older form", written(), true},
		{"of the newer form", written(func(e *corev1.Event) {
			e.FirstTimestamp, e.LastTimestamp, e.Count, e.EventTime, e.Action = metav1.Time{}, metav1.Time{}, 0, now, "Binding"
		}), true},
		{"about an object without namespace", written(func(e *corev1.Event) { e.InvolvedObject.Namespace = "" }), true},
		{"with a label it stays as it is", written(func(e *corev1.Event) { e.Labels = map[string]string{"a": "b"} }), false},
		{"with a series it stays as it is", written(func(e *corev1.Event) { e.Series = &corev1.EventSeries{Count: 2, LastObservedTime: now} }), false},
		{"with a finalizer it stays as it is", written(func(e *corev1.Event) { e.Finalizers = []string{"a/b"} }), false},
		{"with a time that is finer it stays as it is", written(func(e *corev1.Event) { e.EventTime.Time = now.Add(1) }), false},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			stored := packEvent(tc.event)
			if _, packed := stored.(*packedEvent); packed != tc.packed {
				t.Errorf("stored as %T", stored)
			}
			for name, is := range map[string]any{"it": EventOf(stored), "its copy": EventOf(stored.DeepCopyObject().(store.Object))} {
				if diff := cmp.Diff(tc.event, is); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

// TestEventLosesNothing: whatever an event has, it has again, whether it fits or not.
func TestEventLosesNothing(t *testing.T) {
	fill := randfill.NewWithSeed(1).NilChance(0.9).NumElements(0, 1).Funcs(
		func(at *metav1.Time, c randfill.Continue) { *at = metav1.Unix(c.Int63n(1<<32), 0) },
		func(at *metav1.MicroTime, c randfill.Continue) { at.Time = time.UnixMicro(c.Int63n(1 << 52)).UTC() },
	)
	random, packed := rand.New(rand.NewSource(1)), 0
	for range 2000 {
		e := written()
		if random.Intn(2) == 0 {
			fill.Fill(e)
			e.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Event"}
		} else {
			fill.Fill(&e.InvolvedObject)
			fill.Fill(&e.Source)
			fill.Fill(&e.EventTime)
		}
		want := e.DeepCopy()
		stored := packEvent(e)
		if _, ok := stored.(*packedEvent); ok {
			packed++
		}
		if diff := cmp.Diff(want, EventOf(stored)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
	if packed < 500 {
		t.Errorf("only %d of 2000 were packed", packed)
	}
}
