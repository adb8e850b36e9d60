package registry

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestEventTimesAndCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ago := func(s int) metav1.Time { return metav1.NewTime(time.Now().Add(-time.Duration(s) * time.Second)) }
		microAgo := func(s int) metav1.MicroTime { return metav1.NewMicroTime(ago(s).Time) }
		for _, tt := range []struct {
			name  string
			event corev1.Event
			want  []any // first seen, last seen, count
		}{
			{"no time at all", corev1.Event{}, []any{"<unknown>", "<unknown>", int64(1)}},
			{"an older event", corev1.Event{FirstTimestamp: ago(50), LastTimestamp: ago(5), Count: 3}, []any{"50s", "5s", int64(3)}},
			{"a newer event happened once", corev1.Event{EventTime: microAgo(7)}, []any{"7s", "7s", int64(1)}},
			{"a series", corev1.Event{EventTime: microAgo(60), Series: &corev1.EventSeries{Count: 9, LastObservedTime: microAgo(2)}}, []any{"60s", "2s", int64(9)}},
		} {
			cells := eventCells(&tt.event)
			if diff := cmp.Diff(tt.want, []any{cells[7], cells[0], cells[8]}); diff != "" {
				t.Errorf("%s: first, last, count (-want +got):\n%s", tt.name, diff)
			}
		}
	})
}

func TestEventObjectAndSource(t *testing.T) {
	for _, tt := range []struct {
		name  string
		event corev1.Event
		want  []any // object, source
	}{
		{"kind and name", corev1.Event{InvolvedObject: corev1.ObjectReference{Kind: "Pod", Name: "a"}, Source: corev1.EventSource{Component: "kubelet", Host: "n"}}, []any{"pod/a", "kubelet, n"}},
		{"kind alone", corev1.Event{InvolvedObject: corev1.ObjectReference{Kind: "Node"}}, []any{"node", ""}},
		{"a newer event's reporter", corev1.Event{ReportingController: "c", ReportingInstance: "c-1"}, []any{"", "c, c-1"}},
		{"the older source before the newer reporter", corev1.Event{Source: corev1.EventSource{Component: "old"}, ReportingController: "c"}, []any{"", "old"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cells := eventCells(&tt.event)
			if diff := cmp.Diff(tt.want, []any{cells[3], cells[5]}); diff != "" {
				t.Errorf("object and source (-want +got):\n%s", diff)
			}
		})
	}
}
