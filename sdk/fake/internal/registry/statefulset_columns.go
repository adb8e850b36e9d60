package registry

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var statefulSetColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Ready", Type: "string", Description: "How many pods are ready, of how many."},
	ageColumn,
	containersColumn,
	imagesColumn,
}

func statefulSetCells(obj store.Object) []any {
	s := obj.(*appsv1.StatefulSet)
	names, images := templateCells(s.Spec.Template.Spec.Containers)
	return []any{s.Name, fmt.Sprintf("%d/%d", s.Status.ReadyReplicas, ptr.Deref(s.Spec.Replicas, 0)), age(s), names, images}
}
