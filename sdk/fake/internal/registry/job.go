package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Jobs are kept as objects: nothing makes pods of them.
var Jobs = withStatus(&Resource{
	Group: "batch", Version: "v1", Kind: "Job", Name: "jobs", Singular: "job", Categories: []string{"all"}, Namespaced: true,
	New:             func() store.Object { return &batchv1.Job{} },
	NewList:         func() runtime.Object { return &batchv1.JobList{} },
	PrepareNamed:    func(obj store.Object) { podtypes.Prepare(obj) }, // its pods have labels of its name and UID
	Spec:            func(obj store.Object) any { return &obj.(*batchv1.Job).Spec },
	OrphanByDefault: true,
	Columns:         jobColumns,
	Cells:           jobCells,
}, func(j *batchv1.Job) (*batchv1.JobSpec, *batchv1.JobStatus) { return &j.Spec, &j.Status })
