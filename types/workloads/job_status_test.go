package workloads_test

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/podwright/podwright/types"
)

func TestJobStatus(t *testing.T) {
	const complete = "startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:00:05Z', conditions: [{type: SuccessCriteriaMet, status: 'True'}, {type: Complete, status: 'True'}]"
	for _, tt := range []struct {
		rule, old, status string
		want              []string
	}{
		{"a job ends", "", complete, nil},
		{"and ends once", complete, "failed: 1, " + complete, nil},
		{"it does not go on", complete, "startTime: '2026-01-01T00:00:00Z'", []string{
			"status.conditions: Invalid value: cannot disable the terminal Complete=True condition",
			"status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition"}},
		{"how it will end is known before", "", "startTime: '2026-01-01T00:00:00Z', conditions: [{type: Failed, status: 'True'}]", []string{
			"status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition"}},
		{"what has ended has begun", "", "conditions: [{type: FailureTarget, status: 'True'}, {type: Failed, status: 'True'}]", []string{
			"status.startTime: Required value: startTime is required for finished job"}},
		{"pods that failed stay failed", "failed: 2", "failed: 1", []string{"status.failed: Invalid value: 1: cannot decrease the failed counter"}},
		{"no more are ready than there are", "", "active: 1, ready: 2", []string{"status.ready: Invalid value: 2: cannot set more ready pods than active"}},
		{"a job without indexes completes none", "", "completedIndexes: '0'", []string{
			`status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode`}},
		{"what was wrong before may stay", "completedIndexes: '0'", "completedIndexes: '0', succeeded: 1", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			job := func(status string) *batchv1.Job {
				return decoded[batchv1.Job](t, named+"spec: {"+once+"}\nstatus: {"+status+"}")
			}
			equal(t, tt.want, lines(types.StatusUpdateErrors(job(tt.status), job(tt.old))))
		})
	}
}
