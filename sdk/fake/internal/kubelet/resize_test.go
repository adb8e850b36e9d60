package kubelet_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func apiNow() metav1.Time { return api.Now() }

func cpu(s string) corev1.ResourceList { return corev1.ResourceList{"cpu": resource.MustParse(s)} }

// resized runs a pod that asks for 500m and then resizes it.
func resized(w *world, to string, change func(*corev1.Pod)) *corev1.Pod {
	w.handle("app", untilTerminated)
	pod := podOf("app", "app")
	pod.Spec.Containers[0].Resources.Requests = cpu("500m")
	if change != nil {
		change(pod)
	}
	w.run(pod)
	w.resize("app", to)
	return w.pod("app")
}

func (w *world) resize(name, to string) {
	w.Helper()
	o := api.WriteOptions{Manager: "test", Subresource: "resize"}
	_, err := w.api.Update(registry.Pods, "default", name, o, func(obj store.Object) error {
		obj.(*corev1.Pod).Spec.Containers[0].Resources.Requests = cpu(to)
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	synctest.Wait()
}

// resizeEvents are what was told of resizes, and of containers.
func (w *world) resizeEvents(name string, skip int) []string { return w.events(name)[skip:] }

func TestResizeInPlace(t *testing.T) {
	inWorld(t, func(w *world) {
		seen := make(chan corev1.ResourceList, 1)
		look := make(chan struct{})
		pod := resized(w, "1500m", func(pod *corev1.Pod) {
			w.handle("app", func(ctx context.Context, c *kubelet.Container) error {
				<-look
				seen <- c.Resources().Requests
				<-ctx.Done()
				return nil
			})
		})
		close(look)
		got := pod.Status.ContainerStatuses[0]
		if diff := cmp.Diff(cpu("1500m"), got.Resources.Requests); diff != "" {
			t.Errorf("resources (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(cpu("1500m"), got.AllocatedResources); diff != "" {
			t.Errorf("allocated (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(cpu("1500m"), <-seen); diff != "" {
			t.Errorf("seen by the program (-want +got):\n%s", diff)
		}
		if got.RestartCount != 0 {
			t.Errorf("restarts = %d", got.RestartCount)
		}
		const resources = `{"containers":[{"name":"app","resources":{"requests":{"cpu":"1500m"}}}],"generation":2}`
		want := []string{"Normal ResizeStarted : Pod resize started: " + resources, "Normal ResizeCompleted : Pod resize completed: " + resources}
		if diff := cmp.Diff(want, w.resizeEvents("app", 4)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestResizeByRestart(t *testing.T) {
	inWorld(t, func(w *world) {
		pod := resized(w, "1", func(pod *corev1.Pod) {
			pod.Spec.Containers[0].ResizePolicy = []corev1.ContainerResizePolicy{{ResourceName: "cpu", RestartPolicy: corev1.RestartContainer}}
		})
		got := pod.Status.ContainerStatuses[0]
		if got.RestartCount != 1 || !got.Resources.Requests.Cpu().Equal(resource.MustParse("1")) {
			t.Errorf("status = %+v", got)
		}
		events := w.resizeEvents("app", 5)
		if want := "Normal Killing spec.containers{app}: Container app resize requires restart"; events[0] != want {
			t.Errorf("first event = %q, want %q", events[0], want)
		}
		if last := events[len(events)-1]; last[:len("Normal ResizeCompleted")] != "Normal ResizeCompleted" {
			t.Errorf("last event = %q", last)
		}
	})
}

// A resize for which there is no room waits until there is.
func TestResizeDeferred(t *testing.T) {
	inWorld(t, func(w *world) {
		other := podOf("other", "app")
		other.Spec.Containers[0].Resources.Requests = cpu("1")
		w.handle("app", untilTerminated)
		w.run(other)
		pod := resized(w, "1500m", nil)
		pending := func(pod *corev1.Pod) *corev1.PodCondition {
			for _, c := range pod.Status.Conditions {
				if c.Type == corev1.PodResizePending {
					c.LastProbeTime, c.LastTransitionTime = metav1.Time{}, metav1.Time{}
					return &c
				}
			}
			return nil
		}
		const why = "Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000"
		want := &corev1.PodCondition{Type: corev1.PodResizePending, Status: corev1.ConditionTrue, Reason: "Deferred", Message: why, ObservedGeneration: 2}
		if diff := cmp.Diff(want, pending(pod)); diff != "" {
			t.Errorf("condition (-want +got):\n%s", diff)
		}
		if got := pod.Status.ContainerStatuses[0].AllocatedResources; !got.Cpu().Equal(resource.MustParse("500m")) {
			t.Errorf("allocated = %v", got)
		}
		w.delete("other", 0)
		synctest.Wait()
		pod = w.pod("app")
		if got := pod.Status.ContainerStatuses[0].AllocatedResources; pending(pod) != nil || !got.Cpu().Equal(resource.MustParse("1500m")) {
			t.Errorf("once there is room: allocated = %v, pending = %v", got, pending(pod))
		}
		w.resize("app", "3")
		if pending(w.pod("app")) == nil {
			t.Error("nothing is pending")
		}
		w.resize("app", "1500m")
		if got := pending(w.pod("app")); got != nil {
			t.Errorf("taken back, and still pending: %v", got)
		}
	})
}
