package workloads

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// jobUpdateErrors is ValidateJobUpdate: what a job runs is settled when it is made, but for one that is suspended.
func jobUpdateErrors(job, old *batchv1.Job) field.ErrorList {
	r, at := &report{}, field.NewPath("spec")
	spec, was := &job.Spec, &old.Spec
	r.MetadataUpdate(&job.ObjectMeta, &old.ObjectMeta)
	r.jobSpec(at, spec)
	r.jobSelector(at, spec, was.Selector)
	r.completionsUpdate(at.Child("completions"), spec, was)
	r.Immutable(at.Child("selector"), spec.Selector, was.Selector)
	r.templateUpdate(at, spec, old)
	r.Immutable(at.Child("completionMode"), spec.CompletionMode, was.CompletionMode)
	r.Immutable(at.Child("podFailurePolicy"), spec.PodFailurePolicy, was.PodFailurePolicy)
	r.Immutable(at.Child("backoffLimitPerIndex"), spec.BackoffLimitPerIndex, was.BackoffLimitPerIndex)
	r.Immutable(at.Child("managedBy"), spec.ManagedBy, was.ManagedBy)
	r.Immutable(at.Child("successPolicy"), spec.SuccessPolicy, was.SuccessPolicy)
	r.nameHasRoom(job)
	return r.Errors
}

// completionsUpdate is validateCompletions: an indexed job may get more or fewer indexes, together with its pods.
func (r *report) completionsUpdate(at *field.Path, spec, old *batchv1.JobSpec) {
	if !isIndexed(spec) {
		r.Immutable(at, spec.Completions, old.Completions)
		return
	}
	if n := spec.Completions; n != nil && !equality.Semantic.DeepEqual(n, old.Completions) && *n != deref(spec.Parallelism) {
		r.Invalid(at, *n, "can only be modified in tandem with spec.parallelism")
	}
}

// isAtRest is shouldAllowMutablePodTemplate: the job is suspended, and none of its pods is left.
func isAtRest(job *batchv1.Job) bool {
	return isTrue(job.Spec.Suspend) && (job.Status.StartTime == nil || is(job, batchv1.JobSuspended, corev1.ConditionTrue)) && job.Status.Active == 0
}

// templateUpdate is validatePodTemplateUpdate: a job at rest may be sent to other nodes, and its containers may get other resources. Of
// one that is suspended while pods are left nothing may change.
func (r *report) templateUpdate(at *field.Path, spec *batchv1.JobSpec, old *batchv1.Job) {
	t, was := &spec.Template, old.Spec.Template.DeepCopy()
	if !isAtRest(old) {
		r.Immutable(at.Child("template"), t, was)
		return
	}
	was.Spec.Affinity = withNodeAffinity(was.Spec.Affinity, t.Spec.Affinity)
	sameResources(was.Spec.Containers, t.Spec.Containers)
	sameResources(was.Spec.InitContainers, t.Spec.InitContainers)
	was.Spec.NodeSelector, was.Spec.Tolerations, was.Spec.SchedulingGates = t.Spec.NodeSelector, t.Spec.Tolerations, t.Spec.SchedulingGates
	r.Immutable(at.Child("template.spec"), t.Spec, was.Spec)
}

// withNodeAffinity is an affinity with the choice of nodes of another.
func withNodeAffinity(of, from *corev1.Affinity) *corev1.Affinity {
	switch {
	case of == nil && from == nil:
		return nil
	case of == nil:
		return &corev1.Affinity{NodeAffinity: from.NodeAffinity}
	case from == nil:
		of.NodeAffinity = nil
		if *of == (corev1.Affinity{}) {
			return nil
		}
	default:
		of.NodeAffinity = from.NodeAffinity
	}
	return of
}

func sameResources(of, from []corev1.Container) {
	if len(of) != len(from) {
		return
	}
	for i := range of {
		if of[i].Name == from[i].Name {
			of[i].Resources = from[i].Resources
		}
	}
}
