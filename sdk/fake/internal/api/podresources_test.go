package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	corev1 "k8s.io/api/core/v1"
)

func TestPodRequests(t *testing.T) {
	container := func(name, cpu string) corev1.Container {
		return corev1.Container{Name: name, Resources: corev1.ResourceRequirements{Requests: amounts("cpu", cpu), Limits: amounts("cpu", cpu)}}
	}
	sidecar := func(name, cpu string) corev1.Container {
		c := container(name, cpu)
		c.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
		return c
	}
	for _, tt := range []struct {
		rule             string
		pod              corev1.Pod
		requests, limits string // of CPU
	}{
		{"containers together", corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{container("a", "1"), container("b", "2")}}}, "3", "3"},
		{"an init container that needs more", corev1.Pod{Spec: corev1.PodSpec{
			InitContainers: []corev1.Container{container("i", "5")}, Containers: []corev1.Container{container("a", "1")},
		}}, "5", "5"},
		{"a sidecar runs beside those after it", corev1.Pod{Spec: corev1.PodSpec{
			InitContainers: []corev1.Container{container("i", "2"), sidecar("s", "1"), container("j", "3")}, Containers: []corev1.Container{container("a", "1")},
		}}, "4", "4"},
		{"the pod as a whole, and what running it costs", corev1.Pod{Spec: corev1.PodSpec{
			Containers: []corev1.Container{container("a", "1")}, Overhead: amounts("cpu", "500m"),
			Resources: &corev1.ResourceRequirements{Requests: amounts("cpu", "2")},
		}}, "2500m", "1500m"},
		{"what it has, while it is made smaller", corev1.Pod{
			Spec: corev1.PodSpec{Containers: []corev1.Container{container("a", "1")}},
			Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{Name: "a", AllocatedResources: amounts("cpu", "1"),
				Resources: &corev1.ResourceRequirements{Requests: amounts("cpu", "3"), Limits: amounts("cpu", "4")}}}},
		}, "3", "4"},
		{"what it will never have does not count", corev1.Pod{
			Spec: corev1.PodSpec{Containers: []corev1.Container{container("a", "9")}},
			Status: corev1.PodStatus{
				Conditions: []corev1.PodCondition{{Type: corev1.PodResizePending, Reason: corev1.PodReasonInfeasible}},
				ContainerStatuses: []corev1.ContainerStatus{{Name: "a", AllocatedResources: amounts("cpu", "1"),
					Resources: &corev1.ResourceRequirements{Requests: amounts("cpu", "1"), Limits: amounts("cpu", "1")}}},
			},
		}, "1", "1"},
	} {
		got := []string{written(api.PodRequests(&tt.pod))["cpu"], written(api.PodLimits(&tt.pod))["cpu"]}
		if diff := cmp.Diff([]string{tt.requests, tt.limits}, got); diff != "" {
			t.Errorf("%s: requests and limits (-want +got):\n%s", tt.rule, diff)
		}
	}
}
