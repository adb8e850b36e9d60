package workloads

import (
	"errors"

	"github.com/podwright/podwright/types/internal/check"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// defaultAutoscaler is SetDefaults_HorizontalPodAutoscaler and, for a behavior that is given, SetDefaults_HorizontalPodAutoscalerBehavior.
func defaultAutoscaler(a *autoscalingv2.HorizontalPodAutoscaler) {
	spec := &a.Spec
	orPointer(&spec.MinReplicas, 1)
	if len(spec.Metrics) == 0 {
		spec.Metrics = []autoscalingv2.MetricSpec{{
			Type: autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricSource{
				Name:   corev1.ResourceCPU,
				Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: new(int32(80))},
			},
		}}
	}
	if b := spec.Behavior; b != nil {
		double := autoscalingv2.HPAScalingPolicy{Type: autoscalingv2.PercentScalingPolicy, Value: 100, PeriodSeconds: 15}
		four := autoscalingv2.HPAScalingPolicy{Type: autoscalingv2.PodsScalingPolicy, Value: 4, PeriodSeconds: 15}
		defaultScaling(&b.ScaleUp, four, double)
		orPointer(&b.ScaleUp.StabilizationWindowSeconds, 0)
		defaultScaling(&b.ScaleDown, double)
	}
}

func defaultScaling(rules **autoscalingv2.HPAScalingRules, policies ...autoscalingv2.HPAScalingPolicy) {
	orPointer(rules, autoscalingv2.HPAScalingRules{})
	orPointer(&(*rules).SelectPolicy, autoscalingv2.MaxChangePolicySelect)
	if (*rules).Policies == nil {
		(*rules).Policies = policies
	}
}

// autoscalerErrors is ValidateHorizontalPodAutoscaler.
func autoscalerErrors(a *autoscalingv2.HorizontalPodAutoscaler) field.ErrorList {
	r := &report{}
	r.Metadata(&a.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.autoscaler(&a.Spec, nil)
	return r.Errors
}

// autoscalerUpdateErrors is ValidateHorizontalPodAutoscalerUpdate.
func autoscalerUpdateErrors(a, old *autoscalingv2.HorizontalPodAutoscaler) field.ErrorList {
	r := &report{}
	r.MetadataUpdate(&a.ObjectMeta, &old.ObjectMeta)
	r.autoscaler(&a.Spec, &old.Spec)
	return r.Errors
}

// autoscaler is validateHorizontalPodAutoscalerSpec; old is nil on creation. References whose API version was wrong before may stay so.
func (r *report) autoscaler(spec, old *autoscalingv2.HorizontalPodAutoscalerSpec) {
	at := field.NewPath("spec")
	late := r.replicaBounds(at, spec, old)
	target, was := &spec.ScaleTargetRef, autoscalingv2.CrossVersionObjectReference{}
	if old != nil {
		was = old.ScaleTargetRef
	}
	rule := inGroup
	switch {
	case old != nil && was.APIVersion == target.APIVersion && was.Kind == target.Kind:
		rule = anyVersion
	case target.Kind == "ReplicationController":
		rule = anyGroup
	}
	r.reference(at.Child("scaleTargetRef"), target, rule)
	r.metrics(at.Child("metrics"), spec, old)
	if b := spec.Behavior; b != nil {
		r.scaling(at.Child("behavior", "scaleUp"), b.ScaleUp)
		r.scaling(at.Child("behavior", "scaleDown"), b.ScaleDown)
	}
	r.Add(late...)
}

// replicaBounds checks the bounds of an autoscaler. What the server finds by declared markers, which it reads after its own rules and only
// of a field that has changed, is returned: it comes last, in the words of the markers. The gate HPAScaleToZero is on.
func (r *report) replicaBounds(at *field.Path, spec, old *autoscalingv2.HorizontalPodAutoscalerSpec) field.ErrorList {
	late := &report{}
	least, most := at.Child("minReplicas"), at.Child("maxReplicas")
	if n := spec.MinReplicas; n != nil && *n < 0 {
		to := late
		if old != nil && equality.Semantic.DeepEqual(n, old.MinReplicas) {
			to = r
		}
		to.Invalid(least, *n, check.NotNegative)
	}
	switch n := spec.MaxReplicas; {
	case n > 0:
	case old == nil || n != old.MaxReplicas:
		if n == 0 {
			late.Required(most, "")
		} else {
			late.Invalid(most, n, "must be greater than or equal to 1")
		}
	case n == 0:
		r.Required(most, "must be set and greater than 0")
	default:
		r.Invalid(most, n, "must be greater than or equal to 1")
	}
	if n := spec.MinReplicas; n != nil && spec.MaxReplicas < *n {
		r.Invalid(most, spec.MaxReplicas, "must be greater than or equal to `minReplicas`")
	}
	return late.Errors
}

// versionRule is what the API version of a reference must be.
type versionRule int

const (
	inGroup    versionRule = iota // of a group that has a name
	anyGroup                      // of any group
	anyVersion                    // whatever it is
)

// reference is ValidateCrossVersionObjectReference.
func (r *report) reference(at *field.Path, ref *autoscalingv2.CrossVersionObjectReference, rule versionRule) {
	if r.Present(at.Child("kind"), ref.Kind) {
		r.Messages(at.Child("kind"), ref.Kind, path.IsValidPathSegmentName(ref.Kind))
	}
	if r.Present(at.Child("name"), ref.Name) {
		r.Messages(at.Child("name"), ref.Name, path.IsValidPathSegmentName(ref.Name))
	}
	if err := versionError(ref, rule); err != nil {
		r.Invalid(at.Child("apiVersion"), ref.APIVersion, err.Error())
	}
}

// versionError is ValidateAPIVersion.
func versionError(ref *autoscalingv2.CrossVersionObjectReference, rule versionRule) error {
	if rule == anyVersion {
		return nil
	}
	version, err := schema.ParseGroupVersion(ref.APIVersion)
	if err == nil && rule == inGroup && version.Group == "" {
		err = errors.New("apiVersion must specify API group")
	}
	return err
}

// autoscalerStatusErrors is ValidateHorizontalPodAutoscalerStatusUpdate.
func autoscalerStatusErrors(a, old *autoscalingv2.HorizontalPodAutoscaler) field.ErrorList {
	r, at := &report{}, field.NewPath("status")
	r.MetadataUpdate(&a.ObjectMeta, &old.ObjectMeta)
	for i, c := range a.Status.Conditions {
		r.NonNegative(at.Child("conditions").Index(i).Child("observedGeneration"), deref(c.ObservedGeneration))
	}
	r.NonNegative(at.Child("currentReplicas"), int64(a.Status.CurrentReplicas))
	r.NonNegative(at.Child("desiredReplicas"), int64(a.Status.DesiredReplicas))
	return r.Errors
}
