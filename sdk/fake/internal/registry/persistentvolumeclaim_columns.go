package registry

import (
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var claimColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Status", Type: "string", Description: claimStatusDoc["phase"]},
	{Name: "Volume", Type: "string", Description: claimDoc["volumeName"]},
	{Name: "Capacity", Type: "string", Description: claimStatusDoc["capacity"]},
	{Name: "Access Modes", Type: "string", Description: claimStatusDoc["accessModes"]},
	{Name: "StorageClass", Type: "string", Description: claimDoc["storageClassName"]},
	{Name: "VolumeAttributesClass", Type: "string", Description: claimDoc["volumeAttributesClassName"]},
	ageColumn,
	{Name: "VolumeMode", Type: "string", Priority: wide, Description: claimDoc["volumeMode"]},
}

var (
	claimDoc       = corev1.PersistentVolumeClaimSpec{}.SwaggerDoc()
	claimStatusDoc = corev1.PersistentVolumeClaimStatus{}.SwaggerDoc()
)

// cellUnset is what a cell says of a field that nobody has set.
const cellUnset = "<unset>"

// claimCells show capacity and access modes of the bound volume, so only where there is one.
func claimCells(obj store.Object) []any {
	c := obj.(*corev1.PersistentVolumeClaim)
	phase, capacity, modes := string(c.Status.Phase), "", ""
	if c.DeletionTimestamp != nil {
		phase = "Terminating"
	}
	if c.Spec.VolumeName != "" {
		storage := c.Status.Capacity[corev1.ResourceStorage]
		capacity, modes = storage.String(), accessModes(c.Status.AccessModes)
	}
	class, ok := c.Annotations[corev1.BetaStorageClassAnnotation]
	if !ok {
		class = ptr.Deref(c.Spec.StorageClassName, "")
	}
	return []any{
		c.Name, phase, c.Spec.VolumeName, capacity, modes, class, ptr.Deref(c.Spec.VolumeAttributesClassName, cellUnset), age(c),
		string(ptr.Deref(c.Spec.VolumeMode, cellUnset)),
	}
}

// accessModes abbreviates modes, always in the same order, as GetAccessModesAsString does.
func accessModes(modes []corev1.PersistentVolumeAccessMode) string {
	var short []string
	for _, m := range []struct {
		mode corev1.PersistentVolumeAccessMode
		text string
	}{{corev1.ReadWriteOnce, "RWO"}, {corev1.ReadOnlyMany, "ROX"}, {corev1.ReadWriteMany, "RWX"}, {corev1.ReadWriteOncePod, "RWOP"}} {
		if slices.Contains(modes, m.mode) {
			short = append(short, m.text)
		}
	}
	return strings.Join(short, ",")
}
