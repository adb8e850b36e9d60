package workloads

import (
	"fmt"
	"maps"
	"math"

	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/internal/check"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// defaultJob is SetDefaults_Job: one pod, unless the number of them is left open on purpose.
func defaultJob(job *batchv1.Job) {
	spec := &job.Spec
	if spec.Completions == nil && spec.Parallelism == nil {
		orPointer(&spec.Completions, 1)
	}
	orPointer(&spec.Parallelism, 1)
	if spec.BackoffLimitPerIndex != nil {
		orPointer(&spec.BackoffLimit, math.MaxInt32)
	}
	orPointer(&spec.BackoffLimit, 6)
	orPointer(&spec.CompletionMode, batchv1.NonIndexedCompletion)
	orPointer(&spec.Suspend, false)
	orPointer(&spec.ManualSelector, false)
	if spec.Template.Labels != nil && len(job.Labels) == 0 {
		job.Labels = maps.Clone(spec.Template.Labels)
	}
	if spec.PodFailurePolicy != nil {
		orPointer(&spec.PodReplacementPolicy, batchv1.Failed)
	}
	orPointer(&spec.PodReplacementPolicy, batchv1.TerminatingOrFailed)
	defaultJobSpec(spec)
}

// defaultJobSpec sets the defaults that a job template of a cron job has too.
func defaultJobSpec(spec *batchv1.JobSpec) { types.DefaultPodTemplate(&spec.Template) }

// prepareJob gives a job that has its name and UID a selector, see selectOwnPods, and one without labels those of its pods, as it has
// them once a server reads it again: SetDefaults_Job runs on what is stored, too. WorkloadWithJob is off.
func prepareJob(job *batchv1.Job) {
	if job.UID != "" {
		selectOwnPods(job)
		if len(job.Labels) == 0 {
			job.Labels = maps.Clone(job.Spec.Template.Labels)
		}
	}
	prepareJobSpec(&job.Spec, nil)
}

func prepareJobUpdate(job, old *batchv1.Job) { prepareJobSpec(&job.Spec, &old.Spec) }

func prepareJobSpec(spec, old *batchv1.JobSpec) {
	if old == nil {
		spec.Scheduling = nil
		types.PreparePodTemplate(&spec.Template, nil)
		return
	}
	if old.Scheduling == nil {
		spec.Scheduling = nil
	}
	types.PreparePodTemplate(&spec.Template, &old.Template)
}

// jobErrors is ValidateJobCreate. A job that has not been at a server has no UID, and its selector is still to come: it is looked at as
// a server would complete it.
func jobErrors(job *batchv1.Job) field.ErrorList {
	if job.UID == "" {
		job = job.DeepCopy()
		job.UID = "00000000-0000-0000-0000-000000000000"
		selectOwnPods(job)
	}
	r := &report{}
	r.Metadata(&job.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.generatedSelector(job)
	r.jobSpec(field.NewPath("spec"), &job.Spec)
	r.jobSelector(field.NewPath("spec"), &job.Spec, nil)
	r.nameHasRoom(job)
	return r.Errors
}

// jobSpec is validateJobSpec, which job templates of cron jobs have to pass too.
func (r *report) jobSpec(at *field.Path, spec *batchv1.JobSpec) {
	r.Count(at.Child("parallelism"), spec.Parallelism)
	r.Count(at.Child("completions"), spec.Completions)
	if n := spec.ActiveDeadlineSeconds; n != nil {
		r.NonNegative(at.Child("activeDeadlineSeconds"), *n)
	}
	r.Count(at.Child("backoffLimit"), spec.BackoffLimit)
	r.Count(at.Child("ttlSecondsAfterFinished"), spec.TTLSecondsAfterFinished)
	r.Count(at.Child("backoffLimitPerIndex"), spec.BackoffLimitPerIndex)
	r.Count(at.Child("maxFailedIndexes"), spec.MaxFailedIndexes)
	if spec.MaxFailedIndexes != nil && spec.BackoffLimitPerIndex == nil {
		r.Required(at.Child("backoffLimitPerIndex"), "when maxFailedIndexes is specified")
	}
	if by := spec.ManagedBy; by != nil {
		r.Add(validation.IsDomainPrefixedPath(at.Child("managedBy"), *by)...)
		if len(*by) > maxManagedBy {
			r.Add(field.TooLong(at.Child("managedBy"), "", maxManagedBy))
		}
	}
	r.completionMode(at, spec)
	if spec.PodFailurePolicy != nil {
		r.failurePolicy(at.Child("podFailurePolicy", "rules"), spec)
	}
	if spec.SuccessPolicy != nil {
		r.successPolicy(at.Child("successPolicy"), spec)
	}
	r.replacementPolicy(at.Child("podReplacementPolicy"), spec)
	r.Add(types.PodTemplateErrors(at.Child("template"), &spec.Template)...)
	r.runsToTheEnd(at.Child("template", "spec", "restartPolicy"), spec)
}

// maxManagedBy is the length of a controller's name.
const maxManagedBy = 63

func isIndexed(spec *batchv1.JobSpec) bool {
	return spec.CompletionMode != nil && *spec.CompletionMode == batchv1.IndexedCompletion
}

// replacementPolicy is validatePodReplacementPolicy.
func (r *report) replacementPolicy(at *field.Path, spec *batchv1.JobSpec) {
	switch {
	case spec.PodReplacementPolicy == nil:
	case spec.PodFailurePolicy != nil:
		check.OneOf(&r.Report, at, *spec.PodReplacementPolicy, batchv1.Failed)
	default:
		check.OneOf(&r.Report, at, *spec.PodReplacementPolicy, batchv1.Failed, batchv1.TerminatingOrFailed)
	}
}

// runsToTheEnd wants pods that are not started again once they are done. The default of pods, which is to start again, counts as none.
func (r *report) runsToTheEnd(at *field.Path, spec *batchv1.JobSpec) {
	switch policy := spec.Template.Spec.RestartPolicy; {
	case policy == corev1.RestartPolicyAlways || policy == "":
		r.Required(at, `valid values: "OnFailure", "Never"`)
	case policy != corev1.RestartPolicyOnFailure && policy != corev1.RestartPolicyNever:
		check.OneOf(&r.Report, at, policy, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	case spec.PodFailurePolicy != nil && policy != corev1.RestartPolicyNever:
		r.Invalid(at, policy, `only "Never" is supported when podFailurePolicy is specified`)
	}
}

// nameHasRoom is validateNameAllowsCompletions: the pods of an indexed job have the job's name, and their index.
func (r *report) nameHasRoom(job *batchv1.Job) {
	n := job.Spec.Completions
	if !isIndexed(&job.Spec) || n == nil || *n <= 0 {
		return
	}
	if host := fmt.Sprintf("%s-%d", job.Name, *n-1); len(validation.IsDNS1123Label(host)) > 0 {
		r.Invalid(field.NewPath("metadata", "name"), job.Name, "will not able to create pod with invalid DNS label: "+host)
	}
}

// jobSelector is the rest of ValidateJobSpec. A selector with values that no label can have may stay as it was.
func (r *report) jobSelector(at *field.Path, spec *batchv1.JobSpec, was *metav1.LabelSelector) {
	if spec.Selector == nil {
		r.Required(at.Child("selector"), "")
	}
	r.LabelSelectorUpdate(at.Child("selector"), spec.Selector, was)
	if selector, err := metav1.LabelSelectorAsSelector(spec.Selector); err == nil {
		r.selects(at.Child("template"), selector, &spec.Template)
	}
}

func jobWarnings(job *batchv1.Job) []string {
	return append(namedPods(job.Name), jobSpecWarnings(field.NewPath("spec"), &job.Spec)...)
}

func jobUpdateWarnings(job, old *batchv1.Job) []string {
	if job.Generation == old.Generation {
		return nil
	}
	return jobSpecWarnings(field.NewPath("spec"), &job.Spec)
}

// jobSpecWarnings is WarningsForJobSpec.
func jobSpecWarnings(at *field.Path, spec *batchv1.JobSpec) (texts []string) {
	if isIndexed(spec) && deref(spec.Completions) > manyIndexes && deref(spec.Parallelism) > manyAtOnce {
		texts = append(texts, at.String()+": In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, "+
			"Kubernetes might not be able to track completedIndexes when a big number of indexes fail")
	}
	return append(texts, types.PodTemplateWarnings(at.Child("template"), &spec.Template)...)
}
