package registry

import (
	"strconv"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/runtime"
)

// DaemonSets are kept as objects: nothing makes pods of them.
var DaemonSets = daemonSets()

func daemonSets() *Resource {
	r := withStatus(&Resource{
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
	dropStatus, keepStatus := r.PrepareCreate, r.PrepareUpdate
	r.PrepareCreate = func(obj store.Object) {
		dropStatus(obj)
		countTemplates(obj.(*appsv1.DaemonSet), &appsv1.DaemonSet{})
	}
	r.PrepareUpdate = func(obj, old store.Object) {
		keepStatus(obj, old)
		countTemplates(obj.(*appsv1.DaemonSet), old.(*appsv1.DaemonSet))
	}
	return r
}

// countTemplates keeps the deprecated count of templates, as daemonSetStrategy.PrepareForUpdate does: clients cannot set it,
// and a changed template is one more.
func countTemplates(ds, old *appsv1.DaemonSet) {
	count, _ := strconv.ParseInt(old.Annotations[appsv1.DeprecatedTemplateGeneration], 10, 64)
	if !equality.Semantic.DeepEqual(ds.Spec.Template, old.Spec.Template) {
		count++
	}
	if ds.Annotations == nil {
		ds.Annotations = map[string]string{}
	}
	ds.Annotations[appsv1.DeprecatedTemplateGeneration] = strconv.FormatInt(count, 10)
}
