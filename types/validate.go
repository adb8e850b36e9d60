package types

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/go-multierror"
	"github.com/podwright/podwright/types/facts"
	"github.com/podwright/podwright/types/internal/rules"
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
func Validate(obj runtime.Object) error { return Invalid(Title(obj), Errors(obj)) }

// Check is [Validate] for an object as it is written: it calls [Default] and [Prepare] on a copy first, takes a missing
// namespace for the client's to choose, and a missing name for the server's to make of generateName. Use it on what comes from
// a file or a builder. nil has no problems.
func Check(obj runtime.Object) error {
	if obj == nil {
		return nil
	}
	obj = obj.DeepCopyObject()
	if meta, ok := obj.(metav1.Object); ok {
		if meta.GetNamespace() == "" && isNamespaced(obj) {
			meta.SetNamespace(metav1.NamespaceDefault)
		}
		if meta.GetName() == "" && meta.GetGenerateName() != "" {
			meta.SetName(generatedName(meta.GetGenerateName()))
		}
	}
	Default(obj)
	Prepare(obj)
	return Validate(obj)
}

// generatedName is like the names that the server makes of a prefix: five characters behind at most 58.
func generatedName(prefix string) string { return prefix[:min(len(prefix), 58)] + "xxxxx" }

func isNamespaced(obj runtime.Object) bool {
	if k := rules.Of(obj); k != nil {
		return !k.Cluster
	}
	switch obj.(type) {
	case *corev1.Namespace, *corev1.Node:
		return false
	}
	return true
}

// Errors is [Validate] for callers that build an API answer: the same problems as a list.
func Errors(obj runtime.Object) field.ErrorList {
	if k := rules.Of(obj); k != nil && k.Errors != nil {
		return k.Errors(obj)
	}
	r := &report{}
	switch obj := obj.(type) {
	case *corev1.Pod:
		return podErrors(obj)
	case *corev1.ReplicationController:
		return replicationControllerErrors(obj)
	case *corev1.PodTemplate:
		r.Metadata(&obj.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
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
		r.Metadata(&obj.ObjectMeta, true, apivalidation.ValidateServiceAccountName)
	case *corev1.Service:
		r.serviceCreate(obj)
	case *corev1.Event:
		r.eventCreate(obj)
	case *corev1.LimitRange:
		r.limitRange(obj)
	case *corev1.ResourceQuota:
		r.quota(obj)
	case *corev1.Endpoints:
		r.endpoints(obj, nil)
	case *corev1.PersistentVolumeClaim:
		r.claim(obj, nil)
	case metav1.ObjectMetaAccessor:
		if meta, ok := obj.GetObjectMeta().(*metav1.ObjectMeta); ok {
			r.Metadata(meta, meta.Namespace != "", apivalidation.NameIsDNSSubdomain)
		}
	}
	if !facts.IsBuiltIn(reflect.TypeOf(obj)) {
		r.Add(facts.Validate(obj)...)
	}
	return r.Errors
}

// ValidateUpdate reports everything the API server would refuse in an update that replaces old by obj: what Validate
// finds, and changes of what must not change. Both must have their defaults and the same type. The error is of
// the same form as that of [Validate].
func ValidateUpdate(obj, old runtime.Object) error {
	return Invalid(Title(obj), UpdateErrors(obj, old))
}

// Invalid returns problems as one *[multierror.Error] of *[field.Error] in their order, nil if there are none. It
// prints one problem a line, under a title if that is not empty: see [Title].
func Invalid(title string, problems field.ErrorList) error {
	if len(problems) == 0 {
		return nil
	}
	joined := &multierror.Error{Errors: make([]error, len(problems))}
	for i, e := range problems {
		joined.Errors[i] = e
	}
	joined.ErrorFormat = func(errs []error) string { return oneALine(title, errs) }
	return joined
}

// Title says which object an error is about: Pod "web" is invalid. The kind is that of the object's Go type.
func Title(obj runtime.Object) string {
	title := reflect.Indirect(reflect.ValueOf(obj)).Type().Name()
	if meta, ok := obj.(metav1.Object); ok {
		title += fmt.Sprintf(" %q", cmp.Or(meta.GetName(), meta.GetGenerateName()))
	}
	return title + " is invalid"
}

func oneALine(title string, errs []error) string {
	var b strings.Builder
	switch {
	case title != "" && len(errs) > 1:
		b.WriteString(title + ":\n  ")
	case title != "":
		b.WriteString(title + ": ")
	}
	for i, err := range errs {
		if i > 0 {
			b.WriteString("\n")
			if title != "" {
				b.WriteString("  ")
			}
		}
		b.WriteString(err.Error())
	}
	return b.String()
}
