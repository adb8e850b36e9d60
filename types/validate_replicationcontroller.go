package types

import (
	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// replicationControllerErrors is ValidateReplicationController.
func replicationControllerErrors(rc *corev1.ReplicationController) field.ErrorList {
	r := &report{}
	r.Metadata(&rc.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.replicationControllerSpec(&rc.Spec)
	return declaredLast(r.Errors, &rc.ObjectMeta)
}

// replicationControllerUpdate is ValidateReplicationControllerUpdate. A name that changes is looked at by its marker, too.
func (r *report) replicationControllerUpdate(rc, old *corev1.ReplicationController) {
	r.MetadataUpdate(&rc.ObjectMeta, &old.ObjectMeta)
	found := &report{}
	found.replicationControllerSpec(&rc.Spec)
	found.renamed(&rc.ObjectMeta, &old.ObjectMeta)
	r.Add(declaredLast(found.Errors, &rc.ObjectMeta)...)
}

func (r *report) renamed(meta, old *metav1.ObjectMeta) {
	if meta.Name != old.Name && meta.Name != "" {
		r.Messages(field.NewPath("metadata", "name"), meta.Name, apivalidation.NameIsDNSSubdomain(meta.Name, false))
	}
}

// declaredLast moves what is wrong with the name to the end: for this kind the server finds that by the types' declarative
// markers, which it reads after its own rules. The numbers, declared too, come after the name.
func declaredLast(errors field.ErrorList, meta *metav1.ObjectMeta) field.ErrorList {
	var first, names, numbers field.ErrorList
	for _, e := range errors {
		switch {
		case e.Field == "metadata.name" && e.Type == field.ErrorTypeInvalid && meta.Name != "":
			names = append(names, e)
		case e.Field == "spec.replicas" || e.Field == "spec.minReadySeconds":
			numbers = append(numbers, e)
		default:
			first = append(first, e)
		}
	}
	return append(append(first, names...), numbers...)
}

func (r *report) replicationControllerSpec(spec *corev1.ReplicationControllerSpec) {
	at := field.NewPath("spec")
	if len(spec.Selector) == 0 {
		r.Required(at.Child("selector"), "")
	}
	if spec.Template == nil {
		r.Required(at.Child("template"), "")
	} else {
		r.controlledTemplate(at.Child("template"), spec)
	}
	if spec.Replicas == nil {
		r.Required(at.Child("replicas"), "")
	} else if *spec.Replicas < 0 {
		r.Invalid(at.Child("replicas"), *spec.Replicas, check.NotNegative)
	}
	if spec.MinReadySeconds < 0 {
		r.Invalid(at.Child("minReadySeconds"), spec.MinReadySeconds, check.NotNegative)
	}
}

// controlledTemplate is ValidatePodTemplateSpecForRC.
func (r *report) controlledTemplate(at *field.Path, spec *corev1.ReplicationControllerSpec) {
	t := spec.Template
	if len(spec.Selector) > 0 && !labels.SelectorFromValidatedSet(spec.Selector).Matches(labels.Set(t.Labels)) {
		r.Invalid(at.Child("metadata", "labels"), t.Labels, "`selector` does not match template `labels`")
	}
	r.podTemplate(at, t)
	if t.Spec.RestartPolicy != corev1.RestartPolicyAlways {
		oneOf(r, at.Child("spec", "restartPolicy"), t.Spec.RestartPolicy, corev1.RestartPolicyAlways)
	}
	if t.Spec.ActiveDeadlineSeconds != nil {
		r.Forbidden(at.Child("spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in ReplicationController is not Supported")
	}
}
