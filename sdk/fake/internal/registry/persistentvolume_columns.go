package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var volumeColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Capacity", Type: "string", Description: volumeDoc["capacity"]},
	{Name: "Access Modes", Type: "string", Description: volumeDoc["accessModes"]},
	{Name: "Reclaim Policy", Type: "string", Description: volumeDoc["persistentVolumeReclaimPolicy"]},
	{Name: "Status", Type: "string", Description: volumeStatusDoc["phase"]},
	{Name: "Claim", Type: "string", Description: volumeDoc["claimRef"]},
	{Name: "StorageClass", Type: "string", Description: volumeDoc["storageClassName"]},
	{Name: "VolumeAttributesClass", Type: "string", Description: volumeDoc["volumeAttributesClassName"]},
	{Name: "Reason", Type: "string", Description: volumeStatusDoc["reason"]},
	ageColumn,
	{Name: "VolumeMode", Type: "string", Priority: wide, Description: volumeDoc["volumeMode"]},
}

var (
	volumeDoc       = corev1.PersistentVolumeSpec{}.SwaggerDoc()
	volumeStatusDoc = corev1.PersistentVolumeStatus{}.SwaggerDoc()
)

func volumeCells(obj store.Object) []any {
	v := obj.(*corev1.PersistentVolume)
	phase, claim := string(v.Status.Phase), ""
	if v.DeletionTimestamp != nil {
		phase = "Terminating"
	}
	if ref := v.Spec.ClaimRef; ref != nil {
		claim = ref.Namespace + "/" + ref.Name
	}
	capacity := v.Spec.Capacity[corev1.ResourceStorage]
	return []any{
		v.Name, capacity.String(), accessModes(v.Spec.AccessModes), string(v.Spec.PersistentVolumeReclaimPolicy), phase, claim, VolumeClassOf(v),
		ptr.Deref(v.Spec.VolumeAttributesClassName, cellUnset), v.Status.Reason, age(v), string(ptr.Deref(v.Spec.VolumeMode, cellUnset)),
	}
}
