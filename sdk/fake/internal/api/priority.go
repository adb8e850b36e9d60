package api

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/utils/ptr"
)

// priorities are those of the priority classes that every cluster has, though none has them as objects here.
var priorities = map[string]int32{"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}

// admitPriority gives a new pod the priority of its class, and refuses an unknown class and a priority or preemption policy
// that is not the class's, as the Priority plugin does.
func (a *API) admitPriority(pod *corev1.Pod) error {
	spec := &pod.Spec
	class, known := a.priorityClass(spec.PriorityClassName)
	policy := ptr.Deref(class.PreemptionPolicy, corev1.PreemptLowerPriority)
	var refusal error
	switch {
	case !known:
		refusal = fmt.Errorf("no PriorityClass with name %s was found", spec.PriorityClassName)
	case spec.Priority != nil && *spec.Priority != class.Value:
		refusal = fmt.Errorf("the integer value of priority (%d) must not be provided in pod spec; "+
			"priority admission controller computed %d from the given PriorityClass name", *spec.Priority, class.Value)
	case spec.PreemptionPolicy != nil && *spec.PreemptionPolicy != policy:
		refusal = fmt.Errorf("the string value of PreemptionPolicy (%s) must not be provided in pod spec; "+
			"priority admission controller computed %s from the given PriorityClass name", *spec.PreemptionPolicy, policy)
	default:
		spec.PriorityClassName, spec.Priority, spec.PreemptionPolicy = class.Name, &class.Value, &policy
		return nil
	}
	return apierrors.NewForbidden(registry.Pods.GroupResource(), nameOf(pod), refusal)
}

// priorityClass finds a class by its name. Pods that name none have the default, of several the one of the lowest value, and if
// there is no default, a class without a name and of value 0.
func (a *API) priorityClass(name string) (class schedulingv1.PriorityClass, known bool) {
	if value, ok := priorities[name]; ok {
		class.Name, class.Value = name, value
		return class, true
	}
	objects, _ := a.List(registry.PriorityClasses, "")
	for _, obj := range objects {
		c := obj.(*schedulingv1.PriorityClass)
		fits := c.Name == name || name == "" && c.GlobalDefault
		if fits && (!known || c.Value < class.Value) {
			class, known = *c, true
		}
	}
	return class, known || name == ""
}
