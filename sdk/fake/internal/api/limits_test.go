package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// amounts reads a resource list from pairs of name and amount.
func amounts(pairs ...string) corev1.ResourceList {
	list := corev1.ResourceList{}
	for i := 0; i < len(pairs); i += 2 {
		list[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return list
}

func written(list corev1.ResourceList) map[string]string {
	texts := map[string]string{}
	for name, q := range list {
		texts[string(name)] = q.String()
	}
	return texts
}

// TestDefaultsOfSeveralLimitRanges: the first by name that knows of a resource settles it, and the last that gave anything is noted.
func TestDefaultsOfSeveralLimitRanges(t *testing.T) {
	a := newAPI(t)
	for name, defaults := range map[string]corev1.ResourceList{"a": amounts("cpu", "1"), "b": amounts("cpu", "2", "memory", "1Gi")} {
		mustCreate(t, a, registry.LimitRanges, &corev1.LimitRange{
			ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"},
			Spec:       corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{Type: corev1.LimitTypeContainer, Default: defaults}}},
		})
	}
	got := mustCreate(t, a, registry.Pods, pod("p")).(*corev1.Pod)
	if diff := cmp.Diff(map[string]string{"cpu": "1", "memory": "1Gi"}, written(got.Spec.Containers[0].Resources.Limits)); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	const note = "LimitRanger plugin set: memory request for container c; memory limit for container c"
	if got := got.Annotations["kubernetes.io/limit-ranger"]; got != note {
		t.Errorf("annotation %q, want %q", got, note)
	}
}
