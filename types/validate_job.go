package types

import (
	"fmt"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// job is ValidateJob of a job that the server has given a selector, without the rules of pod failure and success policies.
func (r *report) job(job *batchv1.Job) {
	r.metadata(&job.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.jobSpec(field.NewPath("spec"), &job.Spec)
	r.jobSelector(field.NewPath("spec"), &job.Spec)
}

// jobUpdate is ValidateJobUpdate: what a job runs is settled when it is made, until it is suspended.
func (r *report) jobUpdate(job, old *batchv1.Job) {
	at := field.NewPath("spec")
	r.metadataUpdate(&job.ObjectMeta, &old.ObjectMeta)
	r.jobSpec(at, &job.Spec)
	r.jobSelector(at, &job.Spec)
	for _, f := range []struct {
		name    string
		is, was any
		free    bool
	}{
		{"completions", job.Spec.Completions, old.Spec.Completions, isIndexed(&job.Spec)},
		{"selector", job.Spec.Selector, old.Spec.Selector, false},
		{"template", job.Spec.Template, old.Spec.Template, isTrue(old.Spec.Suspend)},
		{"completionMode", job.Spec.CompletionMode, old.Spec.CompletionMode, false},
		{"podFailurePolicy", job.Spec.PodFailurePolicy, old.Spec.PodFailurePolicy, false},
		{"backoffLimitPerIndex", job.Spec.BackoffLimitPerIndex, old.Spec.BackoffLimitPerIndex, false},
		{"managedBy", job.Spec.ManagedBy, old.Spec.ManagedBy, false},
		{"successPolicy", job.Spec.SuccessPolicy, old.Spec.SuccessPolicy, false},
	} {
		if !f.free {
			r.add(apivalidation.ValidateImmutableField(f.is, f.was, at.Child(f.name))...)
		}
	}
}

// jobSpec is what validateJobSpec finds in numbers, completion mode and template.
func (r *report) jobSpec(at *field.Path, spec *batchv1.JobSpec) {
	r.count(at.Child("parallelism"), spec.Parallelism)
	r.count(at.Child("completions"), spec.Completions)
	maybe(spec.ActiveDeadlineSeconds, func(n *int64) { r.nonNegative(at.Child("activeDeadlineSeconds"), *n) })
	r.count(at.Child("backoffLimit"), spec.BackoffLimit)
	r.count(at.Child("ttlSecondsAfterFinished"), spec.TTLSecondsAfterFinished)
	r.count(at.Child("backoffLimitPerIndex"), spec.BackoffLimitPerIndex)
	r.count(at.Child("maxFailedIndexes"), spec.MaxFailedIndexes)
	r.completionMode(at, spec)
	r.podTemplate(at.Child("template"), &spec.Template)
	r.runsToTheEnd(at.Child("template", "spec", "restartPolicy"), spec)
}

func isIndexed(spec *batchv1.JobSpec) bool {
	return spec.CompletionMode != nil && *spec.CompletionMode == batchv1.IndexedCompletion
}

func (r *report) completionMode(at *field.Path, spec *batchv1.JobSpec) {
	maybe(spec.CompletionMode, func(m *batchv1.CompletionMode) {
		oneOf(r, at.Child("completionMode"), *m, batchv1.NonIndexedCompletion, batchv1.IndexedCompletion)
	})
	if isIndexed(spec) {
		if spec.Completions == nil {
			r.required(at.Child("completions"), "when completion mode is Indexed")
		}
		const most = 100000
		if p := spec.Parallelism; p != nil && *p > most {
			r.invalid(at.Child("parallelism"), *p, fmt.Sprintf("must be less than or equal to %d when completion mode is Indexed", most))
		}
		return
	}
	maybe(spec.BackoffLimitPerIndex, func(n *int32) { r.invalid(at.Child("backoffLimitPerIndex"), *n, "requires indexed completion mode") })
	maybe(spec.MaxFailedIndexes, func(n *int32) { r.invalid(at.Child("maxFailedIndexes"), *n, "requires indexed completion mode") })
	maybe(spec.SuccessPolicy, func(p *batchv1.SuccessPolicy) {
		r.invalid(at.Child("successPolicy"), *p, "requires indexed completion mode")
	})
}

// runsToTheEnd wants pods that are not started again once they are done. The default of pods, which is to start again, counts as none.
func (r *report) runsToTheEnd(at *field.Path, spec *batchv1.JobSpec) {
	switch policy := spec.Template.Spec.RestartPolicy; {
	case policy == corev1.RestartPolicyAlways || policy == "":
		r.required(at, `valid values: "OnFailure", "Never"`)
	case policy != corev1.RestartPolicyOnFailure && policy != corev1.RestartPolicyNever:
		oneOf(r, at, policy, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	case spec.PodFailurePolicy != nil && policy != corev1.RestartPolicyNever:
		r.invalid(at, policy, `only "Never" is supported when podFailurePolicy is specified`)
	}
}

// jobSelector is the rest of ValidateJobSpec. A job that has not been at the server has no selector yet, unless it is to be the user's.
func (r *report) jobSelector(at *field.Path, spec *batchv1.JobSpec) {
	if spec.Selector == nil {
		if !isTrue(spec.ManualSelector) {
			return
		}
		r.required(at.Child("selector"), "")
	}
	r.labelSelector(at.Child("selector"), spec.Selector)
	if selector, err := metav1.LabelSelectorAsSelector(spec.Selector); err == nil {
		r.selects(at.Child("template"), selector, &spec.Template)
	}
}

// cronJob is ValidateCronJobCreate, without the syntax of schedules and the names of time zones.
func (r *report) cronJob(c *batchv1.CronJob) {
	const most = 52 // of a job's name: eleven characters are for the time
	r.metadata(&c.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.cronJobSpec(field.NewPath("spec"), &c.Spec)
	if len(c.Name) > most {
		r.invalid(field.NewPath("metadata", "name"), c.Name, fmt.Sprintf("must be no more than %d characters", most))
	}
}

func (r *report) cronJobSpec(at *field.Path, spec *batchv1.CronJobSpec) {
	if r.present(at.Child("schedule"), spec.Schedule) && strings.Contains(spec.Schedule, "TZ") {
		r.invalid(at.Child("schedule"), spec.Schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
	}
	maybe(spec.StartingDeadlineSeconds, func(n *int64) { r.nonNegative(at.Child("startingDeadlineSeconds"), *n) })
	oneOfOrRequired(r, at.Child("concurrencyPolicy"), spec.ConcurrencyPolicy, batchv1.AllowConcurrent, batchv1.ForbidConcurrent, batchv1.ReplaceConcurrent)
	job := at.Child("jobTemplate", "spec")
	r.jobSpec(job, &spec.JobTemplate.Spec)
	if s := spec.JobTemplate.Spec.Selector; s != nil {
		r.invalid(job.Child("selector"), s, "`selector` will be auto-generated")
	}
	if isTrue(spec.JobTemplate.Spec.ManualSelector) {
		r.add(field.NotSupported(job.Child("manualSelector"), spec.JobTemplate.Spec.ManualSelector, []string{"nil", "false"}))
	}
	r.count(at.Child("successfulJobsHistoryLimit"), spec.SuccessfulJobsHistoryLimit)
	r.count(at.Child("failedJobsHistoryLimit"), spec.FailedJobsHistoryLimit)
}
