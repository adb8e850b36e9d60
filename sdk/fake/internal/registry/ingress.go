package registry

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ingressClassAnnotation named an ingress's class before there was a field for it.
const ingressClassAnnotation = "kubernetes.io/ingress.class"

// Ingresses are kept as objects: nothing listens.
var Ingresses = ingresses()

func ingresses() *Resource {
	r := withStatus(&Resource{
		Group: networkingv1.GroupName, Version: "v1", Kind: "Ingress", Name: "ingresses", Singular: "ingress", ShortNames: []string{"ing"}, Namespaced: true,
		New:      func() store.Object { return &networkingv1.Ingress{} },
		NewList:  func() runtime.Object { return &networkingv1.IngressList{} },
		Spec:     func(obj store.Object) any { return &obj.(*networkingv1.Ingress).Spec },
		Validate: func(obj store.Object) field.ErrorList { return ingressErrors(obj.(*networkingv1.Ingress)) },
		ValidateUpdate: func(obj, old store.Object) field.ErrorList {
			return ingressUpdateErrors(obj.(*networkingv1.Ingress), old.(*networkingv1.Ingress))
		},
		Warnings: ingressWarnings,
		Columns:  ingressColumns,
		Cells:    ingressCells,
	}, func(i *networkingv1.Ingress) (*networkingv1.IngressSpec, *networkingv1.IngressStatus) {
		return &i.Spec, &i.Status
	})
	r.Subresource("status").ValidateUpdate = func(obj, old store.Object) field.ErrorList {
		return ingressStatusErrors(obj.(*networkingv1.Ingress), old.(*networkingv1.Ingress))
	}
	return r
}

// ingressWarnings is WarningsOnCreate of the ingress strategy; an update warns of nothing.
func ingressWarnings(obj, old store.Object) []string {
	i := obj.(*networkingv1.Ingress)
	if _, ok := i.Annotations[ingressClassAnnotation]; !ok || old != nil || i.Spec.IngressClassName != nil {
		return nil
	}
	return []string{fmt.Sprintf("annotation %q is deprecated, please use 'spec.ingressClassName' instead", ingressClassAnnotation)}
}
