package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var storageClassColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Provisioner", Type: "string", Description: storageClassDoc["provisioner"]},
	{Name: "ReclaimPolicy", Type: "string", Description: storageClassDoc["reclaimPolicy"]},
	{Name: "VolumeBindingMode", Type: "string", Description: storageClassDoc["volumeBindingMode"]},
	{Name: "AllowVolumeExpansion", Type: "string", Description: storageClassDoc["allowVolumeExpansion"]},
	ageColumn,
}

var storageClassDoc = storagev1.StorageClass{}.SwaggerDoc()

func storageClassCells(obj store.Object) []any {
	c := obj.(*storagev1.StorageClass)
	return []any{
		c.Name, c.Provisioner, string(ptr.Deref(c.ReclaimPolicy, corev1.PersistentVolumeReclaimDelete)),
		string(ptr.Deref(c.VolumeBindingMode, storagev1.VolumeBindingImmediate)), ptr.Deref(c.AllowVolumeExpansion, false), age(c),
	}
}

// markDefaultClass says in a list which class is the one of claims that name none.
func markDefaultClass(objs []store.Object, rows []metav1.TableRow) {
	best := DefaultClass(objs)
	for i, obj := range objs {
		if obj == store.Object(best) {
			rows[i].Cells[0] = best.Name + " (default)"
		}
	}
}
