package controllers

import (
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// priorityClasses are those that the API server makes, SystemPriorityClasses.
func priorityClasses() []store.Object {
	class := func(name string, value int32, description string) store.Object {
		return of(registry.PriorityClasses, &schedulingv1.PriorityClass{
			ObjectMeta: metav1.ObjectMeta{Name: name}, Value: value, Description: description,
		})
	}
	return []store.Object{
		class(registry.SystemNodeCritical, 2_000_001_000, "Used for system critical pods that must not be moved from their current node."),
		class(registry.SystemClusterCritical, 2_000_000_000,
			"Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."),
	}
}

// asMinikube is how minikube writes its addons: by kubectl apply.
var asMinikube = api.WriteOptions{Manager: "kubectl-client-side-apply", Shape: "standard"}

// standardClass is the storage class that minikube applies.
func standardClass() *storagev1.StorageClass {
	const isDefault = "storageclass.kubernetes.io/is-default-class"
	return &storagev1.StorageClass{
		ObjectMeta: metav1.ObjectMeta{
			Name:   "standard",
			Labels: map[string]string{"addonmanager.kubernetes.io/mode": "EnsureExists"},
			Annotations: map[string]string{
				isDefault: "true",
				corev1.LastAppliedConfigAnnotation: `{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"annotations":{"` + isDefault +
					`":"true"},"labels":{"addonmanager.kubernetes.io/mode":"EnsureExists"},"name":"standard"},"provisioner":"` + Provisioner + `"}` + "\n",
			},
		},
		Provisioner: Provisioner,
	}
}

// bootstrapClass makes the storage class of claims that name none.
func bootstrapClass(a *api.API) error {
	if a.Table.ForKind(registry.StorageClasses.GroupVersionKind().GroupKind()) == nil {
		return nil
	}
	_, err := a.Create(registry.StorageClasses, standardClass(), asMinikube)
	return err
}
