package workloads

import (
	"fmt"

	"github.com/podwright/podwright/types/internal/check"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apitypes "k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A jobStatus is a new status of a job beside the old one. Most rules look only at what has changed, as getStatusValidationOptions has
// it: a status that was wrong before does not keep a job from going on.
type jobStatus struct {
	report
	job, old *batchv1.Job
	at       *field.Path
	is, was  jobConditions
}

// jobConditions are those of a job that are true.
type jobConditions struct{ complete, failed, failing, succeeded bool }

func (c jobConditions) finished() bool { return c.complete || c.failed }

func conditionsOf(job *batchv1.Job) jobConditions {
	yes := corev1.ConditionTrue
	return jobConditions{is(job, batchv1.JobComplete, yes), is(job, batchv1.JobFailed, yes), is(job, batchv1.JobFailureTarget, yes), is(job, batchv1.JobSuccessCriteriaMet, yes)}
}

func is(job *batchv1.Job, t batchv1.JobConditionType, status corev1.ConditionStatus) bool {
	for _, c := range job.Status.Conditions {
		if c.Type == t && c.Status == status {
			return true
		}
	}
	return false
}

// jobStatusErrors is ValidateJobUpdateStatus.
func jobStatusErrors(job, old *batchv1.Job) field.ErrorList {
	s := &jobStatus{job: job, old: old, at: field.NewPath("status"), is: conditionsOf(job), was: conditionsOf(old)}
	s.MetadataUpdate(&job.ObjectMeta, &old.ObjectMeta)
	s.counts()
	s.ends()
	s.times()
	s.criteria()
	s.finished()
	s.indexes()
	s.pods()
	s.success()
	s.transitions()
	return s.Errors
}

// conditions adds a problem of the conditions, whose value is not shown.
func (s *jobStatus) conditions(wrong bool, detail string) {
	if wrong {
		s.Invalid(s.at.Child("conditions"), field.OmitValueType{}, detail)
	}
}

func (s *jobStatus) counts() {
	status := &s.job.Status
	s.Counts(s.at, check.Count{Name: "active", N: int64(status.Active)}, check.Count{Name: "succeeded", N: int64(status.Succeeded)}, check.Count{Name: "failed", N: int64(status.Failed)})
	s.Count(s.at.Child("ready"), status.Ready)
	s.Count(s.at.Child("terminating"), status.Terminating)
	if u := status.UncountedTerminatedPods; u != nil {
		seen := map[apitypes.UID]bool{}
		s.uncounted("succeeded", u.Succeeded, seen)
		s.uncounted("failed", u.Failed, seen)
	}
}

func (s *jobStatus) uncounted(name string, list []apitypes.UID, seen map[apitypes.UID]bool) {
	for i, uid := range list {
		switch one := s.at.Child("uncountedTerminatedPods", name).Index(i); {
		case uid == "":
			s.Invalid(one, uid, "must not be empty")
		case seen[uid]:
			s.Add(field.Duplicate(one, uid))
		}
		seen[uid] = true
	}
}

// ends: a job ends one way.
func (s *jobStatus) ends() {
	completes := s.is.complete != s.was.complete
	s.conditions((completes || s.is.failed != s.was.failed) && s.is.complete && s.is.failed, "cannot set Complete=True and Failed=true conditions")
	s.conditions((completes || s.is.failing != s.was.failing) && s.is.complete && s.is.failing, "cannot set Complete=True and FailureTarget=true conditions")
}

// times: a job that is complete has been so since a time, which is not before its start.
func (s *jobStatus) times() {
	start, end := s.job.Status.StartTime, s.job.Status.CompletionTime
	at, ended := s.at.Child("completionTime"), s.is.complete != s.was.complete || !sameTime(end, s.old.Status.CompletionTime)
	if ended && end != nil && !s.is.complete {
		s.Invalid(at, end, "cannot set completionTime when there is no Complete=True condition")
	}
	if ended && end == nil && s.is.complete {
		s.Required(at, "completionTime is required for Complete jobs")
	}
	changed := !sameTime(start, s.old.Status.StartTime) || !sameTime(end, s.old.Status.CompletionTime)
	if changed && start != nil && end != nil && end.Before(start) {
		s.Invalid(at, end, "must be equal to or after `startTime`")
	}
}

func sameTime(a, b *metav1.Time) bool { return a == b || a != nil && b != nil && *a == *b }

// criteria: before the end it is known how it will be.
func (s *jobStatus) criteria() {
	s.conditions((s.is.failed != s.was.failed || s.failedChanged()) && s.is.failed && !s.is.failing,
		"cannot set Failed=True condition without the FailureTarget=true condition")
	s.conditions((s.is.complete != s.was.complete || s.is.succeeded != s.was.succeeded) && s.is.complete && !s.is.succeeded,
		"cannot set Complete=True condition without the SuccessCriteriaMet=true condition")
}

func (s *jobStatus) failedChanged() bool {
	return !equality.Semantic.DeepEqual(s.job.Status.FailedIndexes, s.old.Status.FailedIndexes)
}

// finished: a job that is over was started once and has no pods to wait for.
func (s *jobStatus) finished() {
	status, was := &s.job.Status, &s.old.Status
	ends := s.is.finished() != s.was.finished()
	if (ends || status.Active != was.Active) && status.Active > 0 && s.is.finished() {
		s.Invalid(s.at.Child("active"), status.Active, "active>0 is invalid for finished job")
	}
	idle := isTrue(s.job.Spec.Suspend) && s.job.Spec.Completions != nil && *s.job.Spec.Completions == 0
	if (ends || !sameTime(status.StartTime, was.StartTime)) && !idle && status.StartTime == nil && s.is.finished() {
		s.Required(s.at.Child("startTime"), "startTime is required for finished job")
	}
	u := status.UncountedTerminatedPods
	if changed := !equality.Semantic.DeepEqual(u, was.UncountedTerminatedPods); (ends || changed) && s.is.finished() && u != nil && len(u.Failed)+len(u.Succeeded) > 0 {
		s.Invalid(s.at.Child("uncountedTerminatedPods"), check.Internal{V: u}, "must be empty for finished job")
	}
}

func (s *jobStatus) indexes() {
	spec, status := &s.job.Spec, &s.job.Status
	completed, failed := s.at.Child("completedIndexes"), s.at.Child("failedIndexes")
	completedChanged, failedChanged := status.CompletedIndexes != s.old.Status.CompletedIndexes, s.failedChanged()
	if completedChanged && spec.Completions != nil {
		if _, err := parseIndexes(status.CompletedIndexes, *spec.Completions); err != nil {
			s.Invalid(completed, status.CompletedIndexes, "error parsing completedIndexes: "+err.Error())
		}
	}
	if failedChanged && spec.Completions != nil && spec.BackoffLimitPerIndex != nil && status.FailedIndexes != nil {
		if _, err := parseIndexes(*status.FailedIndexes, *spec.Completions); err != nil {
			s.Invalid(failed, *status.FailedIndexes, "error parsing failedIndexes: "+err.Error())
		}
	}
	if completedChanged && status.CompletedIndexes != "" && !isIndexed(spec) {
		s.Invalid(completed, status.CompletedIndexes, "cannot set non-empty completedIndexes when non-indexed completion mode")
	}
	if status.FailedIndexes == nil {
		return
	}
	if failedChanged && spec.BackoffLimitPerIndex == nil {
		s.Invalid(failed, *status.FailedIndexes, "cannot set non-null failedIndexes when backoffLimitPerIndex is null")
	}
	if (failedChanged || completedChanged) && spec.Completions != nil {
		if err := overlap(status.CompletedIndexes, *status.FailedIndexes, *spec.Completions); err != nil {
			s.Invalid(failed, *status.FailedIndexes, err.Error())
		}
	}
}

func (s *jobStatus) pods() {
	status, was := &s.job.Status, &s.old.Status
	terminates := !equality.Semantic.DeepEqual(status.Terminating, was.Terminating)
	if n := status.Terminating; (terminates || s.is.finished() != s.was.finished()) && n != nil && *n > 0 && s.is.finished() {
		s.Invalid(s.at.Child("terminating"), *n, "terminating>0 is invalid for finished job")
	}
	changed := !equality.Semantic.DeepEqual(status.Ready, was.Ready) || status.Active != was.Active
	if n := status.Ready; changed && n != nil && *n > status.Active {
		s.Invalid(s.at.Child("ready"), *n, "cannot set more ready pods than active")
	}
}

func (s *jobStatus) success() {
	s.conditions(s.is.succeeded && s.is.failed, "cannot set SuccessCriteriaMet=True and Failed=true conditions")
	s.conditions(s.is.succeeded && s.is.failing, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions")
	s.conditions(s.job.Spec.SuccessPolicy != nil && !s.is.succeeded && s.is.complete, "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True")
}

// transitions: what has been counted, and how a job has ended, stays, as ValidateJobStatusUpdate has it.
func (s *jobStatus) transitions() {
	status, was, spec := &s.job.Status, &s.old.Status, &s.job.Spec
	for _, end := range []struct {
		name    batchv1.JobConditionType
		was, is bool
	}{
		{batchv1.JobFailed, s.was.failed, s.is.failed}, {batchv1.JobComplete, s.was.complete, s.is.complete}, {batchv1.JobFailureTarget, s.was.failing, s.is.failing},
	} {
		s.conditions(end.was && !end.is, fmt.Sprintf("cannot disable the terminal %s=True condition", end.name))
	}
	if status.Failed < was.Failed {
		s.Invalid(s.at.Child("failed"), status.Failed, "cannot decrease the failed counter")
	}
	elastic := isIndexed(spec) && equality.Semantic.DeepEqual(spec.Completions, spec.Parallelism)
	if !elastic && status.Succeeded < was.Succeeded {
		s.Invalid(s.at.Child("succeeded"), status.Succeeded, "cannot decrease the succeeded counter")
	}
	if end := status.CompletionTime; end != nil && was.CompletionTime != nil && !sameTime(end, was.CompletionTime) {
		s.Invalid(s.at.Child("completionTime"), end, "field is immutable")
	}
	resumes := is(s.old, batchv1.JobSuspended, corev1.ConditionTrue) && is(s.job, batchv1.JobSuspended, corev1.ConditionFalse)
	if was.StartTime != nil && !sameTime(status.StartTime, was.StartTime) && !resumes && !isTrue(spec.Suspend) {
		s.Invalid(s.at.Child("startTime"), status.StartTime, "field is immutable for unsuspended job once set")
	}
	s.conditions(s.was.succeeded && !s.is.succeeded, "cannot disable the SuccessCriteriaMet=True condition")
	s.conditions(s.was.complete && !s.was.succeeded && s.is.succeeded, "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions")
}
