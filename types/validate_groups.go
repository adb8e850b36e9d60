package types

import (
	"fmt"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// disruptionBudget is ValidatePodDisruptionBudget.
func (r *report) disruptionBudget(b *policyv1.PodDisruptionBudget) {
	at := field.NewPath("spec")
	r.metadata(&b.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	if b.Spec.MinAvailable != nil && b.Spec.MaxUnavailable != nil {
		r.invalid(at, b.Spec, "minAvailable and maxUnavailable cannot be both set")
	}
	for _, f := range []struct {
		name   string
		amount *intstr.IntOrString
	}{{"minAvailable", b.Spec.MinAvailable}, {"maxUnavailable", b.Spec.MaxUnavailable}} {
		maybe(f.amount, func(a *intstr.IntOrString) {
			r.intOrPercent(at.Child(f.name), *a)
			r.atMostAll(at.Child(f.name), *a)
		})
	}
	r.labelSelector(at.Child("selector"), b.Spec.Selector)
	maybe(b.Spec.UnhealthyPodEvictionPolicy, func(p *policyv1.UnhealthyPodEvictionPolicyType) {
		oneOf(r, at.Child("unhealthyPodEvictionPolicy"), *p, policyv1.AlwaysAllow, policyv1.IfHealthyBudget)
	})
}

// systemPriorities are the classes that may have names that begin as theirs do, IsKnownSystemPriorityClass.
var systemPriorities = map[string]int32{"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}

// priorityClass is ValidatePriorityClass.
func (r *report) priorityClass(pc *schedulingv1.PriorityClass) {
	const mostOfUsers = 1000000000
	r.metadata(&pc.ObjectMeta, false, apivalidation.NameIsDNSSubdomain)
	switch value, known := systemPriorities[pc.Name]; {
	case strings.HasPrefix(pc.Name, "system-"):
		if problem := systemClassProblem(pc, value, known); problem != "" {
			r.forbidden(field.NewPath("metadata", "name"), "priority class names with 'system-' prefix are reserved for system use only. error: "+problem)
		}
	case pc.Value > mostOfUsers:
		r.forbidden(field.NewPath("value"), fmt.Sprintf("maximum allowed value of a user defined priority is %d", mostOfUsers))
	}
	r.preemption(pc)
}

func systemClassProblem(pc *schedulingv1.PriorityClass, value int32, known bool) string {
	switch {
	case !known:
		return pc.Name + " is not a known system priority class"
	case pc.Value != value:
		return fmt.Sprintf("value of %s PriorityClass must be %d", pc.Name, value)
	case pc.GlobalDefault:
		return fmt.Sprintf("globalDefault of %s PriorityClass must be false", pc.Name)
	}
	return ""
}

func (r *report) preemption(pc *schedulingv1.PriorityClass) {
	maybe(pc.PreemptionPolicy, func(p *corev1.PreemptionPolicy) {
		oneOfOrRequired(r, field.NewPath("preemptionPolicy"), *p, corev1.PreemptLowerPriority, corev1.PreemptNever)
	})
}

// priorityClassUpdate is ValidatePriorityClassUpdate: the pods that name the class have its value already.
func (r *report) priorityClassUpdate(pc, old *schedulingv1.PriorityClass) {
	r.metadataUpdate(&pc.ObjectMeta, &old.ObjectMeta)
	if pc.Value != old.Value {
		r.forbidden(field.NewPath("value"), "may not be changed in an update.")
	}
	r.add(apivalidation.ValidateImmutableField(pc.PreemptionPolicy, old.PreemptionPolicy, field.NewPath("preemptionPolicy"))...)
}

// lease is ValidateLease.
func (r *report) lease(l *coordinationv1.Lease) {
	at := field.NewPath("spec")
	r.metadata(&l.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	if n := l.Spec.LeaseDurationSeconds; n != nil && *n <= 0 {
		r.invalid(at.Child("leaseDurationSeconds"), *n, "must be greater than 0")
	}
	if n := l.Spec.LeaseTransitions; n != nil && *n < 0 {
		r.invalid(at.Child("leaseTransitions"), *n, notNegative)
	}
}

// autoscaler is ValidateHorizontalPodAutoscaler, without the rules of metrics and behavior.
func (r *report) autoscaler(a *autoscalingv2.HorizontalPodAutoscaler) {
	at, spec := field.NewPath("spec"), &a.Spec
	r.metadata(&a.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	if spec.MinReplicas != nil && *spec.MinReplicas < 1 {
		r.invalid(at.Child("minReplicas"), *spec.MinReplicas, "must be greater than or equal to 1")
	}
	switch {
	case spec.MaxReplicas == 0:
		r.required(at.Child("maxReplicas"), "must be set and greater than 0")
	case spec.MaxReplicas < 0:
		r.invalid(at.Child("maxReplicas"), spec.MaxReplicas, "must be greater than or equal to 1")
	}
	if spec.MinReplicas != nil && spec.MaxReplicas < *spec.MinReplicas {
		r.invalid(at.Child("maxReplicas"), spec.MaxReplicas, "must be greater than or equal to `minReplicas`")
	}
	r.present(at.Child("scaleTargetRef", "kind"), spec.ScaleTargetRef.Kind)
	r.present(at.Child("scaleTargetRef", "name"), spec.ScaleTargetRef.Name)
}
