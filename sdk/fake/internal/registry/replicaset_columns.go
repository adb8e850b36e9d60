package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var replicaSetColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Desired", Type: "integer", Description: replicaSetDoc["replicas"]},
	{Name: "Current", Type: "integer", Description: appsv1.ReplicaSetStatus{}.SwaggerDoc()["replicas"]},
	{Name: "Ready", Type: "integer", Description: appsv1.ReplicaSetStatus{}.SwaggerDoc()["readyReplicas"]},
	ageColumn,
	containersColumn,
	imagesColumn,
	{Name: "Selector", Type: "string", Priority: wide, Description: replicaSetDoc["selector"]},
}

var replicaSetDoc = appsv1.ReplicaSetSpec{}.SwaggerDoc()

func replicaSetCells(obj store.Object) []any {
	rs := obj.(*appsv1.ReplicaSet)
	names, images := templateCells(rs.Spec.Template.Spec.Containers)
	return []any{
		rs.Name, int64(ptr.Deref(rs.Spec.Replicas, 0)), int64(rs.Status.Replicas), int64(rs.Status.ReadyReplicas), age(rs),
		names, images, metav1.FormatLabelSelector(rs.Spec.Selector),
	}
}
