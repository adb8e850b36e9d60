package events_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestReportedEventHasTheNewForm(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		events.NewReporter(a, "default-scheduler", "default-scheduler-vm").Event(obj, "Normal", "Scheduled", "Binding", "note")
		want := []*corev1.Event{{
			TypeMeta:   metav1.TypeMeta{Kind: "Event", APIVersion: "v1"},
			ObjectMeta: metav1.ObjectMeta{Namespace: "default", CreationTimestamp: api.Now()},
			InvolvedObject: corev1.ObjectReference{
				Kind: "ConfigMap", APIVersion: "v1", Namespace: "default", Name: "obj", UID: obj.GetUID(), ResourceVersion: obj.GetResourceVersion(),
			},
			Reason: "Scheduled", Message: "note", Type: "Normal", Action: "Binding",
			EventTime:           metav1.MicroTime{Time: time.Now().UTC()},
			ReportingController: "default-scheduler", ReportingInstance: "default-scheduler-vm",
		}}
		if diff := cmp.Diff(want, list(a, "default"), unstable); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestReportedEventsRepeat(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.NewReporter(a, "default-scheduler", "i")
		say := func(o store.Object) { r.Event(o, "Warning", "FailedScheduling", "Scheduling", "note") }
		say(obj)
		pass(time.Minute)
		say(obj)
		got := list(a, "default")
		if len(got) != 1 || got[0].Series == nil || got[0].Series.Count != 2 || !got[0].Series.LastObservedTime.Time.Equal(time.Now()) {
			t.Fatalf("after a repeat: %v", got)
		}
		pass(7 * time.Minute)
		if say(obj); len(list(a, "default")) != 2 {
			t.Errorf("after a long silence it is a new event; got %v", list(a, "default"))
		}
		changed, err := a.Update(registry.ConfigMaps, "default", "obj", api.WriteOptions{Manager: "test"}, func(o store.Object) error {
			o.SetLabels(map[string]string{"a": "b"})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if say(changed); len(list(a, "default")) != 3 {
			t.Errorf("of another version of the object it is a new event; got %v", list(a, "default"))
		}
		r.Event(nil, "Normal", "R", "A", "n")
	})
}
