package registry

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Namespaces hold everything namespaced. A namespace goes when its spec.finalizers are gone too, which the namespace
// controller sees to after it has emptied it.
var Namespaces = &Resource{
	Version: "v1", Kind: "Namespace", Name: "namespaces", Singular: "namespace", ShortNames: []string{"ns"},
	Verbs:   []string{"create", "delete", "get", "list", "patch", "update", "watch"},
	New:     func() store.Object { return &corev1.Namespace{} },
	NewList: func() runtime.Object { return &corev1.NamespaceList{} },

	PrepareCreate: func(obj store.Object) {
		ns := obj.(*corev1.Namespace)
		ns.Status = corev1.NamespaceStatus{Phase: corev1.NamespaceActive}
		if !slices.Contains(ns.Spec.Finalizers, corev1.FinalizerKubernetes) {
			ns.Spec.Finalizers = append(ns.Spec.Finalizers, corev1.FinalizerKubernetes)
		}
	},
	PrepareUpdate: func(obj, old store.Object) {
		ns, was := obj.(*corev1.Namespace), old.(*corev1.Namespace)
		ns.Spec.Finalizers = was.Spec.Finalizers
		ns.Status = was.Status
	},
	Immortal:      []string{metav1.NamespaceDefault, metav1.NamespaceSystem, metav1.NamespacePublic},
	Held:          func(obj store.Object) bool { return len(obj.(*corev1.Namespace).Spec.Finalizers) > 0 },
	PrepareDelete: func(obj store.Object) { obj.(*corev1.Namespace).Status.Phase = corev1.NamespaceTerminating },
	Subresources: []Subresource{
		{
			Name: "finalize", Verbs: []string{"update"}, ResetFields: []string{"status"},
			PrepareUpdate: func(obj, old store.Object) {
				obj.(*corev1.Namespace).Status = old.(*corev1.Namespace).Status
			},
		},
		{
			Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"spec"}, ValidateUpdate: statusErrors,
			PrepareUpdate: func(obj, old store.Object) {
				obj.(*corev1.Namespace).Spec = old.(*corev1.Namespace).Spec
			},
		},
	},
	Columns:     namespaceColumns,
	Cells:       namespaceCells,
	ResetFields: []string{"status"},
}
