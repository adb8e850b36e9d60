package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Nodes are the machines that the fake's kubelets play.
var Nodes = &Resource{
	Version: "v1", Kind: "Node", Name: "nodes", Singular: "node", ShortNames: []string{"no"},
	New:     func() store.Object { return &corev1.Node{} },
	NewList: func() runtime.Object { return &corev1.NodeList{} },

	PrepareUpdate: func(obj, old store.Object) { obj.(*corev1.Node).Status = old.(*corev1.Node).Status },
	Subresources: []Subresource{{Name: "proxy", Kind: "NodeProxyOptions", Verbs: proxyVerbs, Raw: true, Connect: true}, {
		Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"spec"}, ValidateUpdate: statusErrors,
		PrepareUpdate: func(obj, old store.Object) { obj.(*corev1.Node).Spec = old.(*corev1.Node).Spec },
	}},
	Columns:     nodeColumns,
	Cells:       nodeCells,
	ResetFields: []string{"status"},
}
