package registry

import (
	"cmp"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// PersistentVolumes are what claims are bound to.
var PersistentVolumes = &Resource{
	Version: "v1", Kind: "PersistentVolume", Name: "persistentvolumes", Singular: "persistentvolume", ShortNames: []string{"pv"},
	New:     func() store.Object { return &corev1.PersistentVolume{} },
	NewList: func() runtime.Object { return &corev1.PersistentVolumeList{} },
	Default: func(obj store.Object) {
		v := obj.(*corev1.PersistentVolume)
		v.Status.Phase = cmp.Or(v.Status.Phase, corev1.VolumePending)
		v.Spec.PersistentVolumeReclaimPolicy = cmp.Or(v.Spec.PersistentVolumeReclaimPolicy, corev1.PersistentVolumeReclaimRetain)
		if v.Spec.VolumeMode == nil {
			v.Spec.VolumeMode = new(corev1.PersistentVolumeFilesystem)
		}
		if h := v.Spec.HostPath; h != nil && h.Type == nil {
			h.Type = new(corev1.HostPathUnset)
		}
	},
	Validate: func(obj store.Object) field.ErrorList { return volumeErrors(obj.(*corev1.PersistentVolume)) },
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		return volumeUpdateErrors(obj.(*corev1.PersistentVolume), old.(*corev1.PersistentVolume))
	},
	Warnings: func(obj, _ store.Object) []string { return volumeWarnings(obj.(*corev1.PersistentVolume)) },
	PrepareCreate: func(obj store.Object) {
		v := obj.(*corev1.PersistentVolume)
		v.Status = corev1.PersistentVolumeStatus{Phase: corev1.VolumePending, LastPhaseTransitionTime: new(v.CreationTimestamp)}
	},
	PrepareUpdate: func(obj, old store.Object) {
		obj.(*corev1.PersistentVolume).Status = old.(*corev1.PersistentVolume).Status
	},
	ReturnDeleted: true,
	Subresources: []Subresource{{
		Name: "status", Verbs: viewVerbs, ResetFields: []string{"spec"},
		PrepareUpdate: volumeStatusPrepareUpdate,
		ValidateUpdate: func(obj, old store.Object) field.ErrorList {
			return metaUpdateErrors(&obj.(*corev1.PersistentVolume).ObjectMeta, &old.(*corev1.PersistentVolume).ObjectMeta)
		},
	}},
	Columns:     volumeColumns,
	Cells:       volumeCells,
	ResetFields: []string{"status"},
}

// volumeStatusPrepareUpdate notes when the phase changed, as persistentvolumeStatusStrategy does.
func volumeStatusPrepareUpdate(obj, old store.Object) {
	v, was := obj.(*corev1.PersistentVolume), old.(*corev1.PersistentVolume)
	v.Spec = was.Spec
	at := v.Status.LastPhaseTransitionTime
	switch same := v.Status.Phase == was.Status.Phase; {
	case same && at == nil:
		v.Status.LastPhaseTransitionTime = was.Status.LastPhaseTransitionTime
	case !same && (at == nil || at.Equal(was.Status.LastPhaseTransitionTime)):
		v.Status.LastPhaseTransitionTime = new(metav1.Now().Rfc3339Copy())
	}
}

// VolumeClassOf is the storage class of a volume, as GetPersistentVolumeClass finds it.
func VolumeClassOf(v *corev1.PersistentVolume) string {
	if class, ok := v.Annotations[corev1.BetaStorageClassAnnotation]; ok {
		return class
	}
	return v.Spec.StorageClassName
}
