package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Services are kept as objects; nothing is behind them yet.
var Services = &Resource{
	Version: "v1", Kind: "Service", Name: "services", Singular: "service", ShortNames: []string{"svc"},
	Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &corev1.Service{} },
	NewList: func() runtime.Object { return &corev1.ServiceList{} },

	PrepareCreate: func(obj store.Object) { obj.(*corev1.Service).Status = corev1.ServiceStatus{} },
	PrepareUpdate: func(obj, old store.Object) {
		obj.(*corev1.Service).Status = old.(*corev1.Service).Status
	},
	ReturnDeleted: true,
	Subresources: []Subresource{{Name: "proxy", Kind: "ServiceProxyOptions", Verbs: proxyVerbs, Raw: true, Connect: true}, {
		Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"spec"}, ValidateUpdate: statusErrors,
		PrepareUpdate: func(obj, old store.Object) {
			obj.(*corev1.Service).Spec = old.(*corev1.Service).Spec
		},
	}},
	Columns:     serviceColumns,
	Cells:       serviceCells,
	ResetFields: []string{"status"},
}
