package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestPriorityIsThatOfAnObject(t *testing.T) {
	class := func(name string, value int32, byDefault bool, policy corev1.PreemptionPolicy) *schedulingv1.PriorityClass {
		return &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: value, GlobalDefault: byDefault, PreemptionPolicy: &policy}
	}
	high, low := class("high", 9, false, "Never"), class("low", 5, true, "PreemptLowerPriority")
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

// TestOneDefaultPriority: a second default class is refused, new or changed.
func TestOneDefaultPriority(t *testing.T) {
	a := newServedAPI(t)
	class := func(name string, byDefault bool) *schedulingv1.PriorityClass {
		return &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: 5, GlobalDefault: byDefault}
	}
	mustCreate(t, a, registry.PriorityClasses, class("first", true))
	mustCreate(t, a, registry.PriorityClasses, class("second", false))
	const refusal = "PriorityClass first is already marked as default. Only one default can exist"
	o := api.WriteOptions{Manager: "test"}
	if _, err := a.Create(registry.PriorityClasses, class("third", true), o); !apierrors.IsForbidden(err) || !contains(err.Error(), refusal) {
		t.Errorf("Create = %v, want Forbidden: %s", err, refusal)
	}
	mark := func(name, description string) error {
		_, err := a.Update(registry.PriorityClasses, "", name, o, func(obj store.Object) error {
			c := obj.(*schedulingv1.PriorityClass)
			c.GlobalDefault, c.Description = true, description
			return nil
		})
		return err
	}
	if err := mark("second", ""); !apierrors.IsForbidden(err) || !contains(err.Error(), refusal) {
		t.Errorf("Update = %v, want Forbidden: %s", err, refusal)
	}
	if err := mark("first", "still the default"); err != nil {
		t.Errorf("Update of the default itself = %v", err)
	}
}

func TestClassesOfTheSystemStay(t *testing.T) {
	a := newServedAPI(t)
	name := registry.SystemNodeCritical
	mustCreate(t, a, registry.PriorityClasses, &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: 2_000_001_000})
	_, _, err := a.Delete(registry.PriorityClasses, "", name, metav1.DeleteOptions{}, api.WriteOptions{})
	const want = `priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted`
	if err == nil || err.Error() != want {
		t.Errorf("Delete = %v, want %s", err, want)
	}
}
