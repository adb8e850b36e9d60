package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/randfill"
)

// What is converted to the other version and back is what it was, in both directions and with every field set.
func TestEventsConvertWithoutLoss(t *testing.T) {
	for seed := range int64(20) {
		filler := randfill.NewWithSeed(seed).NilChance(0.2)
		older, newer := &corev1.Event{}, &eventsv1.Event{}
		filler.Fill(older)
		filler.Fill(newer)
		older.SetGroupVersionKind(Events.GroupVersionKind())
		newer.SetGroupVersionKind(NewerEvents.GroupVersionKind())
		if diff := cmp.Diff(older, OlderEvent(NewerEvent(older))); diff != "" {
			t.Errorf("an event of the core group (-was +is):\n%s", diff)
		}
		if diff := cmp.Diff(newer, NewerEvent(OlderEvent(newer))); diff != "" {
			t.Errorf("an event of events.k8s.io (-was +is):\n%s", diff)
		}
	}
}
