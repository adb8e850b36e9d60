package types

import (
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// claimTemplate is ValidatePersistentVolumeClaimTemplate: of the metadata only labels and annotations may be set.
func (r *report) claimTemplate(at *field.Path, t *corev1.PersistentVolumeClaimTemplate) {
	meta := at.Child("metadata")
	r.Annotations(meta.Child("annotations"), t.Annotations)
	r.Labels(meta.Child("labels"), t.Labels)
	r.onlyFields(meta, t.ObjectMeta, map[string]bool{"Annotations": true, "Labels": true}, "cannot be set")
	r.claimSpec(at.Child("spec"), &t.Spec)
}

// accessModes are those a claim may ask for, sorted as in the server's message.
var accessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOnce, corev1.ReadWriteOncePod}

// claimSpec is ValidatePersistentVolumeClaimSpec of a new claim.
func (r *report) claimSpec(at *field.Path, spec *corev1.PersistentVolumeClaimSpec) {
	r.claimSpecUpdate(at, spec, nil)
}

// claimSpecUpdate is the same for one that was old before: a selector and API groups that an older server let in may stay.
func (r *report) claimSpecUpdate(at *field.Path, spec, old *corev1.PersistentVolumeClaimSpec) {
	modes := at.Child("accessModes")
	if len(spec.AccessModes) == 0 {
		r.Required(modes, "at least 1 access mode is required")
	}
	var was *metav1.LabelSelector
	maybe(old, func(old *corev1.PersistentVolumeClaimSpec) { was = old.Selector })
	r.LabelSelectorUpdate(at.Child("selector"), spec.Selector, was)
	alone, others := false, false
	for _, mode := range spec.AccessModes {
		oneOf(r, modes, mode, accessModes...)
		alone = alone || mode == corev1.ReadWriteOncePod
		others = others || mode != corev1.ReadWriteOncePod && slices.Contains(accessModes, mode)
	}
	if alone && others {
		r.Forbidden(modes, "may not use ReadWriteOncePod with other access modes")
	}
	storage := at.Child("resources").Key(string(corev1.ResourceStorage))
	if size, ok := spec.Resources.Requests[corev1.ResourceStorage]; !ok {
		r.Required(storage, "")
	} else if size.Sign() <= 0 {
		r.Invalid(storage, size.String(), notPositive)
	}
	if class := spec.StorageClassName; class != nil && *class != "" {
		r.Messages(at.Child("storageClassName"), *class, apivalidation.NameIsDNSSubdomain(*class, false))
	}
	if spec.VolumeMode != nil {
		oneOf(r, at.Child("volumeMode"), *spec.VolumeMode, corev1.PersistentVolumeBlock, corev1.PersistentVolumeFilesystem)
	}
	r.dataSources(at, spec, old != nil && namesGroup(old))
	if class := spec.VolumeAttributesClassName; class != nil && *class != "" {
		r.Messages(at.Child("volumeAttributesClassName"), *class, apivalidation.NameIsDNSSubdomain(*class, false))
	}
}

// namesGroup is allowInvalidAPIGroupInDataSourceOrRef.
func namesGroup(spec *corev1.PersistentVolumeClaimSpec) bool {
	return spec.DataSource != nil && spec.DataSource.APIGroup != nil || spec.DataSourceRef != nil && spec.DataSourceRef.APIGroup != nil
}

// dataSources checks both fields for the data, and that they agree. anyGroup lets API groups be what they are.
func (r *report) dataSources(at *field.Path, spec *corev1.PersistentVolumeClaimSpec, anyGroup bool) {
	if s := spec.DataSource; s != nil {
		r.dataSource(at.Child("dataSource"), s.APIGroup, s.Kind, s.Name, anyGroup)
	}
	ref := spec.DataSourceRef
	if ref == nil {
		return
	}
	r.dataSource(at.Child("dataSourceRef"), ref.APIGroup, ref.Kind, ref.Name, anyGroup)
	elsewhere := ref.Namespace != nil && *ref.Namespace != ""
	if elsewhere {
		r.Messages(at.Child("dataSourceRef", "namespace"), *ref.Namespace, apivalidation.ValidateNamespaceName(*ref.Namespace, false))
	}
	switch s := spec.DataSource; {
	case s == nil:
	case elsewhere:
		r.Invalid(at, at.Child("dataSource"), "may not be specified when dataSourceRef.namespace is specified")
	case !reflect.DeepEqual(s.APIGroup, ref.APIGroup) || s.Kind != ref.Kind || s.Name != ref.Name:
		r.Invalid(at, at.Child("dataSource"), "must match dataSourceRef")
	}
}

// dataSource is validateDataSource and validateDataSourceRef.
func (r *report) dataSource(at *field.Path, group *string, kind, name string, anyGroup bool) {
	r.Present(at.Child("name"), name)
	r.Present(at.Child("kind"), kind)
	if group == nil || *group == "" {
		if kind != "PersistentVolumeClaim" {
			r.Invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
		}
		return
	}
	if !anyGroup {
		r.Messages(at.Child("apiGroup"), *group, validation.IsDNS1123Subdomain(*group))
	}
}
