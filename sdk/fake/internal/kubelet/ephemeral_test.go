package kubelet_test

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
)

// TestEphemeralContainersAreRefused: one that is added to a running pod waits, with the reason in its status, and the pod runs on.
func TestEphemeralContainersAreRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		w.run(podOf("app", "app"))
		_, err := w.api.Update(registry.Pods, "default", "app", api.WriteOptions{Manager: "test", Subresource: "ephemeralcontainers"}, func(obj store.Object) error {
			spec := &obj.(*corev1.Pod).Spec
			spec.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{
				Name: "debug", Image: "app", TerminationMessagePolicy: corev1.TerminationMessageReadFile, ImagePullPolicy: corev1.PullAlways,
			}}}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wait(0)
		status := w.pod("app").Status
		if status.Phase != corev1.PodRunning || len(status.EphemeralContainerStatuses) != 1 {
			t.Fatalf("status = %+v", status)
		}
		if waiting := status.EphemeralContainerStatuses[0].State.Waiting; waiting == nil || waiting.Reason != "Unsupported" {
			t.Errorf("state = %+v", status.EphemeralContainerStatuses[0].State)
		}
	})
}
