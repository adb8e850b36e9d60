package workloads

import (
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/internal/check"
	appsv1 "k8s.io/api/apps/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// defaultDeployment is SetDefaults_Deployment: a rolling update moves a quarter of the pods at a time.
func defaultDeployment(d *appsv1.Deployment) {
	if s := &d.Spec.Strategy; s.Type == appsv1.RollingUpdateDeploymentStrategyType {
		orPointer(&s.RollingUpdate, appsv1.RollingUpdateDeployment{})
		orPointer(&s.RollingUpdate.MaxUnavailable, intstr.FromString("25%"))
		orPointer(&s.RollingUpdate.MaxSurge, intstr.FromString("25%"))
	}
	types.DefaultPodTemplate(&d.Spec.Template)
}

func prepareDeployment(d *appsv1.Deployment) { types.PreparePodTemplate(&d.Spec.Template, nil) }

func prepareDeploymentUpdate(d, old *appsv1.Deployment) {
	types.PreparePodTemplate(&d.Spec.Template, &old.Spec.Template)
}

// deploymentErrors is ValidateDeployment.
func deploymentErrors(d *appsv1.Deployment) field.ErrorList {
	r := &report{}
	r.Metadata(&d.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.deploymentSpec(field.NewPath("spec"), &d.Spec)
	return r.Errors
}

// deploymentUpdateErrors is ValidateDeploymentUpdate.
func deploymentUpdateErrors(d, old *appsv1.Deployment) field.ErrorList {
	r := &report{}
	r.MetadataUpdate(&d.ObjectMeta, &old.ObjectMeta)
	r.deploymentSpec(field.NewPath("spec"), &d.Spec)
	r.Immutable(field.NewPath("spec", "selector"), d.Spec.Selector, old.Spec.Selector)
	return r.Errors
}

// deploymentSpec is ValidateDeploymentSpec.
func (r *report) deploymentSpec(at *field.Path, spec *appsv1.DeploymentSpec) {
	r.Count(at.Child("replicas"), spec.Replicas)
	r.requiredSelector(at.Child("selector"), spec.Selector, "deployment")
	r.selectedTemplate(at, spec.Selector, &spec.Template)
	r.deploymentStrategy(at.Child("strategy"), &spec.Strategy)
	r.NonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	r.Count(at.Child("revisionHistoryLimit"), spec.RevisionHistoryLimit)
	r.Count(at.Child("progressDeadlineSeconds"), spec.ProgressDeadlineSeconds)
	if p := spec.ProgressDeadlineSeconds; p != nil && *p <= spec.MinReadySeconds {
		r.Invalid(at.Child("progressDeadlineSeconds"), *p, "must be greater than minReadySeconds")
	}
}

// deploymentStrategy is ValidateDeploymentStrategy.
func (r *report) deploymentStrategy(at *field.Path, s *appsv1.DeploymentStrategy) {
	rolling := at.Child("rollingUpdate")
	switch {
	case s.Type == appsv1.RecreateDeploymentStrategyType && s.RollingUpdate != nil:
		r.Forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'")
	case s.Type == appsv1.RecreateDeploymentStrategyType:
	case s.Type != appsv1.RollingUpdateDeploymentStrategyType:
		r.Add(field.NotSupported(at, check.Internal{V: s}, []appsv1.DeploymentStrategyType{appsv1.RecreateDeploymentStrategyType, appsv1.RollingUpdateDeploymentStrategyType}))
	case s.RollingUpdate == nil:
		r.Required(rolling, "this should be defaulted and never be nil")
	default:
		down, more := deref(s.RollingUpdate.MaxUnavailable), deref(s.RollingUpdate.MaxSurge)
		r.intOrPercent(rolling.Child("maxUnavailable"), down)
		r.intOrPercent(rolling.Child("maxSurge"), more)
		if amountOf(down) == 0 && amountOf(more) == 0 {
			r.Invalid(rolling.Child("maxUnavailable"), down, "may not be 0 when `maxSurge` is 0")
		}
		r.atMostAll(rolling.Child("maxUnavailable"), down)
	}
}

// deploymentStatusErrors is ValidateDeploymentStatusUpdate.
func deploymentStatusErrors(d, old *appsv1.Deployment) field.ErrorList {
	r, at, s := &report{}, field.NewPath("status"), &d.Status
	updated, ready, available := check.Count{Name: "updatedReplicas", N: int64(s.UpdatedReplicas)},
		check.Count{Name: "readyReplicas", N: int64(s.ReadyReplicas)}, check.Count{Name: "availableReplicas", N: int64(s.AvailableReplicas)}
	r.MetadataUpdate(&d.ObjectMeta, &old.ObjectMeta)
	r.Counts(at, check.Count{Name: "observedGeneration", N: s.ObservedGeneration}, check.Count{Name: "replicas", N: int64(s.Replicas)},
		updated, ready, available, check.Count{Name: "unavailableReplicas", N: int64(s.UnavailableReplicas)})
	r.Count(at.Child("terminatingReplicas"), s.TerminatingReplicas)
	r.Count(at.Child("collisionCount"), s.CollisionCount)
	r.NoMoreThan(at, int64(s.Replicas), check.MoreThanReplicas, updated, ready, available)
	r.NoMoreThan(at, int64(s.ReadyReplicas), check.MoreThanReady, available)
	r.NotDecremented(at.Child("collisionCount"), s.CollisionCount, old.Status.CollisionCount)
	return r.Errors
}

func deploymentWarnings(d *appsv1.Deployment) []string {
	return append(namedPods(d.Name), types.PodTemplateWarnings(templatePath, &d.Spec.Template)...)
}

func deploymentUpdateWarnings(d, old *appsv1.Deployment) []string {
	if d.Generation == old.Generation {
		return nil
	}
	return types.PodTemplateWarnings(templatePath, &d.Spec.Template)
}
