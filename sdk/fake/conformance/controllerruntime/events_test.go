package controllerruntime

import (
	"fmt"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// What a manager's recorder says are events of the cluster, and what it says again is counted.
func TestEvents(t *testing.T) {
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
