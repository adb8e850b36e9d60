package types

import (
	"github.com/hashicorp/go-multierror"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Validate reports everything the API server would refuse in a create of obj, which must have its defaults (see
// [Default]). The error is one *[multierror.Error] whose Errors are *[field.Error], in the server's order; nil means
// that the server would accept it. Where the server goes through a map, and so reports in random order, the order here is that of the keys.
// Validate does not change obj.
func Validate(obj runtime.Object) error { return asError(Errors(obj)) }

// Check is [Validate] for an object as it is written: it calls [Default] and [Prepare] on a copy first, and takes a missing
// namespace for the client's to choose. Use it on what comes from a file or a builder. nil has no problems.
func Check(obj runtime.Object) error {
	if obj == nil {
		return nil
	}
	obj = obj.DeepCopyObject()
	if meta, ok := obj.(metav1.Object); ok && meta.GetNamespace() == "" && isNamespaced(obj) {
		meta.SetNamespace(metav1.NamespaceDefault)
	}
	Default(obj)
	Prepare(obj)
	return Validate(obj)
}

func isNamespaced(obj runtime.Object) bool {
	switch obj.(type) {
	case *corev1.Namespace, *corev1.Node:
		return false
	}
	return true
}

// Errors is [Validate] for callers that build an API answer: the same problems as a list.
func Errors(obj runtime.Object) field.ErrorList {
	r := &report{}
	switch obj := obj.(type) {
	case *corev1.Pod:
		return podErrors(obj)
	case *corev1.ReplicationController:
		return replicationControllerErrors(obj)
	case *corev1.PodTemplate:
		r.metadata(&obj.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
		r.podTemplate(field.NewPath("template"), &obj.Template)
	case *corev1.Namespace:
		r.namespace(obj)
	case *corev1.Node:
		r.node(obj)
	case *corev1.ConfigMap:
		r.configMap(obj)
	case *corev1.Secret:
		r.secret(obj)
	case *corev1.ServiceAccount:
		r.metadata(&obj.ObjectMeta, true, apivalidation.ValidateServiceAccountName)
	case *corev1.Service:
		r.service(obj)
	case *corev1.Event:
		r.event(obj)
	case *corev1.PersistentVolumeClaim:
		r.metadata(&obj.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
		r.claimSpec(field.NewPath("spec"), &obj.Spec)
	case metav1.ObjectMetaAccessor:
		if meta, ok := obj.GetObjectMeta().(*metav1.ObjectMeta); ok {
			r.metadata(meta, meta.Namespace != "", apivalidation.NameIsDNSSubdomain)
		}
	}
	return r.errors
}

// ValidateUpdate reports everything the API server would refuse in an update that replaces old by obj: what Validate
// finds, and changes of what must not change. Both must have their defaults and the same type. The error is of
// the same form as that of [Validate].
func ValidateUpdate(obj, old runtime.Object) error { return asError(UpdateErrors(obj, old)) }

// asError joins a list into one error, nil for an empty list.
func asError(list field.ErrorList) error {
	if len(list) == 0 {
		return nil
	}
	joined := &multierror.Error{}
	for _, e := range list {
		joined.Errors = append(joined.Errors, e)
	}
	return joined
}
