package controllers

import (
	"cmp"
	"maps"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/utils/ptr"
)

const deleted = watch.Deleted

// ownerOf says where the owner that ref names must be: in the namespace of its dependent x, or in none. It is unknown
// if its kind is not served, or if it would be in a namespace and x is in none.
func (c *GarbageCollector) ownerOf(x object, ref metav1.OwnerReference) (object, bool) {
	gv, err := schema.ParseGroupVersion(ref.APIVersion)
	if err != nil {
		return object{}, false
	}
	row := c.api.Table.ForKind(gv.WithKind(ref.Kind).GroupKind())
	if row == nil || row.Namespaced && x.Namespace == "" {
		return object{}, false
	}
	owner := object{row.StoreKey(), types.NamespacedName{Name: ref.Name}}
	if row.Namespaced {
		owner.Namespace = x.Namespace
	}
	return owner, true
}

// waits says whether obj is being deleted in a way that the collector has to carry out.
func waits(obj store.Object) bool {
	return obj.GetDeletionTimestamp() != nil && (has(obj, metav1.FinalizerOrphanDependents) || has(obj, metav1.FinalizerDeleteDependents))
}

// waitsForDependents says whether obj is being deleted in the foreground.
func waitsForDependents(obj store.Object) bool {
	return obj.GetDeletionTimestamp() != nil && has(obj, metav1.FinalizerDeleteDependents)
}

// startsWaiting says whether obj has just begun to wait for its dependents.
func startsWaiting(old, obj store.Object) bool {
	return waitsForDependents(obj) && (old == nil || !waitsForDependents(old))
}

// blocks says whether the owner with that uid must not go before obj.
func blocks(obj store.Object, owner types.UID) bool {
	return slices.ContainsFunc(obj.GetOwnerReferences(), func(r metav1.OwnerReference) bool {
		return r.UID == owner && ptr.Deref(r.BlockOwnerDeletion, false)
	})
}

func has(obj store.Object, finalizer string) bool {
	return slices.Contains(obj.GetFinalizers(), finalizer)
}

func sameOwner(a, b metav1.OwnerReference) bool {
	return a.UID == b.UID && a.Kind == b.Kind && a.Name == b.Name && a.APIVersion == b.APIVersion &&
		ptr.Deref(a.BlockOwnerDeletion, false) == ptr.Deref(b.BlockOwnerDeletion, false)
}

// sortedObjects returns the objects of a set by kind, namespace and name.
func sortedObjects(set map[object]struct{}) []object {
	return slices.SortedFunc(maps.Keys(set), func(a, b object) int {
		return cmp.Or(cmp.Compare(a.resource.Group, b.resource.Group), cmp.Compare(a.resource.Resource, b.resource.Resource),
			cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
}

// dropOwners removes the given owners from an object, and leaves nil where none is left.
func dropOwners(obj metav1.Object, owners ...types.UID) {
	left := slices.DeleteFunc(slices.Clone(obj.GetOwnerReferences()), func(r metav1.OwnerReference) bool {
		return slices.Contains(owners, r.UID)
	})
	if len(left) == 0 {
		left = nil
	}
	obj.SetOwnerReferences(left)
}

// dropFinalizer removes one finalizer from an object, and leaves nil where none is left.
func dropFinalizer(obj metav1.Object, finalizer string) {
	left := slices.DeleteFunc(slices.Clone(obj.GetFinalizers()), func(f string) bool { return f == finalizer })
	if len(left) == 0 {
		left = nil
	}
	obj.SetFinalizers(left)
}
