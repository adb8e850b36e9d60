package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ReplicationControllers is the row of the chapter's way to keep pods running.
var ReplicationControllers = &Resource{
	Version: "v1", Kind: "ReplicationController", Name: "replicationcontrollers", Singular: "replicationcontroller",
	ShortNames: []string{"rc"}, Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &corev1.ReplicationController{} },
	NewList: func() runtime.Object { return &corev1.ReplicationControllerList{} },

	PrepareCreate: func(obj store.Object) {
		obj.(*corev1.ReplicationController).Status = corev1.ReplicationControllerStatus{}
	},
	PrepareUpdate: func(obj, old store.Object) {
		obj.(*corev1.ReplicationController).Status = old.(*corev1.ReplicationController).Status
	},
	Spec:            func(obj store.Object) any { return &obj.(*corev1.ReplicationController).Spec },
	OrphanByDefault: true,
	Replicas: func(obj store.Object) Replicas {
		rc := obj.(*corev1.ReplicationController)
		return Replicas{&rc.Spec.Replicas, rc.Status.Replicas, selector.FromSet(rc.Spec.Selector).String()}
	},
	Subresources: []Subresource{
		scale,
		{
			Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"spec"}, ValidateUpdate: statusErrors,
			PrepareUpdate: func(obj, old store.Object) {
				obj.(*corev1.ReplicationController).Spec = old.(*corev1.ReplicationController).Spec
			},
		},
	},
	Columns:     replicationControllerColumns,
	Cells:       replicationControllerCells,
	ResetFields: []string{"status"},
}
