package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Bindings are the older way to put a pod onto a node, beside the pods' subresource. They are not kept.
var Bindings = &Resource{
	Version: "v1", Kind: "Binding", Name: "bindings", Singular: "binding", Namespaced: true, Verbs: []string{"create"},
	New:     func() store.Object { return &corev1.Binding{} },
	NewList: func() runtime.Object { return nil },
}
