package workloads_test

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/types/selector"
)

func TestFieldsOfJobs(t *testing.T) {
	kind := batchv1.SchemeGroupVersion.WithKind("Job")
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Status: batchv1.JobStatus{Succeeded: 2}}
	for text, want := range map[string]bool{"status.successful=2": true, "status.successful=0": false, "metadata.name=a": true} {
		s, err := selector.ParseFields(kind, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Matches(job); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	_, err := selector.ParseFields(kind, "status.phase=x")
	if err == nil || err.Error() != `field label "status.phase" not supported for Job` {
		t.Errorf("a job succeeds, but has no phase: %v", err)
	}
}
