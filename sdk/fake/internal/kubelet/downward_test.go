package kubelet_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func TestLimitsOfTheDownwardAPI(t *testing.T) {
	memory := func(s string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(s)}
	}
	tests := []struct {
		rule           string
		container, pod corev1.ResourceList
		of, want       string
	}{
		{"the container's", memory("3Mi"), memory("5Mi"), "limits.memory", "3"},
		{"the pod's, for a container without", nil, memory("5Mi"), "limits.memory", "5"},
		{"zero is none", memory("0"), memory("5Mi"), "limits.memory", "5"},
		{"the node's, without both", nil, nil, "limits.memory", "8192"},
		{"huge pages are not the node's", nil, nil, "limits.hugepages-2Mi", "0"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				var seen environment
				w.images.add("app", kubelet.Image{Program: seen.run})
				pod := podOf("app", "app")
				pod.Spec.Resources = &corev1.ResourceRequirements{Limits: test.pod}
				pod.Spec.Containers[0].Resources.Limits = test.container
				pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "LIMIT", ValueFrom: amount(test.of, "1Mi")}}
				w.run(pod)
				if want := "LIMIT=" + test.want; !slices.Contains(seen.Env, want) {
					t.Errorf("(-want +got):\n%s", cmp.Diff([]string{want}, seen.Env))
				}
			})
		})
	}
}
