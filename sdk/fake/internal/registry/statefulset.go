package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// StatefulSets are kept as objects: nothing makes pods of them.
var StatefulSets = withStatus(&Resource{
	Group: "apps", Version: "v1", Kind: "StatefulSet", Name: "statefulsets", Singular: "statefulset", ShortNames: []string{"sts"},
	Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &appsv1.StatefulSet{} },
	NewList: func() runtime.Object { return &appsv1.StatefulSetList{} },
	Spec:    func(obj store.Object) any { return &obj.(*appsv1.StatefulSet).Spec },
	Replicas: func(obj store.Object) Replicas {
		s := obj.(*appsv1.StatefulSet)
		return Replicas{&s.Spec.Replicas, s.Status.Replicas, selectorText(s.Spec.Selector)}
	},
	Subresources: []Subresource{scale},
	Columns:      statefulSetColumns,
	Cells:        statefulSetCells,
}, func(s *appsv1.StatefulSet) (*appsv1.StatefulSetSpec, *appsv1.StatefulSetStatus) {
	return &s.Spec, &s.Status
})
