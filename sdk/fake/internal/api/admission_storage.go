package api

import (
	"errors"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/utils/ptr"
)

// The finalizers of claims and volumes, which hold them while they are in use.
const (
	ClaimProtection  = "kubernetes.io/pvc-protection"
	VolumeProtection = "kubernetes.io/pv-protection"
)

// protect gives a new claim or volume its finalizer, as the StorageObjectInUseProtection plugin does.
func protect(obj store.Object, finalizer string) {
	if !slices.Contains(obj.GetFinalizers(), finalizer) {
		obj.SetFinalizers(append(obj.GetFinalizers(), finalizer))
	}
}

// defaultClass gives a new claim that says nothing of a class the default one, as the DefaultStorageClass plugin does.
func (a *API) defaultClass(c *corev1.PersistentVolumeClaim) {
	if registry.HasClass(c) {
		return
	}
	if class := a.DefaultStorageClass(); class != nil {
		c.Spec.StorageClassName = new(class.Name)
	}
}

// DefaultStorageClass is the class of claims that say nothing of one; nil if there is none.
func (a *API) DefaultStorageClass() *storagev1.StorageClass {
	objects, _ := a.Store.List(registry.StorageClasses.StoreKey(), "")
	return registry.DefaultClass(objects)
}

// checkExpansion refuses to let a claim ask for more than before unless it is bound and its class allows it, as the
// PersistentVolumeClaimResize plugin does.
func (a *API) checkExpansion(c *corev1.PersistentVolumeClaim, old store.Object, o WriteOptions) error {
	was, ok := old.(*corev1.PersistentVolumeClaim)
	if !ok || o.Subresource != "" {
		return nil
	}
	size, before := c.Spec.Resources.Requests[corev1.ResourceStorage], was.Spec.Resources.Requests[corev1.ResourceStorage]
	if size.Cmp(before) <= 0 {
		return nil
	}
	refuse := func(why string) error {
		return apierrors.NewForbidden(registry.PersistentVolumeClaims.GroupResource(), c.Name, errors.New(why))
	}
	if was.Status.Phase != corev1.ClaimBound {
		return refuse("Only bound persistent volume claims can be expanded")
	}
	if !a.expandable(registry.ClassOf(c), registry.ClassOf(was)) {
		return refuse("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize")
	}
	return nil
}

func (a *API) expandable(class, was string) bool {
	obj, err := a.Store.Get(registry.StorageClasses.StoreKey(), "", class)
	return err == nil && class == was && ptr.Deref(obj.(*storagev1.StorageClass).AllowVolumeExpansion, false)
}
