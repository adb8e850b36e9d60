package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestPriorityIsThatOfAnObject(t *testing.T) {
	class := func(name string, value int32, byDefault bool, policy corev1.PreemptionPolicy) *schedulingv1.PriorityClass {
		return &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: value, GlobalDefault: byDefault, PreemptionPolicy: &policy}
	}
	high, low, lower := class("high", 9, false, "Never"), class("low", 5, true, "PreemptLowerPriority"), class("lower", 4, true, "Never")
	type seen struct {
		Class  string
		Value  int32
		Policy corev1.PreemptionPolicy
	}
	for _, tt := range []struct {
		rule    string
		classes []*schedulingv1.PriorityClass
		asked   string
		want    seen
	}{
		{"none", nil, "", seen{"", 0, "PreemptLowerPriority"}},
		{"none by default", []*schedulingv1.PriorityClass{high}, "", seen{"", 0, "PreemptLowerPriority"}},
		{"the one that is named", []*schedulingv1.PriorityClass{high, low}, "high", seen{"high", 9, "Never"}},
		{"the default", []*schedulingv1.PriorityClass{high, low}, "", seen{"low", 5, "PreemptLowerPriority"}},
		{"the lowest default", []*schedulingv1.PriorityClass{low, lower}, "", seen{"lower", 4, "Never"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a := newServedAPI(t)
			mustCreate(t, a, registry.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "default"}})
			for _, c := range tt.classes {
				mustCreate(t, a, registry.PriorityClasses, c.DeepCopy())
			}
			p := pod("a")
			p.Spec.PriorityClassName = tt.asked
			spec := mustCreate(t, a, registry.Pods, p).(*corev1.Pod).Spec
			if diff := cmp.Diff(tt.want, seen{spec.PriorityClassName, *spec.Priority, *spec.PreemptionPolicy}); diff != "" {
				t.Errorf("priority (-want +got):\n%s", diff)
			}
		})
	}
}
