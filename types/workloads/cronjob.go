package workloads

import (
	"fmt"
	"strings"

	"github.com/podwright/podwright/types/internal/check"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func defaultCronJob(c *batchv1.CronJob) { defaultJobSpec(&c.Spec.JobTemplate.Spec) }

func prepareCronJob(c *batchv1.CronJob) { prepareJobSpec(&c.Spec.JobTemplate.Spec, nil) }

func prepareCronJobUpdate(c, old *batchv1.CronJob) {
	prepareJobSpec(&c.Spec.JobTemplate.Spec, &old.Spec.JobTemplate.Spec)
}

// mostCronJobName leaves room for the time in a job's name: eleven characters of 63.
const mostCronJobName = 52

// cronJobErrors is ValidateCronJobCreate.
func cronJobErrors(c *batchv1.CronJob) field.ErrorList {
	r := &report{}
	r.Metadata(&c.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	late := r.cronJobSpec(field.NewPath("spec"), &c.Spec, nil)
	if len(c.Name) > mostCronJobName {
		r.Invalid(field.NewPath("metadata", "name"), c.Name, fmt.Sprintf("must be no more than %d characters", mostCronJobName))
	}
	r.Add(late...)
	return r.Errors
}

// cronJobUpdateErrors is ValidateCronJobUpdate.
func cronJobUpdateErrors(c, old *batchv1.CronJob) field.ErrorList {
	r := &report{}
	r.MetadataUpdate(&c.ObjectMeta, &old.ObjectMeta)
	r.Add(r.cronJobSpec(field.NewPath("spec"), &c.Spec, &old.Spec)...)
	return r.Errors
}

// cronJobStatusErrors finds nothing, as cronJobStatusStrategy does.
func cronJobStatusErrors(_, _ *batchv1.CronJob) field.ErrorList { return nil }

// cronJobSpec is validateCronJobSpec; old is nil on creation. It returns what the server finds by a declared marker, after all else: that
// there is no schedule.
func (r *report) cronJobSpec(at *field.Path, spec, old *batchv1.CronJobSpec) (late field.ErrorList) {
	switch {
	case spec.Schedule != "":
		r.schedule(at.Child("schedule"), spec, old)
	case old != nil && old.Schedule == "":
		r.Required(at.Child("schedule"), "")
	default:
		late = field.ErrorList{field.Required(at.Child("schedule"), "")}
	}
	if n := spec.StartingDeadlineSeconds; n != nil {
		r.NonNegative(at.Child("startingDeadlineSeconds"), *n)
	}
	if spec.TimeZone != nil && (old == nil || !equality.Semantic.DeepEqual(spec.TimeZone, old.TimeZone)) {
		r.timeZone(at.Child("timeZone"), *spec.TimeZone)
	}
	check.OneOfOrRequired(&r.Report, at.Child("concurrencyPolicy"), spec.ConcurrencyPolicy, batchv1.AllowConcurrent, batchv1.ForbidConcurrent, batchv1.ReplaceConcurrent)
	job := at.Child("jobTemplate", "spec")
	r.jobSpec(job, &spec.JobTemplate.Spec)
	if s := spec.JobTemplate.Spec.Selector; s != nil {
		r.Invalid(job.Child("selector"), s, "`selector` will be auto-generated")
	}
	if manual := spec.JobTemplate.Spec.ManualSelector; isTrue(manual) {
		r.Add(field.NotSupported(job.Child("manualSelector"), *manual, []string{"nil", "false"}))
	}
	r.Count(at.Child("successfulJobsHistoryLimit"), spec.SuccessfulJobsHistoryLimit)
	r.Count(at.Child("failedJobsHistoryLimit"), spec.FailedJobsHistoryLimit)
	return late
}

func cronJobWarnings(c *batchv1.CronJob) []string {
	return append(namedPods(c.Name), jobSpecWarnings(field.NewPath("spec", "jobTemplate", "spec"), &c.Spec.JobTemplate.Spec)...)
}

func cronJobUpdateWarnings(c, old *batchv1.CronJob) (texts []string) {
	if c.Generation != old.Generation {
		texts = jobSpecWarnings(field.NewPath("spec", "jobTemplate", "spec"), &c.Spec.JobTemplate.Spec)
	}
	if strings.Contains(c.Spec.Schedule, "TZ") {
		texts = append(texts, "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, "+
			"see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details")
	}
	return texts
}
