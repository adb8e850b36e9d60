package types_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
)

func TestEphemeralContainersErrors(t *testing.T) {
	debug := func(name string) corev1.EphemeralContainer {
		return corev1.EphemeralContainer{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: name, Image: "i"}}
	}
	for _, test := range []struct {
		rule     string
		old, new []corev1.EphemeralContainer
		want     string
	}{
		{"one comes", nil, []corev1.EphemeralContainer{debug("d")}, ""},
		{"one that is there already", nil, []corev1.EphemeralContainer{debug("c")}, `spec.ephemeralContainers[0].name: Duplicate value: "c"`},
		{"one goes", []corev1.EphemeralContainer{debug("d")}, nil, "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be removed\n"},
		{"another order", []corev1.EphemeralContainer{debug("d"), debug("e")}, []corev1.EphemeralContainer{debug("e"), debug("d")}, ""},
	} {
		t.Run(test.rule, func(t *testing.T) {
			old := oldPod(t, "containers: [{name: c, image: i}]")
			pod := old.DeepCopy()
			old.Spec.EphemeralContainers, pod.Spec.EphemeralContainers = test.old, test.new
			types.Default(old)
			types.Default(pod)
			got := ""
			if errs := types.EphemeralContainersErrors(pod, old); len(errs) > 0 {
				got = errs.ToAggregate().Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
