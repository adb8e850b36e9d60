package registry

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/diff"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// volumeErrors is ValidatePersistentVolume. Of the sources it looks into hostPath, local, nfs and csi; of the others only the number.
func volumeErrors(v *corev1.PersistentVolume) field.ErrorList {
	errs := apivalidation.ValidateObjectMeta(&v.ObjectMeta, false, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	at, spec := field.NewPath("spec"), &v.Spec
	errs = append(errs, accessModesErrors(at.Child("accessModes"), spec.AccessModes)...)
	errs = append(errs, capacityErrors(at.Child("capacity"), spec.Capacity)...)
	if p := spec.PersistentVolumeReclaimPolicy; p != "" && !slices.Contains(reclaimPolicies, p) {
		errs = append(errs, field.NotSupported(at.Child("persistentVolumeReclaimPolicy"), p, reclaimPolicies))
	}
	errs = append(errs, volumeAffinityErrors(at.Child("nodeAffinity"), spec.NodeAffinity)...)
	errs = append(errs, volumeSourceErrors(at, spec)...)
	if h := spec.HostPath; h != nil && path.Clean(h.Path) == "/" && spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimRecycle {
		errs = append(errs, field.Forbidden(at.Child("persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'"))
	}
	if spec.StorageClassName != "" {
		errs = append(errs, classNameErrors(at.Child("storageClassName"), spec.StorageClassName)...)
	}
	if m := spec.VolumeMode; m != nil && !slices.Contains(volumeModes, *m) {
		errs = append(errs, field.NotSupported(at.Child("volumeMode"), *m, volumeModes))
	}
	return append(errs, attributesClassErrors(at, spec)...)
}

var (
	volumeAccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOnce, corev1.ReadWriteOncePod}
	reclaimPolicies   = []corev1.PersistentVolumeReclaimPolicy{
		corev1.PersistentVolumeReclaimDelete, corev1.PersistentVolumeReclaimRecycle, corev1.PersistentVolumeReclaimRetain,
	}
	volumeModes = []corev1.PersistentVolumeMode{corev1.PersistentVolumeBlock, corev1.PersistentVolumeFilesystem}
)

func accessModesErrors(at *field.Path, modes []corev1.PersistentVolumeAccessMode) field.ErrorList {
	var errs field.ErrorList
	if len(modes) == 0 {
		errs = append(errs, field.Required(at, ""))
	}
	alone, together := false, false
	for _, mode := range modes {
		known := slices.Contains(volumeAccessModes, mode)
		if !known {
			errs = append(errs, field.NotSupported(at, mode, volumeAccessModes))
		}
		alone = alone || mode == corev1.ReadWriteOncePod
		together = together || known && mode != corev1.ReadWriteOncePod
	}
	if alone && together {
		errs = append(errs, field.Forbidden(at, "may not use ReadWriteOncePod with other access modes"))
	}
	return errs
}

func capacityErrors(at *field.Path, capacity corev1.ResourceList) field.ErrorList {
	var errs field.ErrorList
	if len(capacity) == 0 {
		errs = append(errs, field.Required(at, ""))
	}
	if _, ok := capacity[corev1.ResourceStorage]; !ok || len(capacity) > 1 {
		errs = append(errs, field.NotSupported(at, capacity, []corev1.ResourceName{corev1.ResourceStorage}))
	}
	for _, name := range sortedNames(capacity) {
		q := capacity[name]
		if q.Sign() < 0 {
			errs = append(errs, field.Invalid(at.Key(string(name)), q.Value(), "must be a valid resource quantity"))
		}
		if q.Sign() <= 0 {
			errs = append(errs, field.Invalid(at.Key(string(name)), q.String(), "must be greater than zero"))
		}
	}
	return errs
}

func sortedNames(list corev1.ResourceList) []corev1.ResourceName {
	names := make([]corev1.ResourceName, 0, len(list))
	for name := range list {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// volumeAffinityErrors is validateVolumeNodeAffinity but for the terms.
func volumeAffinityErrors(at *field.Path, a *corev1.VolumeNodeAffinity) field.ErrorList {
	switch {
	case a == nil:
		return nil
	case a.Required == nil:
		return field.ErrorList{field.Required(at.Child("required"), "must specify required node constraints")}
	case len(a.Required.NodeSelectorTerms) == 0:
		return field.ErrorList{field.Required(at.Child("required", "nodeSelectorTerms"), "must have at least one node selector term")}
	}
	return nil
}

// volumeSourceErrors holds that there is one source, and looks into it.
func volumeSourceErrors(at *field.Path, spec *corev1.PersistentVolumeSpec) field.ErrorList {
	var errs field.ErrorList
	sources := reflect.ValueOf(&spec.PersistentVolumeSource).Elem()
	seen := 0
	for i := range sources.NumField() {
		if sources.Field(i).IsNil() {
			continue
		}
		name, _, _ := strings.Cut(sources.Type().Field(i).Tag.Get("json"), ",")
		if seen++; seen > 1 {
			errs = append(errs, field.Forbidden(at.Child(name), "may not specify more than 1 volume type"))
		}
	}
	if seen == 0 {
		errs = append(errs, field.Required(at, "must specify a volume type"))
	}
	need := func(at *field.Path, value, text string) {
		if value == "" {
			errs = append(errs, field.Required(at, text))
		}
	}
	noWayBack := func(at *field.Path, dir string) {
		if slices.Contains(strings.Split(dir, "/"), "..") {
			errs = append(errs, field.Invalid(at, dir, "must not contain '..'"))
		}
	}
	switch {
	case spec.HostPath != nil:
		need(at.Child("hostPath", "path"), spec.HostPath.Path, "")
		noWayBack(at.Child("hostPath", "path"), spec.HostPath.Path)
	case spec.NFS != nil:
		need(at.Child("nfs", "server"), spec.NFS.Server, "")
		need(at.Child("nfs", "path"), spec.NFS.Path, "")
		if p := spec.NFS.Path; p != "" && !path.IsAbs(p) {
			errs = append(errs, field.Invalid(at.Child("nfs", "path"), p, "must be an absolute path"))
		}
	case spec.Local != nil:
		need(at.Child("local", "path"), spec.Local.Path, "")
		noWayBack(at.Child("local", "path"), spec.Local.Path)
		if spec.NodeAffinity == nil || spec.NodeAffinity.Required == nil {
			errs = append(errs, field.Required(at.Child("nodeAffinity"), "Local volume requires node affinity"))
		}
	case spec.CSI != nil:
		need(at.Child("csi", "driver"), spec.CSI.Driver, "")
		need(at.Child("csi", "volumeHandle"), spec.CSI.VolumeHandle, "")
	}
	return errs
}

// classNameErrors is ValidateClassName.
func classNameErrors(at *field.Path, name string) field.ErrorList {
	var errs field.ErrorList
	for _, text := range apivalidation.NameIsDNSSubdomain(name, false) {
		errs = append(errs, field.Invalid(at, name, text))
	}
	return errs
}

func attributesClassErrors(at *field.Path, spec *corev1.PersistentVolumeSpec) field.ErrorList {
	name := spec.VolumeAttributesClassName
	if name == nil {
		return nil
	}
	errs := classNameErrors(at.Child("volumeAttributesClassName"), *name)
	if *name == "" {
		errs = field.ErrorList{field.Required(at.Child("volumeAttributesClassName"), "an empty string is disallowed")}
	}
	if spec.CSI == nil {
		errs = append(errs, field.Required(at.Child("csi"), "has to be specified when using volumeAttributesClassName"))
	}
	return errs
}

// volumeUpdateErrors is ValidatePersistentVolumeUpdate: where the data of a volume is stays. What is wrong with the volume itself a
// real server finds twice, and so names once.
func volumeUpdateErrors(v, old *corev1.PersistentVolume) field.ErrorList {
	errs := append(volumeErrors(v), metaUpdateErrors(&v.ObjectMeta, &old.ObjectMeta)...)
	source := v.Spec.PersistentVolumeSource.DeepCopy()
	if was := old.Spec.CSI; was != nil && was.ControllerExpandSecretRef == nil && source.CSI != nil {
		source.CSI.ControllerExpandSecretRef = nil
	}
	if was := old.Spec.PersistentVolumeSource; !equality.Semantic.DeepEqual(*source, was) {
		errs = append(errs, field.Forbidden(field.NewPath("spec", "persistentvolumesource"),
			fmt.Sprintf("spec.persistentvolumesource is immutable after creation\n%v", diff.Diff(was, *source))))
	}
	errs = append(errs, apivalidation.ValidateImmutableField(v.Spec.VolumeMode, old.Spec.VolumeMode, field.NewPath("volumeMode"))...)
	if old.Spec.NodeAffinity != nil && !equality.Semantic.DeepEqual(v.Spec.NodeAffinity, old.Spec.NodeAffinity) {
		errs = append(errs, field.Invalid(field.NewPath("nodeAffinity"), v.Spec.NodeAffinity, apivalidation.FieldImmutableErrorMsg))
	}
	if old.Spec.VolumeAttributesClassName != nil && v.Spec.VolumeAttributesClassName == nil {
		errs = append(errs, field.Forbidden(field.NewPath("spec", "volumeAttributesClassName"), "update from non-nil value to nil is forbidden"))
	}
	return errs
}

// volumeWarnings are the main ones of GetWarningsForPersistentVolume.
func volumeWarnings(v *corev1.PersistentVolume) []string {
	var texts []string
	for _, d := range []struct{ annotation, text string }{
		{corev1.BetaStorageClassAnnotation, `deprecated since v1.8; use "storageClassName" attribute instead`},
		{corev1.MountOptionAnnotation, `deprecated since v1.31; use "mountOptions" attribute instead`},
	} {
		if metav1.HasAnnotation(v.ObjectMeta, d.annotation) {
			texts = append(texts, fmt.Sprintf("metadata.annotations[%s]: %s", d.annotation, d.text))
		}
	}
	if v.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimRecycle {
		texts = append(texts, "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. "+
			"Instead, the recommended approach is to use dynamic provisioning.")
	}
	return texts
}
