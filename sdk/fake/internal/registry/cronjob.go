package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// CronJobs are kept as objects: nothing makes jobs of them.
var CronJobs = withStatus(&Resource{
	Group: "batch", Version: "v1", Kind: "CronJob", Name: "cronjobs", Singular: "cronjob", ShortNames: []string{"cj"},
	Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &batchv1.CronJob{} },
	NewList: func() runtime.Object { return &batchv1.CronJobList{} },
	Spec:    func(obj store.Object) any { return &obj.(*batchv1.CronJob).Spec },
	Columns: cronJobColumns,
	Cells:   cronJobCells,
}, func(c *batchv1.CronJob) (*batchv1.CronJobSpec, *batchv1.CronJobStatus) { return &c.Spec, &c.Status })
