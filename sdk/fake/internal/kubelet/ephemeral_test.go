package kubelet_test

import (
	"context"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
)

// TestEphemeralContainers: one that is added to a running pod runs once beside the others, sees the processes of its target, and
// its end changes nothing for the pod.
func TestEphemeralContainers(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		var seen []kubelet.Peer
		w.handle("debug", func(_ context.Context, c *kubelet.Container) error {
			seen = c.Processes()
			return kubelet.ExitError{Code: 3}
		})
		w.run(podOf("app", "app"))
		_, err := w.api.Update(registry.Pods, "default", "app", api.WriteOptions{Manager: "test", Subresource: "ephemeralcontainers"}, func(obj store.Object) error {
			spec := &obj.(*corev1.Pod).Spec
			spec.EphemeralContainers = []corev1.EphemeralContainer{{TargetContainerName: spec.Containers[0].Name,
				EphemeralContainerCommon: corev1.EphemeralContainerCommon{
					Name: "debug", Image: "debug", TerminationMessagePolicy: corev1.TerminationMessageReadFile, ImagePullPolicy: corev1.PullAlways,
				}}}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wait(0)
		status := w.pod("app").Status
		if status.Phase != corev1.PodRunning || len(status.EphemeralContainerStatuses) != 1 || len(status.ContainerStatuses) != 1 {
			t.Fatalf("status = %+v", status)
		}
		if end := status.EphemeralContainerStatuses[0].State.Terminated; end == nil || end.ExitCode != 3 {
			t.Errorf("state = %+v", status.EphemeralContainerStatuses[0].State)
		}
		if status.EphemeralContainerStatuses[0].RestartCount != 0 || conditionOf(status, corev1.PodReady) != corev1.ConditionTrue {
			t.Errorf("status = %+v", status)
		}
		if len(seen) != 2 || seen[0].PID != 1 || seen[1].Container != "debug" {
			t.Errorf("processes = %+v, want the app's and its own", seen)
		}
	})
}

func conditionOf(status corev1.PodStatus, typ corev1.PodConditionType) corev1.ConditionStatus {
	for _, c := range status.Conditions {
		if c.Type == typ {
			return c.Status
		}
	}
	return ""
}
