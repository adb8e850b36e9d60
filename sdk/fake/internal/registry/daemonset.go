package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// DaemonSets are kept as objects: nothing makes pods of them.
var DaemonSets = withStatus(&Resource{
	Group: "apps", Version: "v1", Kind: "DaemonSet", Name: "daemonsets", Singular: "daemonset", ShortNames: []string{"ds"},
	Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &appsv1.DaemonSet{} },
	NewList: func() runtime.Object { return &appsv1.DaemonSetList{} },
	Spec:    func(obj store.Object) any { return &obj.(*appsv1.DaemonSet).Spec },
	Columns: daemonSetColumns,
	Cells:   daemonSetCells,
}, func(ds *appsv1.DaemonSet) (*appsv1.DaemonSetSpec, *appsv1.DaemonSetStatus) {
	return &ds.Spec, &ds.Status
})
