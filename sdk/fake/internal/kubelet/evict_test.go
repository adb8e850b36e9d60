package kubelet_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func TestOOMKill(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		w.run(podOf("app", "app"))
		if err := w.kubelet.OOMKill("default", "app", "app"); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		got := w.pod("app").Status.ContainerStatuses[0]
		if end := got.LastTerminationState.Terminated; end == nil || end.Reason != "OOMKilled" || end.ExitCode != 137 || got.RestartCount != 1 {
			t.Errorf("status %+v", got)
		}
		if err := w.kubelet.OOMKill("default", "app", "nope"); err == nil {
			t.Error("of no container: no error")
		}
	})
}

func TestEvict(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		w.run(podOf("app", "app"))
		if err := w.kubelet.Evict("default", "app", corev1.ResourceMemory); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		got := w.pod("app").Status
		const message = "The node was low on resource: memory. "
		if got.Phase != corev1.PodFailed || got.Reason != "Evicted" || got.Message != message {
			t.Errorf("%s, %s, %q", got.Phase, got.Reason, got.Message)
		}
		if conditionOf(got, corev1.DisruptionTarget) != corev1.ConditionTrue {
			t.Errorf("conditions %+v", got.Conditions)
		}
		events := w.events("app")
		if diff := cmp.Diff("Warning Evicted : "+message, events[len(events)-2]); diff != "" {
			t.Errorf("events (-want +got):\n%s\n%q", diff, events)
		}
	})
}
