package registry

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var deploymentColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Ready", Type: "string", Description: "How many pods are ready, of how many."},
	{Name: "Up-to-date", Type: "string", Description: deploymentDoc["updatedReplicas"]},
	{Name: "Available", Type: "string", Description: deploymentDoc["availableReplicas"]},
	ageColumn,
	containersColumn,
	imagesColumn,
	{Name: "Selector", Type: "string", Priority: wide, Description: appsv1.DeploymentSpec{}.SwaggerDoc()["selector"]},
}

var deploymentDoc = appsv1.DeploymentStatus{}.SwaggerDoc()

// deploymentCells leave the cell of a selector empty that selects everything or nothing, where other kinds say <none>.
func deploymentCells(obj store.Object) []any {
	d := obj.(*appsv1.Deployment)
	names, images := templateCells(d.Spec.Template.Spec.Containers)
	return []any{
		d.Name, fmt.Sprintf("%d/%d", d.Status.ReadyReplicas, ptr.Deref(d.Spec.Replicas, 0)),
		int64(d.Status.UpdatedReplicas), int64(d.Status.AvailableReplicas), age(d), names, images, selectorText(d.Spec.Selector),
	}
}
