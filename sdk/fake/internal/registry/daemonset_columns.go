package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var daemonSetColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Desired", Type: "integer", Description: daemonSetDoc["desiredNumberScheduled"]},
	{Name: "Current", Type: "integer", Description: daemonSetDoc["currentNumberScheduled"]},
	{Name: "Ready", Type: "integer", Description: daemonSetDoc["numberReady"]},
	{Name: "Up-to-date", Type: "integer", Description: daemonSetDoc["updatedNumberScheduled"]},
	{Name: "Available", Type: "integer", Description: daemonSetDoc["numberAvailable"]},
	{Name: "Node Selector", Type: "string", Description: corev1.PodSpec{}.SwaggerDoc()["nodeSelector"]},
	ageColumn,
	containersColumn,
	imagesColumn,
	{Name: "Selector", Type: "string", Priority: wide, Description: appsv1.DaemonSetSpec{}.SwaggerDoc()["selector"]},
}

var daemonSetDoc = appsv1.DaemonSetStatus{}.SwaggerDoc()

func daemonSetCells(obj store.Object) []any {
	ds := obj.(*appsv1.DaemonSet)
	names, images := templateCells(ds.Spec.Template.Spec.Containers)
	return []any{
		ds.Name, int64(ds.Status.DesiredNumberScheduled), int64(ds.Status.CurrentNumberScheduled), int64(ds.Status.NumberReady),
		int64(ds.Status.UpdatedNumberScheduled), int64(ds.Status.NumberAvailable), labelsCell(ds.Spec.Template.Spec.NodeSelector), age(ds),
		names, images, metav1.FormatLabelSelector(ds.Spec.Selector),
	}
}
