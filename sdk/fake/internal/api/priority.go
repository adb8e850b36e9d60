package api

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/utils/ptr"
)

// admitPriority gives a new pod the priority of its class, and refuses an unknown class and a priority or preemption policy
// that is not the class's, as the Priority plugin does. What a pod without a class has, package types says.
func (a *API) admitPriority(pod *corev1.Pod) error {
	spec := &pod.Spec
	class, known := a.priorityClass(spec.PriorityClassName)
	policy := ptr.Deref(class.PreemptionPolicy, corev1.PreemptLowerPriority)
	switch {
	case !known:
		return forbidPod(pod, fmt.Errorf("no PriorityClass with name %s was found", spec.PriorityClassName))
	case spec.Priority != nil && *spec.Priority != class.Value:
		return forbidPod(pod, fmt.Errorf("the integer value of priority (%d) must not be provided in pod spec; "+
			"priority admission controller computed %d from the given PriorityClass name", *spec.Priority, class.Value))
	case spec.PreemptionPolicy != nil && *spec.PreemptionPolicy != policy:
		return forbidPod(pod, fmt.Errorf("the string value of PreemptionPolicy (%s) must not be provided in pod spec; "+
			"priority admission controller computed %s from the given PriorityClass name", *spec.PreemptionPolicy, policy))
	case class.Name != "":
		spec.PriorityClassName, spec.Priority, spec.PreemptionPolicy = class.Name, &class.Value, &policy
	}
	return nil
}

// priorityClass finds a class by its name. Pods that name none have the default, and if there is none, a class without a name and of
// value 0.
func (a *API) priorityClass(name string) (class schedulingv1.PriorityClass, known bool) {
	if name == "" {
		if c := a.defaultPriorityClass(); c != nil {
			return *c, true
		}
		return class, true
	}
	obj, err := a.Get(registry.PriorityClasses, "", name)
	if err != nil {
		return class, false
	}
	return *obj.(*schedulingv1.PriorityClass), true
}

// defaultPriorityClass is the class of pods that name none, of several the one of the lowest value; nil if there is none.
func (a *API) defaultPriorityClass() *schedulingv1.PriorityClass {
	var lowest *schedulingv1.PriorityClass
	objects, _ := a.List(registry.PriorityClasses, "")
	for _, obj := range objects {
		c := obj.(*schedulingv1.PriorityClass)
		if c.GlobalDefault && (lowest == nil || c.Value < lowest.Value) {
			lowest = c
		}
	}
	return lowest
}

// checkDefaultPriority refuses a second default class, as the Priority plugin does.
func (a *API) checkDefaultPriority(c *schedulingv1.PriorityClass, old store.Object) error {
	if !c.GlobalDefault {
		return nil
	}
	is := a.defaultPriorityClass()
	if is == nil || old != nil && is.Name == c.Name {
		return nil
	}
	return apierrors.NewForbidden(registry.PriorityClasses.GroupResource(), nameOf(c),
		fmt.Errorf("PriorityClass %v is already marked as default. Only one default can exist", is.Name))
}
