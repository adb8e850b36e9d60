package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var namespaceColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Status", Type: "string", Description: "Whether the namespace is in use or on its way out."},
	ageColumn,
}

func namespaceCells(obj store.Object) []any {
	ns := obj.(*corev1.Namespace)
	return []any{ns.Name, string(ns.Status.Phase), age(ns)}
}
