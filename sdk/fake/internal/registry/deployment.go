package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Deployments are kept as objects: nothing makes replica sets of them.
var Deployments = deployments()

func deployments() *Resource {
	r := withStatus(&Resource{
		Group: "apps", Version: "v1", Kind: "Deployment", Name: "deployments", Singular: "deployment", ShortNames: []string{"deploy"},
		Categories: []string{"all"}, Namespaced: true,
		New:     func() store.Object { return &appsv1.Deployment{} },
		NewList: func() runtime.Object { return &appsv1.DeploymentList{} },
		Spec: func(obj store.Object) any { // a change of annotations counts, since replica sets get copies of them
			d := obj.(*appsv1.Deployment)
			return []any{&d.Spec, d.Annotations}
		},
		Replicas: func(obj store.Object) Replicas {
			d := obj.(*appsv1.Deployment)
			return Replicas{&d.Spec.Replicas, d.Status.Replicas, selectorText(d.Spec.Selector)}
		},
		Subresources: []Subresource{scale},
		Columns:      deploymentColumns,
		Cells:        deploymentCells,
	}, func(d *appsv1.Deployment) (*appsv1.DeploymentSpec, *appsv1.DeploymentStatus) {
		return &d.Spec, &d.Status
	})
	status := r.Subresource("status") // which for this kind keeps the labels too, as deploymentStatusStrategy does
	keepSpec := status.PrepareUpdate
	status.PrepareUpdate = func(obj, old store.Object) {
		keepSpec(obj, old)
		obj.SetLabels(old.GetLabels())
	}
	status.ResetFields = []string{"spec", "metadata.labels"}
	return r
}
