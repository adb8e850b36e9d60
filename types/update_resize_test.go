package types_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// oldPod is a pod as it is stored.
func oldPod(t *testing.T, spec string) *corev1.Pod {
	t.Helper()
	pod, err := descriptor.DecodeInto[corev1.Pod]([]byte("metadata: {name: p, namespace: web, resourceVersion: '1'}\nspec: {" + spec + "}"))
	if err != nil {
		t.Fatal(err)
	}
	types.Default(pod)
	return pod
}

func TestResizeErrors(t *testing.T) {
	quantity := func(list corev1.ResourceList, name corev1.ResourceName, text string) {
		list[name] = resource.MustParse(text)
	}
	const burstable = "containers: [{name: c, image: i, resources: {requests: {cpu: 1}}}], initContainers: [{name: s, image: i, restartPolicy: Always}]"
	for _, test := range []struct {
		rule, spec string
		change     func(*corev1.Pod)
		want       string
	}{
		{"nothing changes", burstable, func(*corev1.Pod) {}, ""},
		{"more cpu", burstable, func(p *corev1.Pod) { quantity(p.Spec.Containers[0].Resources.Requests, "cpu", "2") }, ""},
		{"what is not resources is ignored", burstable, func(p *corev1.Pod) { p.Spec.Containers[0].Image, p.Spec.NodeName = "j", "n" }, ""},
		{"another class", "containers: [{name: c, image: i}]", func(p *corev1.Pod) {
			p.Spec.Containers[0].Resources.Requests = corev1.ResourceList{"cpu": resource.MustParse("1")}
		}, `spec: Invalid value: "": Pod QOS Class may not change as a result of resizing`},
		{"a request goes", "containers: [{name: c, image: i, resources: {requests: {cpu: 1, memory: 1Gi}}}]", func(p *corev1.Pod) {
			delete(p.Spec.Containers[0].Resources.Requests, "cpu")
		}, "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed"},
		{"other resources", burstable, func(p *corev1.Pod) { quantity(p.Spec.Containers[0].Resources.Requests, "ephemeral-storage", "1Gi") },
			"spec: Forbidden: only cpu and memory resources are mutable"},
		{"a container more", burstable, func(p *corev1.Pod) {
			p.Spec.Containers = append(p.Spec.Containers, p.Spec.Containers[0])
			p.Spec.Containers[1].Name = "d"
		},
			"spec.containers: Forbidden: containers may not be added or removed on resize"},
		{"a container renamed", burstable, func(p *corev1.Pod) { p.Spec.Containers[0].Name = "d" },
			"spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			old := oldPod(t, test.spec)
			pod := old.DeepCopy()
			test.change(pod)
			types.PrepareResize(pod, old)
			got := ""
			if errs := types.ResizeErrors(pod, old); len(errs) > 0 {
				got = errs.ToAggregate().Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestResizeOfANodeThatCannot(t *testing.T) {
	old := oldPod(t, "containers: [{name: c, image: i}]")
	old.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "c", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}}
	pod := old.DeepCopy()
	types.PrepareResize(pod, old)
	got := types.ResizeErrors(pod, old).ToAggregate().Error()
	if want := "spec: Forbidden: Pod running on node without support for resize"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
