package registry

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
)

// readVerbs are those of a kind that can be read only, and of which there are no objects yet.
var readVerbs = []string{"get", "list", "watch"}

// Deployments can be read only, and there are none: nothing here would act on them. Clients list them beside pods.
var Deployments = &Resource{
	Group: "apps", Version: "v1", Kind: "Deployment", Name: "deployments", Singular: "deployment", ShortNames: []string{"deploy"},
	Categories: []string{"all"}, Namespaced: true, Verbs: readVerbs,
	New:     func() store.Object { return &appsv1.Deployment{} },
	NewList: func() runtime.Object { return &appsv1.DeploymentList{} },
	Columns: []metav1.TableColumnDefinition{
		nameColumn,
		{Name: "Ready", Type: "string", Description: "How many pods are ready, of how many."},
		{Name: "Up-to-date", Type: "string", Description: deploymentDoc["updatedReplicas"]},
		{Name: "Available", Type: "string", Description: deploymentDoc["availableReplicas"]},
		ageColumn,
		{Name: "Containers", Type: "string", Priority: wide, Description: "The template's containers by name."},
		{Name: "Images", Type: "string", Priority: wide, Description: "What the template's containers run."},
		{Name: "Selector", Type: "string", Priority: wide, Description: appsv1.DeploymentSpec{}.SwaggerDoc()["selector"]},
	},
	Cells: func(obj store.Object) []any {
		d := obj.(*appsv1.Deployment)
		names, images := templateCells(d.Spec.Template.Spec.Containers)
		return []any{
			d.Name, fmt.Sprintf("%d/%d", d.Status.ReadyReplicas, ptr.Deref(d.Spec.Replicas, 0)),
			int64(d.Status.UpdatedReplicas), int64(d.Status.AvailableReplicas), age(d), names, images, metav1.FormatLabelSelector(d.Spec.Selector),
		}
	},
}

var deploymentDoc = appsv1.DeploymentStatus{}.SwaggerDoc()

// ReplicaSets can be read only, and there are none, as with Deployments.
var ReplicaSets = &Resource{
	Group: "apps", Version: "v1", Kind: "ReplicaSet", Name: "replicasets", Singular: "replicaset", ShortNames: []string{"rs"},
	Categories: []string{"all"}, Namespaced: true, Verbs: readVerbs,
	New:     func() store.Object { return &appsv1.ReplicaSet{} },
	NewList: func() runtime.Object { return &appsv1.ReplicaSetList{} },
	Columns: replicationControllerColumns,
	Cells: func(obj store.Object) []any {
		rs := obj.(*appsv1.ReplicaSet)
		names, images := templateCells(rs.Spec.Template.Spec.Containers)
		return []any{
			rs.Name, int64(ptr.Deref(rs.Spec.Replicas, 0)), int64(rs.Status.Replicas), int64(rs.Status.ReadyReplicas), age(rs),
			names, images, metav1.FormatLabelSelector(rs.Spec.Selector),
		}
	},
}
