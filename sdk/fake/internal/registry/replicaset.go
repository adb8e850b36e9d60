package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ReplicaSets are kept as objects: nothing makes pods of them.
var ReplicaSets = withStatus(&Resource{
	Group: "apps", Version: "v1", Kind: "ReplicaSet", Name: "replicasets", Singular: "replicaset", ShortNames: []string{"rs"},
	Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &appsv1.ReplicaSet{} },
	NewList: func() runtime.Object { return &appsv1.ReplicaSetList{} },
	Spec:    func(obj store.Object) any { return &obj.(*appsv1.ReplicaSet).Spec },
	Replicas: func(obj store.Object) Replicas {
		rs := obj.(*appsv1.ReplicaSet)
		return Replicas{&rs.Spec.Replicas, rs.Status.Replicas, selectorText(rs.Spec.Selector)}
	},
	Subresources: []Subresource{scale},
	Columns:      replicaSetColumns,
	Cells:        replicaSetCells,
}, func(rs *appsv1.ReplicaSet) (*appsv1.ReplicaSetSpec, *appsv1.ReplicaSetStatus) {
	return &rs.Spec, &rs.Status
})
