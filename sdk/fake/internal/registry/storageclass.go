package registry

import (
	"cmp"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The annotations, of now and of old, that make a class the one of claims that name none.
const (
	defaultClassAnnotation     = "storageclass.kubernetes.io/is-default-class"
	betaDefaultClassAnnotation = "storageclass.beta.kubernetes.io/is-default-class"
)

// StorageClasses say who makes the volumes of claims that name them.
var StorageClasses = &Resource{
	Group: storagev1.GroupName, Version: "v1", Kind: "StorageClass", Name: "storageclasses", Singular: "storageclass", ShortNames: []string{"sc"},
	New:     func() store.Object { return &storagev1.StorageClass{} },
	NewList: func() runtime.Object { return &storagev1.StorageClassList{} },
	Default: func(obj store.Object) {
		c := obj.(*storagev1.StorageClass)
		if c.ReclaimPolicy == nil {
			c.ReclaimPolicy = new(corev1.PersistentVolumeReclaimDelete)
		}
		if c.VolumeBindingMode == nil {
			c.VolumeBindingMode = new(storagev1.VolumeBindingImmediate)
		}
	},
	Validate: func(obj store.Object) field.ErrorList { return storageClassErrors(obj.(*storagev1.StorageClass)) },
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		return storageClassUpdateErrors(obj.(*storagev1.StorageClass), old.(*storagev1.StorageClass))
	},
	ReturnDeleted: true,
	Columns:       storageClassColumns,
	Cells:         storageClassCells,
	MarkRows:      markDefaultClass,
}

// IsDefaultClass says whether a class wants to be the one of claims that name none, as IsDefaultAnnotation.
func IsDefaultClass(c *storagev1.StorageClass) bool {
	return c.Annotations[defaultClassAnnotation] == "true" || c.Annotations[betaDefaultClassAnnotation] == "true"
}

// DefaultClass is the class of claims that name none: of several that want to be it the newest, and of several of that age the first
// by name, as GetDefaultClass has it. It is nil if there is none.
func DefaultClass(objs []store.Object) *storagev1.StorageClass {
	var best *storagev1.StorageClass
	for _, obj := range objs {
		if c := obj.(*storagev1.StorageClass); IsDefaultClass(c) && (best == nil || newerClass(c, best)) {
			best = c
		}
	}
	return best
}

func newerClass(a, b *storagev1.StorageClass) bool {
	return cmp.Or(b.CreationTimestamp.Compare(a.CreationTimestamp.Time), cmp.Compare(a.Name, b.Name)) < 0
}

// ClassOf is the storage class of a claim, as GetPersistentVolumeClaimClass finds it.
func ClassOf(c *corev1.PersistentVolumeClaim) string {
	if class, ok := c.Annotations[corev1.BetaStorageClassAnnotation]; ok {
		return class
	}
	if c.Spec.StorageClassName == nil {
		return ""
	}
	return *c.Spec.StorageClassName
}

// HasClass says whether a claim says anything of its storage class: that it has none counts.
func HasClass(c *corev1.PersistentVolumeClaim) bool {
	_, ok := c.Annotations[corev1.BetaStorageClassAnnotation]
	return ok || c.Spec.StorageClassName != nil
}
