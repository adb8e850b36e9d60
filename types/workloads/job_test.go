package workloads_test

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/types"
)

func TestDefaultJob(t *testing.T) {
	spec := func(change func(*batchv1.JobSpec)) batchv1.JobSpec {
		spec := batchv1.JobSpec{
			Completions: new(int32(1)), Parallelism: new(int32(1)), BackoffLimit: new(int32(6)), CompletionMode: new(batchv1.NonIndexedCompletion),
			Suspend: new(false), ManualSelector: new(false), PodReplacementPolicy: new(batchv1.TerminatingOrFailed),
		}
		change(&spec)
		return spec
	}
	for _, tt := range []struct {
		rule      string
		obj, want batchv1.JobSpec
	}{
		{"a job runs one pod", batchv1.JobSpec{}, spec(func(*batchv1.JobSpec) {})},
		{"a parallel one is done when any is", batchv1.JobSpec{Parallelism: new(int32(3))},
			spec(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = nil, new(int32(3)) })},
		{"with a limit for each index there is none for all", batchv1.JobSpec{BackoffLimitPerIndex: new(int32(2))},
			spec(func(s *batchv1.JobSpec) { s.BackoffLimitPerIndex, s.BackoffLimit = new(int32(2)), new(int32(1<<31-1)) })},
		{"with a failure policy only failed pods are replaced", batchv1.JobSpec{PodFailurePolicy: &batchv1.PodFailurePolicy{}},
			spec(func(s *batchv1.JobSpec) {
				s.PodFailurePolicy, s.PodReplacementPolicy = &batchv1.PodFailurePolicy{}, new(batchv1.Failed)
			})},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			job := &batchv1.Job{Spec: tt.obj}
			types.Default(job)
			job.Spec.Template = corev1.PodTemplateSpec{}
			equal(t, tt.want, job.Spec)
		})
	}
}

func TestJobErrors(t *testing.T) {
	refuses[batchv1.Job](t, []made{
		{"a job", named + "spec: {" + once + "}", nil},
		{"its pods come to an end", named + "spec: {" + pods + "}", []string{
			`spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"`}},
		{"a manual selector is required", named + "spec: {manualSelector: true, " + once + "}", []string{
			"spec.selector: Required value",
			"spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"}},
		{"a selector of one's own needs the word", named + "spec: {selector: {matchLabels: {app: a}}, " + once + "}", []string{
			"spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"a\",\"batch.kubernetes.io/controller-uid\":\"00000000-0000-0000-0000-000000000000\"}}: `selector` not auto-generated",
			"spec.template.metadata.labels: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"00000000-0000-0000-0000-000000000000\",\"batch.kubernetes.io/job-name\":\"a\",\"controller-uid\":\"00000000-0000-0000-0000-000000000000\",\"job-name\":\"a\"}: `selector` does not match template `labels`"}},
		{"an index needs a number of them", named + "spec: {completionMode: Indexed, parallelism: 2, " + once + "}", []string{
			"spec.completions: Required value: when completion mode is Indexed"}},
		{"limits of an index need one", named + "spec: {backoffLimitPerIndex: 1, " + once + "}", []string{
			"spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"}},
		{"the pods of an index have room for its number", "metadata: {name: a1234567890123456789012345678901234567890123456789012345678901, namespace: b}\nspec: {completionMode: Indexed, completions: 100, " + once + "}", []string{
			`metadata.name: Invalid value: "a1234567890123456789012345678901234567890123456789012345678901": will not able to create pod with invalid DNS label: a1234567890123456789012345678901234567890123456789012345678901-99`}},
	})
}

func TestJobPolicies(t *testing.T) {
	refuses[batchv1.Job](t, []made{
		{"a rule is about codes or conditions", named + "spec: {podFailurePolicy: {rules: [{action: Ignore}]}, " + once + "}", []string{
			"spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required"}},
		{"codes stand in order, once, and no zero fails", named + "spec: {podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [3, 0, 0]}}]}, " + once + "}", []string{
			"spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator",
			"spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Invalid value: 0: must not be 0 for the In operator",
			"spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 0",
			"spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [3,0,0]: must be ordered"}},
		{"success needs indexes", named + "spec: {successPolicy: {rules: [{succeededCount: 1}]}, " + once + "}", []string{
			`spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode`}},
		{"and counts no more than there are", named + "spec: {completionMode: Indexed, completions: 3, successPolicy: {rules: [{succeededIndexes: '0-1', succeededCount: 3}]}, " + once + "}", []string{
			"spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)"}},
	})
}

func TestJobUpdates(t *testing.T) {
	const manual = named + "spec:\n  completions: 2\n  manualSelector: true\n  selector: {matchLabels: {app: a}}\n" +
		"  template: {metadata: {labels: {app: a}}, spec: {restartPolicy: Never, nodeSelector: {n: v}, containers: [{name: c, image: c}]}}\n"
	const suspended = manual + "  suspend: true\n"
	refusesChange[batchv1.Job](t, []changed{
		{"how often it runs", manual, "completions: 2", "completions: 3", []string{"spec.completions: Invalid value: 3: field is immutable"}},
		{"indexes come with pods", manual + "  completionMode: Indexed\n  parallelism: 3\n", "completions: 2", "completions: 3", nil},
		{"not without", manual + "  completionMode: Indexed\n  parallelism: 4\n", "completions: 2", "completions: 3", []string{
			"spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism"}},
		{"one that waits is sent elsewhere", suspended, "{n: v}", "{n: w}", nil},
		{"and gets more", suspended, "image: c", "image: c, resources: {limits: {cpu: 2}}", nil},
	})
	old := decoded[batchv1.Job](t, manual)
	job := old.DeepCopy()
	job.Spec.Template.Spec.NodeSelector = nil
	if got := types.UpdateErrors(job, old); len(got) != 1 || got[0].Field != "spec.template" || got[0].Detail != "field is immutable" {
		t.Errorf("what runs is sent elsewhere: %v", got)
	}
}

func TestJobSelectsItsOwnPods(t *testing.T) {
	job := decoded[batchv1.Job](t, "metadata: {name: a, uid: u}\nspec: {"+once+"}")
	types.Prepare(job)
	own := map[string]string{"batch.kubernetes.io/controller-uid": "u", "batch.kubernetes.io/job-name": "a", "controller-uid": "u", "job-name": "a"}
	equal(t, own, job.Spec.Template.Labels)
	equal(t, own, job.Labels)
	equal(t, map[string]string{"batch.kubernetes.io/controller-uid": "u"}, job.Spec.Selector.MatchLabels)
}
