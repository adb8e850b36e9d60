package workloads_test

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/podwright/podwright/types"
)

func TestCronJobErrors(t *testing.T) {
	job := "jobTemplate: {spec: {" + once + "}}}"
	refuses[batchv1.CronJob](t, []made{
		{"a cron job", named + "spec: {schedule: '@daily', " + job, nil},
		{"has a schedule, which the server notices last", named + "spec: {startingDeadlineSeconds: -1, " + job, []string{
			"spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0", "spec.schedule: Required value"}},
		{"without a time zone", named + "spec: {schedule: 'TZ=UTC * * * * *', " + job, []string{
			`spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead`}},
		{"which has a field", named + "spec: {schedule: '@daily', timeZone: Mars/Olympus, " + job, []string{
			`spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus`}},
		{"and a name with room for the time", "metadata: {name: a1234567890123456789012345678901234567890123456789012, namespace: b}\nspec: {schedule: '@daily', " + job, []string{
			`metadata.name: Invalid value: "a1234567890123456789012345678901234567890123456789012": must be no more than 52 characters`}},
		{"its jobs have selectors of their own", named + "spec: {schedule: '@daily', jobTemplate: {spec: {manualSelector: true, selector: {}, " + once + "}}}", []string{
			"spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated",
			`spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"`}},
	})
	zoned := decoded[batchv1.CronJob](t, named+"spec: {schedule: 'TZ=UTC * * * * *', "+job)
	equal(t, []string(nil), lines(types.UpdateErrors(zoned, zoned)))
	equal(t, []string{"cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"},
		types.UpdateWarnings(zoned, zoned))
}
