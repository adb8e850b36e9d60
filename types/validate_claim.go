package types

import (
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// claimTemplate is ValidatePersistentVolumeClaimTemplate: of the metadata only labels and annotations may be set.
func (r *report) claimTemplate(at *field.Path, t *corev1.PersistentVolumeClaimTemplate) {
	meta := at.Child("metadata")
	r.annotations(meta.Child("annotations"), t.Annotations)
	r.labels(meta.Child("labels"), t.Labels)
	r.onlyFields(meta, t.ObjectMeta, map[string]bool{"Annotations": true, "Labels": true}, "cannot be set")
	r.claimSpec(at.Child("spec"), &t.Spec)
}

// accessModes are those a claim may ask for, sorted as in the server's message.
var accessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOnce, corev1.ReadWriteOncePod}

// claimSpec is ValidatePersistentVolumeClaimSpec.
func (r *report) claimSpec(at *field.Path, spec *corev1.PersistentVolumeClaimSpec) {
	modes := at.Child("accessModes")
	if len(spec.AccessModes) == 0 {
		r.required(modes, "at least 1 access mode is required")
	}
	r.labelSelector(at.Child("selector"), spec.Selector)
	alone, others := false, false
	for _, mode := range spec.AccessModes {
		oneOf(r, modes, mode, accessModes...)
		alone = alone || mode == corev1.ReadWriteOncePod
		others = others || mode != corev1.ReadWriteOncePod && slices.Contains(accessModes, mode)
	}
	if alone && others {
		r.forbidden(modes, "may not use ReadWriteOncePod with other access modes")
	}
	storage := at.Child("resources").Key(string(corev1.ResourceStorage))
	if size, ok := spec.Resources.Requests[corev1.ResourceStorage]; !ok {
		r.required(storage, "")
	} else if size.Sign() <= 0 {
		r.invalid(storage, size.String(), notPositive)
	}
	if class := spec.StorageClassName; class != nil && *class != "" {
		r.messages(at.Child("storageClassName"), *class, apivalidation.NameIsDNSSubdomain(*class, false))
	}
	if spec.VolumeMode != nil {
		oneOf(r, at.Child("volumeMode"), *spec.VolumeMode, corev1.PersistentVolumeBlock, corev1.PersistentVolumeFilesystem)
	}
	r.dataSources(at, spec)
	if class := spec.VolumeAttributesClassName; class != nil && *class != "" {
		r.messages(at.Child("volumeAttributesClassName"), *class, apivalidation.NameIsDNSSubdomain(*class, false))
	}
}

func (r *report) dataSources(at *field.Path, spec *corev1.PersistentVolumeClaimSpec) {
	if s := spec.DataSource; s != nil {
		r.dataSource(at.Child("dataSource"), s.APIGroup, s.Kind, s.Name)
	}
	ref := spec.DataSourceRef
	if ref == nil {
		return
	}
	r.dataSource(at.Child("dataSourceRef"), ref.APIGroup, ref.Kind, ref.Name)
	elsewhere := ref.Namespace != nil && *ref.Namespace != ""
	if elsewhere {
		r.messages(at.Child("dataSourceRef", "namespace"), *ref.Namespace, apivalidation.ValidateNamespaceName(*ref.Namespace, false))
	}
	switch s := spec.DataSource; {
	case s == nil:
	case elsewhere:
		r.invalid(at, at.Child("dataSource"), "may not be specified when dataSourceRef.namespace is specified")
	case !reflect.DeepEqual(s.APIGroup, ref.APIGroup) || s.Kind != ref.Kind || s.Name != ref.Name:
		r.invalid(at, at.Child("dataSource"), "must match dataSourceRef")
	}
}

// dataSource is validateDataSource and validateDataSourceRef.
func (r *report) dataSource(at *field.Path, group *string, kind, name string) {
	r.present(at.Child("name"), name)
	r.present(at.Child("kind"), kind)
	if group == nil || *group == "" {
		if kind != "PersistentVolumeClaim" {
			r.invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
		}
		return
	}
	r.messages(at.Child("apiGroup"), *group, validation.IsDNS1123Subdomain(*group))
}
