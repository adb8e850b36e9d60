package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// PersistentVolumeClaims ask for volumes. A controller binds them, and a claim stays until no pod needs it.
var PersistentVolumeClaims = claims()

func claims() *Resource {
	r := withStatus(&Resource{
		Version: "v1", Kind: "PersistentVolumeClaim", Name: "persistentvolumeclaims", Singular: "persistentvolumeclaim",
		ShortNames: []string{"pvc"}, Namespaced: true,
		New:           func() store.Object { return &corev1.PersistentVolumeClaim{} },
		NewList:       func() runtime.Object { return &corev1.PersistentVolumeClaimList{} },
		ReturnDeleted: true,
		Columns:       claimColumns,
		Cells:         claimCells,
	}, func(c *corev1.PersistentVolumeClaim) (*corev1.PersistentVolumeClaimSpec, *corev1.PersistentVolumeClaimStatus) {
		return &c.Spec, &c.Status
	})
	r.PrepareCreate = func(obj store.Object) {
		obj.(*corev1.PersistentVolumeClaim).Status = corev1.PersistentVolumeClaimStatus{Phase: corev1.ClaimPending}
	}
	return r
}
