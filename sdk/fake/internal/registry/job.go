package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
)

// Jobs are kept as objects: nothing makes pods of them.
var Jobs = withStatus(&Resource{
	Group: "batch", Version: "v1", Kind: "Job", Name: "jobs", Singular: "job", Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &batchv1.Job{} },
	NewList: func() runtime.Object { return &batchv1.JobList{} },
	PrepareNamed: func(obj store.Object) {
		job := obj.(*batchv1.Job)
		job.Spec.Scheduling = nil // WorkloadWithJob is off
		selectOwnPods(job)
	},
	Spec:            func(obj store.Object) any { return &obj.(*batchv1.Job).Spec },
	OrphanByDefault: true,
	Columns:         jobColumns,
	Cells:           jobCells,
}, func(j *batchv1.Job) (*batchv1.JobSpec, *batchv1.JobStatus) { return &j.Spec, &j.Status })

// selectOwnPods labels a job's pods with its name and UID and selects by the latter, unless the selector is the user's
// business, as generateSelectorIfNeeded does. What is set already is left to validation.
func selectOwnPods(job *batchv1.Job) {
	if ptr.Deref(job.Spec.ManualSelector, false) {
		return
	}
	pods := &job.Spec.Template.ObjectMeta
	for _, l := range []struct{ key, value string }{
		{legacyJobName, job.Name},
		{batchv1.JobNameLabel, job.Name},
		{legacyControllerUID, string(job.UID)},
		{batchv1.ControllerUidLabel, string(job.UID)},
	} {
		addMissingLabel(&pods.Labels, l.key, l.value)
	}
	if job.Spec.Selector == nil {
		job.Spec.Selector = &metav1.LabelSelector{}
	}
	addMissingLabel(&job.Spec.Selector.MatchLabels, batchv1.ControllerUidLabel, string(job.UID))
}

// The labels that pods of jobs had before labels of Kubernetes had a domain.
const (
	legacyJobName       = "job-name"
	legacyControllerUID = "controller-uid"
)

func addMissingLabel(labels *map[string]string, key, value string) {
	if *labels == nil {
		*labels = map[string]string{}
	}
	if _, ok := (*labels)[key]; !ok {
		(*labels)[key] = value
	}
}
