package controllerruntime

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// What a manager's older recorder says are events of the core group, and what it says again is counted.
func TestOlderEvents(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		w.start(m)
		c := w.client()
		shop := controller("shop", 1)
		ok(w.t, c.Create(w.ctx, shop))
		events, err := c.Watch(w.ctx, &corev1.EventList{}, client.MatchingFields{"involvedObject.name": "shop"})
		ok(w.t, err)
		defer events.Stop()
		for range 2 {
			m.GetEventRecorderFor("bakery").Event(shop, corev1.EventTypeWarning, "Burnt", "all black")
		}
		for n := range int32(2) {
			e := receive(w, events.ResultChan(), "the event").Object.(*corev1.Event)
			equal(w.t, "Warning Burnt: all black [bakery] ReplicationController/shop", fmt.Sprintf("%s %s: %s [%s] %s/%s",
				e.Type, e.Reason, e.Message, e.Source.Component, e.InvolvedObject.Kind, e.InvolvedObject.Name))
			equal(w.t, n+1, e.Count)
		}
	}, fake.APIOnly())
}

// What its newer recorder says are events of events.k8s.io, and what it says again is a series. Who reads the core group reads them too.
func TestEvents(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		w.start(m)
		c := w.client()
		shop, oven := controller("shop", 1), controller("oven", 1)
		ok(w.t, c.Create(w.ctx, shop))
		ok(w.t, c.Create(w.ctx, oven))
		events, err := c.Watch(w.ctx, &eventsv1.EventList{}, client.MatchingFields{"regarding.name": "shop", "reportingController": "bakery"})
		ok(w.t, err)
		defer events.Stop()
		for n := range int32(2) {
			m.GetEventRecorder("bakery").AnnotatedEventf(shop, oven, map[string]string{"heat": "high"}, corev1.EventTypeWarning, "Burnt", "Bake", "%s black", "all")
			e := receive(w, events.ResultChan(), "the event").Object.(*eventsv1.Event)
			equal(w.t, "Warning Burnt Bake: all black [bakery] ReplicationController/shop oven high", fmt.Sprintf("%s %s %s: %s [%s] %s/%s %s %s",
				e.Type, e.Reason, e.Action, e.Note, e.ReportingController, e.Regarding.Kind, e.Regarding.Name, e.Related.Name, e.Annotations["heat"]))
			equal(w.t, n+1, times(e))
			var older corev1.Event
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(e), &older))
			equal(w.t, "all black", older.Message)
		}
	}, fake.APIOnly())
}

// A series that has ended is written with the count that it has by then, which is minutes after its last event.
func TestSeriesEnds(t *testing.T) {
	bubble(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		w.start(m)
		c := w.client()
		shop := controller("shop", 1)
		ok(w.t, c.Create(w.ctx, shop))
		events, err := c.Watch(w.ctx, &eventsv1.EventList{}, client.MatchingFields{"regarding.name": "shop"})
		ok(w.t, err)
		defer events.Stop()
		began := time.Now()
		for range 5 {
			m.GetEventRecorder("bakery").Eventf(shop, nil, corev1.EventTypeNormal, "Baked", "Bake", "done")
			synctest.Wait() // the recorder tells nobody when it has counted
		}
		for _, count := range []int32{1, 2, 5} {
			equal(w.t, count, times(receive(w, events.ResultChan(), "the event").Object.(*eventsv1.Event)))
		}
		if took := time.Since(began); took < 6*time.Minute || took > time.Hour {
			w.t.Errorf("the series ended after %s", took)
		}
	}, fake.APIOnly())
}

// times is how often an event says that it happened.
func times(e *eventsv1.Event) int32 {
	if e.Series == nil {
		return 1
	}
	return e.Series.Count
}
