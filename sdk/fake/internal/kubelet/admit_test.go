package kubelet_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// A pod that somebody binds to a node which cannot take it fails, with the reason of a kubelet.
func TestPodsThatTheNodeDoesNotTake(t *testing.T) {
	requests := func(name, quantity string) func(*corev1.Pod) {
		return func(pod *corev1.Pod) {
			list := corev1.ResourceList{corev1.ResourceName(name): resource.MustParse(quantity)}
			pod.Spec.Containers[0].Resources = corev1.ResourceRequirements{Requests: list, Limits: list}
		}
	}
	for name, tc := range map[string]struct {
		change          func(*corev1.Pod)
		reason, message string
	}{
		"cpu":                 {requests("cpu", "1600m"), "OutOfcpu", "Node didn't have enough resource: cpu, requested: 1600, used: 500, capacity: 2000"},
		"memory":              {requests("memory", "9Gi"), "OutOfmemory", "Node didn't have enough resource: memory, requested: 9663676416, used: 0, capacity: 8589934592"},
		"of another resource": {requests("example.com/gpu", "2"), "OutOfexample.com/gpu", "Node didn't have enough resource: example.com/gpu, requested: 2, used: 0, capacity: 1"},
		"unknown resource":    {requests("example.com/fpga", "1"), "", ""},
		"selector": {func(pod *corev1.Pod) { pod.Spec.NodeSelector = map[string]string{"disk": "ssd"} },
			"NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"},
		"host port": {func(pod *corev1.Pod) {
			pod.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 1, HostPort: 80}}
		},
			"NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"},
		"os": {func(pod *corev1.Pod) { pod.Spec.OS = &corev1.PodOS{Name: corev1.Windows} },
			"PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS"},
		"label os": {func(pod *corev1.Pod) { pod.Labels = map[string]string{corev1.LabelOSStable: "windows"} },
			"PodOSSelectorNodeLabelDoesNotMatch", "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.create(registry.Nodes, node(w))
				w.handle("app", untilTerminated)
				first := podOf("first", "app")
				requests("cpu", "500m")(first)
				first.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 80}}
				w.run(first)
				second := podOf("second", "app")
				tc.change(second)
				got := w.run(second).Status
				if tc.reason == "" {
					if got.Phase != corev1.PodRunning {
						t.Errorf("phase = %s", got.Phase)
					}
					return
				}
				want := corev1.PodStatus{Phase: corev1.PodFailed, Reason: tc.reason, Message: "Pod was rejected: " + tc.message}
				if diff := cmp.Diff(want, corev1.PodStatus{Phase: got.Phase, Reason: got.Reason, Message: got.Message}); diff != "" {
					t.Errorf("status (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff([]string{"Warning " + tc.reason + " : " + tc.message}, w.events("second")); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// node is the Node of the world, with one gpu.
func node(w *world) *corev1.Node {
	n := kubelet.Node{Name: "minikube", IP: kubelet.Nodes(1)[0].IP}
	n.Capacity = corev1.ResourceList{"example.com/gpu": resource.MustParse("1")}
	return n.Object(apiNow())
}

// What a pod had is free once it has ended, for the next one.
func TestRoomIsFreed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		big := func(name string) *corev1.Pod {
			pod := podOf(name, "app")
			pod.Spec.Containers[0].Resources.Requests = corev1.ResourceList{"cpu": resource.MustParse("2")}
			return pod
		}
		w.run(big("first"))
		if got := w.run(big("second")).Status.Reason; got != "OutOfcpu" {
			t.Errorf("reason = %q", got)
		}
		w.delete("first", 0)
		synctest.Wait()
		if got := w.run(big("third")).Status.Phase; got != corev1.PodRunning {
			t.Errorf("phase = %s", got)
		}
	})
}
