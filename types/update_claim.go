package types

import (
	"github.com/podwright/podwright/types/facts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/diff"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// claimUpdate is ValidatePersistentVolumeClaimUpdate: what a claim asks for stays, but that one which is bound may ask for more, and
// for other attributes of its volume.
func (r *report) claimUpdate(c, old *corev1.PersistentVolumeClaim) {
	r.MetadataUpdate(&c.ObjectMeta, &old.ObjectMeta)
	r.claim(c, old)
	r.claimUnchanged(c, old)
	r.claimSize(c, old)
	r.Immutable(field.NewPath("volumeMode"), c.Spec.VolumeMode, old.Spec.VolumeMode)
	r.attributesClass(field.NewPath("spec", "volumeAttributesClassName"), c, old)
}

// claim is ValidatePersistentVolumeClaim. A selector and API groups that an older server let in may stay; old is nil on creation.
func (r *report) claim(c, old *corev1.PersistentVolumeClaim) {
	r.Metadata(&c.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	var was *corev1.PersistentVolumeClaimSpec
	maybe(old, func(old *corev1.PersistentVolumeClaim) { was = &old.Spec })
	r.claimSpecUpdate(field.NewPath("spec"), &c.Spec, was)
}

// claimUnchanged compares what remains of the specs when what may change is made equal. The message ends with the difference in the
// server's own notation.
func (r *report) claimUnchanged(c, old *corev1.PersistentVolumeClaim) {
	is, was := c.Spec.DeepCopy(), old.Spec.DeepCopy()
	completeDataSource(was) // one from an older server has but one of the two fields
	if was.VolumeName == "" {
		was.VolumeName = is.VolumeName // it is given once
	}
	r.storageClass(c, old, is, was)
	if c.Status.Phase == corev1.ClaimBound {
		if is.Resources.Requests != nil {
			is.Resources.Requests[corev1.ResourceStorage] = was.Resources.Requests[corev1.ResourceStorage]
		}
		is.VolumeAttributesClassName = was.VolumeAttributesClassName
	}
	if !equality.Semantic.DeepEqual(is, was) {
		r.Forbidden(field.NewPath("spec"), "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"+
			diff.Diff(internal(was), internal(is)))
	}
}

// storageClass lets the class move from the annotation, where it once was, to the field, and a claim without one get one. Else the
// annotation is as fixed as the field.
func (r *report) storageClass(c, old *corev1.PersistentVolumeClaim, is, was *corev1.PersistentVolumeClaimSpec) {
	const key = corev1.BetaStorageClassAnnotation
	before, annotated := old.Annotations[key]
	now, still := c.Annotations[key]
	comes := was.StorageClassName == nil && is.StorageClassName != nil
	if comes && annotated && *is.StorageClassName == before && (!still || now == before) {
		is.StorageClassName = nil
		return
	}
	if now != before {
		r.Add(field.Invalid(field.NewPath("metadata", "annotations", key), now, apivalidation.FieldImmutableErrorMsg))
	}
	if comes && (!annotated || *is.StorageClassName == before) {
		is.StorageClassName = was.StorageClassName
	}
}

// claimSize lets a claim whose growth has failed ask for less again, but for no less than it has.
func (r *report) claimSize(c, old *corev1.PersistentVolumeClaim) {
	is, was, has := c.Spec.Resources.Requests[corev1.ResourceStorage], old.Spec.Resources.Requests[corev1.ResourceStorage], old.Status.Capacity[corev1.ResourceStorage]
	if is.Cmp(was) < 0 && is.Cmp(has) <= 0 {
		r.Forbidden(field.NewPath("spec", "resources", "requests", "storage"), "field can not be less than status.capacity")
	}
}

// attributesClass keeps a class of attributes that a volume has from being taken away; it may become another.
func (r *report) attributesClass(at *field.Path, c, old *corev1.PersistentVolumeClaim) {
	is, was := c.Spec.VolumeAttributesClassName, old.Spec.VolumeAttributesClassName
	if equality.Semantic.DeepEqual(is, was) || old.Status.CurrentVolumeAttributesClassName == nil {
		return
	}
	switch {
	case is == nil:
		r.Forbidden(at, "update to nil is forbidden when status.currentVolumeAttributesClassName is not nil")
	case *is == "":
		r.Forbidden(at, "update to empty string is forbidden when status.currentVolumeAttributesClassName is not nil")
	}
}

// ClaimErrors lists what the API server would refuse in the spec of a claim that stands at a path, as ValidatePersistentVolumeClaimSpec
// does, be it of a claim or in the claim templates of a StatefulSet or of a kind of one's own. spec must have its defaults, and must not
// be nil.
func ClaimErrors(at *field.Path, spec *corev1.PersistentVolumeClaimSpec) field.ErrorList {
	r := &report{}
	r.claimSpec(at, spec)
	return r.Errors
}

// ClaimWarnings lists what the API server would warn of there, as GetWarningsForPersistentVolumeClaimSpec does.
func ClaimWarnings(at *field.Path, spec *corev1.PersistentVolumeClaimSpec) []string {
	w := &warnings{}
	w.claim(at, spec)
	return w.texts
}

// DefaultClaim fills in, in place, the defaults of a claim that stands in another object. [Default] does so for the kinds it knows.
func DefaultClaim(c *corev1.PersistentVolumeClaim) {
	facts.Default(c)
	defaultClaim(c)
}
