package check

import (
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// standardFinalizers are the only finalizers without a domain, as IsStandardFinalizerName says.
var standardFinalizers = []string{string(corev1.FinalizerKubernetes), metav1.FinalizerOrphanDependents, metav1.FinalizerDeleteDependents}

// Metadata checks an object's metadata on creation, as ValidateObjectMeta of the core group does. Labels and annotations are
// taken in the order of their keys.
func (r *Report) Metadata(meta *metav1.ObjectMeta, namespaced bool, name apivalidation.ValidateNameFunc) {
	r.anyMetadata(meta, namespaced, name)
	r.finalizers(meta.Finalizers)
}

// anyMetadata is ValidateObjectMeta of apimachinery.
func (r *Report) anyMetadata(meta *metav1.ObjectMeta, namespaced bool, name apivalidation.ValidateNameFunc) {
	at := field.NewPath("metadata")
	rest := *meta
	rest.Labels, rest.Annotations = nil, nil
	errors := apivalidation.ValidateObjectMeta(&rest, namespaced, name, at)
	// The server looks at labels and annotations before it comes to these.
	late := slices.IndexFunc(errors, func(e *field.Error) bool {
		return strings.HasPrefix(e.Field, "metadata.ownerReferences") || strings.HasPrefix(e.Field, "metadata.finalizers") ||
			strings.HasPrefix(e.Field, "metadata.managedFields")
	})
	if late < 0 {
		late = len(errors)
	}
	r.Add(errors[:late]...)
	r.Labels(at.Child("labels"), meta.Labels)
	r.Annotations(at.Child("annotations"), meta.Annotations)
	r.Add(errors[late:]...)
}

// CommonCreate checks what every server does of a new object, of whatever kind, once its kind's own rules have found nothing, as
// BeforeCreate of the registry does: a name can stand in a URL.
func (r *Report) CommonCreate(meta *metav1.ObjectMeta, namespaced bool) {
	if len(r.Errors) == 0 {
		r.anyMetadata(meta, namespaced, path.ValidatePathSegmentName)
	}
}

// CommonUpdate checks the same of an update, before its kind's own rules, as BeforeUpdate does.
func (r *Report) CommonUpdate(meta, old *metav1.ObjectMeta) {
	r.anyMetadata(meta, old.Namespace != "", path.ValidatePathSegmentName)
	r.Add(apivalidation.ValidateObjectMetaUpdate(meta, old, field.NewPath("metadata"))...)
}

// MetadataUpdate checks what of the metadata may change, as ValidateObjectMetaUpdate does.
func (r *Report) MetadataUpdate(meta, old *metav1.ObjectMeta) {
	r.Add(apivalidation.ValidateObjectMetaUpdate(meta, old, field.NewPath("metadata"))...)
	r.finalizers(meta.Finalizers)
}

func (r *Report) finalizers(names []string) {
	for i, name := range names {
		r.KubeFinalizer(field.NewPath("metadata", "finalizers").Index(i), name)
	}
}

// KubeFinalizer is validateKubeFinalizerName.
func (r *Report) KubeFinalizer(at *field.Path, name string) {
	if !strings.Contains(name, "/") && !slices.Contains(standardFinalizers, name) {
		r.Invalid(at, name, "name is neither a standard finalizer name nor is it fully qualified")
	}
}

// Immutable is ValidateImmutableField, and shows a struct as the server does.
func (r *Report) Immutable(at *field.Path, value, old any) {
	if equality.Semantic.DeepEqual(value, old) {
		return
	}
	if kind := reflect.TypeOf(value).Kind(); kind == reflect.Struct || kind == reflect.Pointer || kind == reflect.Slice {
		value = Internal{value}
	}
	r.Invalid(at, value, apivalidation.FieldImmutableErrorMsg)
}

// Labels is ValidateLabels, in the order of the keys.
func (r *Report) Labels(at *field.Path, labels map[string]string) {
	for _, key := range SortedKeys(labels) {
		r.Add(metavalidation.ValidateLabels(map[string]string{key: labels[key]}, at)...)
	}
}

// Annotations is ValidateAnnotations: keys count in lower case, and all together have a limit.
func (r *Report) Annotations(at *field.Path, annotations map[string]string) {
	for _, key := range SortedKeys(annotations) {
		r.Messages(at, key, validation.IsQualifiedName(strings.ToLower(key)))
	}
	if apivalidation.ValidateAnnotationsSize(annotations) != nil {
		r.Add(field.TooLong(at, "", apivalidation.TotalAnnotationSizeLimitB))
	}
}

// LabelSelector is ValidateLabelSelector, the labels in the order of their keys. nil is fine.
func (r *Report) LabelSelector(at *field.Path, s *metav1.LabelSelector) {
	r.labelSelector(at, s, false)
}

// LabelSelectorUpdate is LabelSelector for an update: values that no label can have may stay if the old selector had some.
func (r *Report) LabelSelectorUpdate(at *field.Path, s, old *metav1.LabelSelector) {
	r.labelSelector(at, s, metavalidation.LabelSelectorHasInvalidLabelValue(old))
}

func (r *Report) labelSelector(at *field.Path, s *metav1.LabelSelector, anyValue bool) {
	if s == nil {
		return
	}
	r.Labels(at.Child("matchLabels"), s.MatchLabels)
	r.Add(metavalidation.ValidateLabelSelector(&metav1.LabelSelector{MatchExpressions: s.MatchExpressions},
		metavalidation.LabelSelectorValidationOptions{AllowInvalidLabelValueInSelector: anyValue}, at)...)
}
