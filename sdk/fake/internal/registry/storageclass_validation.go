package registry

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// What the parameters of a storage class may come to.
const (
	maxParameters     = 512
	maxParametersSize = 256 << 10
)

var (
	classReclaimPolicies = []corev1.PersistentVolumeReclaimPolicy{corev1.PersistentVolumeReclaimDelete, corev1.PersistentVolumeReclaimRetain}
	bindingModes         = []storagev1.VolumeBindingMode{storagev1.VolumeBindingImmediate, storagev1.VolumeBindingWaitForFirstConsumer}
)

// storageClassErrors is ValidateStorageClass.
func storageClassErrors(c *storagev1.StorageClass) field.ErrorList {
	errs := apivalidation.ValidateObjectMeta(&c.ObjectMeta, false, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	at := field.NewPath("provisioner")
	if c.Provisioner == "" {
		errs = append(errs, field.Required(at, ""))
	} else {
		for _, text := range validation.IsQualifiedName(strings.ToLower(c.Provisioner)) {
			errs = append(errs, field.Invalid(at, strings.ToLower(c.Provisioner), text))
		}
	}
	errs = append(errs, parametersErrors(field.NewPath("parameters"), c.Parameters)...)
	if p := c.ReclaimPolicy; p != nil && *p != "" && !slices.Contains(classReclaimPolicies, *p) {
		errs = append(errs, field.NotSupported(field.NewPath("reclaimPolicy"), *p, classReclaimPolicies))
	}
	if m := c.VolumeBindingMode; m == nil {
		errs = append(errs, field.Required(field.NewPath("volumeBindingMode"), ""))
	} else if !slices.Contains(bindingModes, *m) {
		errs = append(errs, field.NotSupported(field.NewPath("volumeBindingMode"), *m, bindingModes))
	}
	return append(errs, topologiesErrors(field.NewPath("allowedTopologies"), c.AllowedTopologies)...)
}

func parametersErrors(at *field.Path, parameters map[string]string) field.ErrorList {
	if len(parameters) > maxParameters {
		return field.ErrorList{field.TooLong(at, "", maxParameters)}
	}
	var errs field.ErrorList
	size := 0
	for k, v := range parameters {
		if k == "" {
			errs = append(errs, field.Invalid(at, k, "field can not be empty."))
		}
		size += len(k) + len(v)
	}
	if size > maxParametersSize {
		errs = append(errs, field.TooLong(at, "", maxParametersSize))
	}
	return errs
}

// topologiesErrors is ValidateTopologySelectorTerm for each term.
func topologiesErrors(at *field.Path, terms []corev1.TopologySelectorTerm) field.ErrorList {
	var errs field.ErrorList
	for i, term := range terms {
		seen := map[string]bool{}
		for j, e := range term.MatchLabelExpressions {
			one := at.Index(i).Child("matchLabelExpressions").Index(j)
			if len(e.Values) == 0 {
				errs = append(errs, field.Required(one.Child("values"), ""))
			}
			for k, v := range e.Values {
				if slices.Index(e.Values, v) < k {
					errs = append(errs, field.Duplicate(one.Child("values").Index(k), v))
				}
			}
			for _, text := range validation.IsQualifiedName(e.Key) {
				errs = append(errs, field.Invalid(one.Child("key"), e.Key, text))
			}
			if seen[e.Key] {
				errs = append(errs, field.Duplicate(one.Child("key"), e.Key))
			}
			seen[e.Key] = true
		}
	}
	return errs
}

// storageClassUpdateErrors is ValidateStorageClassUpdate: nothing about the volumes of a class changes.
func storageClassUpdateErrors(c, old *storagev1.StorageClass) field.ErrorList {
	errs := append(storageClassErrors(c), metaUpdateErrors(&c.ObjectMeta, &old.ObjectMeta)...)
	for _, f := range []struct {
		name    string
		is, was any
	}{
		{"parameters", c.Parameters, old.Parameters},
		{"provisioner", c.Provisioner, old.Provisioner},
		{"reclaimPolicy", c.ReclaimPolicy, old.ReclaimPolicy},
		{"volumeBindingMode", c.VolumeBindingMode, old.VolumeBindingMode},
	} {
		errs = append(errs, apivalidation.ValidateImmutableField(f.is, f.was, field.NewPath(f.name))...)
	}
	return errs
}
