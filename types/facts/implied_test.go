package facts

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

// Workload is a custom resource that holds what a pod holds.
type Workload struct {
	Spec corev1.PodSpec `json:"spec"`
}

// What the server's code sets in pods, it does not set in a custom resource that looks like one: there only what is
// declared counts.
func TestImpliedDefaultsAreThoseOfBuiltInKinds(t *testing.T) {
	spec := func() corev1.PodSpec {
		return corev1.PodSpec{Containers: []corev1.Container{{Ports: []corev1.ContainerPort{{ContainerPort: 80}}}}}
	}
	pod, workload := &corev1.Pod{Spec: spec()}, &Workload{Spec: spec()}
	Default(pod)
	Default(workload)
	type seen struct {
		DNS      corev1.DNSPolicy
		Protocol corev1.Protocol
	}
	look := func(s corev1.PodSpec) seen { return seen{s.DNSPolicy, s.Containers[0].Ports[0].Protocol} }
	if diff := cmp.Diff(seen{"ClusterFirst", "TCP"}, look(pod.Spec)); diff != "" {
		t.Errorf("pod (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(seen{"", "TCP"}, look(workload.Spec)); diff != "" {
		t.Errorf("custom resource (-want +got):\n%s", diff)
	}
}
