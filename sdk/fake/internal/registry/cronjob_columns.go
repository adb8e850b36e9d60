package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var cronJobColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Schedule", Type: "string", Description: cronJobDoc["schedule"]},
	{Name: "Timezone", Type: "string", Description: cronJobDoc["timeZone"]},
	{Name: "Suspend", Type: "boolean", Description: cronJobDoc["suspend"]},
	{Name: "Active", Type: "integer", Description: batchv1.CronJobStatus{}.SwaggerDoc()["active"]},
	{Name: "Last Schedule", Type: "string", Description: batchv1.CronJobStatus{}.SwaggerDoc()["lastScheduleTime"]},
	ageColumn,
	containersColumn,
	imagesColumn,
	{Name: "Selector", Type: "string", Priority: wide, Description: batchv1.JobSpec{}.SwaggerDoc()["selector"]},
}

var cronJobDoc = batchv1.CronJobSpec{}.SwaggerDoc()

func cronJobCells(obj store.Object) []any {
	c := obj.(*batchv1.CronJob)
	job := &c.Spec.JobTemplate.Spec
	suspend, last := cellUnset, cellNone
	if c.Spec.Suspend != nil {
		suspend = map[bool]string{true: "True", false: "False"}[*c.Spec.Suspend]
	}
	if c.Status.LastScheduleTime != nil {
		last = since(c.Status.LastScheduleTime.Time)
	}
	names, images := templateCells(job.Template.Spec.Containers)
	return []any{
		c.Name, c.Spec.Schedule, ptr.Deref(c.Spec.TimeZone, cellNone), suspend, int64(len(c.Status.Active)), last, age(c),
		names, images, metav1.FormatLabelSelector(job.Selector),
	}
}
