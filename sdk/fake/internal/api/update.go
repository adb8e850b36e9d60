package api

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const textModified = "the object has been modified; please apply your changes to the latest version and try again"

// Update gives change a copy of the current object and stores what it makes of it, retrying when somebody else was
// faster. A change that sets another resourceVersion than it got asks for that very version and is refused with a
// Conflict if it is not current; an empty one asks for any. A change that alters nothing writes nothing. An error of
// change is returned as it is.
func (a *API) Update(r *registry.Resource, namespace, name string, o WriteOptions, change func(store.Object) error) (store.Object, error) {
	return a.Replace(r, namespace, name, o, func(old store.Object) (store.Object, error) {
		obj := clone(old)
		if err := change(obj); err != nil {
			return nil, err
		}
		return obj, nil
	})
}

// Replace is [API.Update] for callers who make the new object themselves; it must not share memory with the old one.
func (a *API) Replace(r *registry.Resource, namespace, name string, o WriteOptions, next func(old store.Object) (store.Object, error)) (store.Object, error) {
	return a.rewrite(r, namespace, name, func(old store.Object) (store.Object, error) {
		obj, err := next(old)
		if err != nil {
			return nil, err
		}
		if err := checkVersion(r, old, obj); err != nil {
			return nil, err
		}
		r.SetDefaults(obj)
		obj = manageUpdate(r, old, obj, o)
		a.admitUpdate(obj, old, o)
		dropOwnersAfterAdmission(obj, o)
		return a.finishUpdate(r, old, obj, o)
	})
}

// rewrite runs attempt on the current object until no other write comes in between.
func (a *API) rewrite(r *registry.Resource, namespace, name string, attempt func(old store.Object) (store.Object, error)) (store.Object, error) {
	for {
		old, err := a.Get(r, namespace, name)
		if err != nil {
			return nil, err
		}
		obj, err := attempt(old)
		if err == nil {
			return obj, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return nil, a.worded(r, name, err)
		}
	}
}

// finishUpdate carries over what this update may not change, validates the rest and stores it. ErrConflict if old is
// not current any more.
func (a *API) finishUpdate(r *registry.Resource, old, obj store.Object, o WriteOptions) (store.Object, error) {
	prepareUpdate(r, old, obj, o)
	allocated, err := a.allocate(r, obj, old, o)
	if err != nil {
		return nil, err
	}
	defer allocated()
	if errs := updateErrors(r, old, obj, o); len(errs) > 0 {
		return nil, apierrors.NewInvalid(r.KeptKind().GroupKind(), obj.GetName(), errs)
	}
	if o.Warn != nil && o.Subresource != "status" {
		o.warn(podtypes.UpdateWarnings(obj, old))
		o.warn(r.WarningsOf(obj, old))
	}
	done, err := a.admitValid(r, obj, old, o)
	if err != nil {
		return nil, err
	}
	defer done()
	a.settle(r, obj)
	keepTimes(old, obj)
	if released(r, obj) {
		return obj, a.remove(r, old, clone(old), o) // watchers do not see that nothing holds it any more
	}
	if equality.Semantic.DeepEqual(old, obj) {
		return old, nil
	}
	if o.DryRun {
		return obj, nil
	}
	return obj, a.storeUpdate(r, old, obj)
}

// keepTimes puts back the times of managed fields where nothing but they would change, as
// IgnoreManagedFieldsTimestampsTransformer does: such an update writes nothing.
func keepTimes(old, obj store.Object) {
	was, is := old.GetManagedFields(), obj.GetManagedFields()
	if len(was) != len(is) {
		return
	}
	timed, later := slices.Clone(is), false
	for i := range timed {
		later = later || !was[i].Time.Equal(is[i].Time)
		timed[i].Time = was[i].Time
	}
	if !later || !equality.Semantic.DeepEqual(was, timed) {
		return
	}
	obj.SetManagedFields(timed)
	if !equality.Semantic.DeepEqual(old, obj) {
		obj.SetManagedFields(is)
	}
}

// prepareUpdate is rest.BeforeUpdate: what only the server may set stays, and a changed spec is a new generation, which a
// write of the status never is.
func prepareUpdate(r *registry.Resource, old, obj store.Object, o WriteOptions) {
	obj.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	obj.SetSelfLink("")
	obj.SetGeneration(old.GetGeneration())
	obj.SetResourceVersion(old.GetResourceVersion())
	if obj.GetUID() == "" {
		obj.SetUID(old.GetUID())
	}
	if created := old.GetCreationTimestamp(); !created.IsZero() {
		obj.SetCreationTimestamp(created)
	}
	if !old.GetDeletionTimestamp().IsZero() {
		obj.SetDeletionTimestamp(old.GetDeletionTimestamp())
	}
	if old.GetDeletionGracePeriodSeconds() != nil && obj.GetDeletionGracePeriodSeconds() == nil {
		obj.SetDeletionGracePeriodSeconds(old.GetDeletionGracePeriodSeconds())
	}
	prepare := r.PrepareUpdate
	if s := r.Subresource(o.Subresource); s != nil {
		prepare = s.PrepareUpdate
	}
	if prepare != nil {
		prepare(obj, old)
	}
	if o.Subresource == "" {
		podtypes.PrepareUpdate(obj, old)
	}
	if r.Spec != nil && o.Subresource != "status" && !equality.Semantic.DeepEqual(r.Spec(old), r.Spec(obj)) {
		obj.SetGeneration(old.GetGeneration() + 1)
	}
}

func updateErrors(r *registry.Resource, old, obj store.Object, o WriteOptions) field.ErrorList {
	if s := r.Subresource(o.Subresource); s != nil && s.ValidateUpdate != nil {
		return s.ValidateUpdate(obj, old)
	}
	return r.UpdateErrors(obj, old)
}

// checkVersion refuses an update that was made for another version or another object of the same name.
func checkVersion(r *registry.Resource, old, obj store.Object) error {
	v := obj.GetResourceVersion()
	if (v == "" || v == "0") && r.VersionRequired {
		return apierrors.NewInvalid(schema.GroupKind{Group: r.Group, Kind: r.Name}, old.GetName(), field.ErrorList{
			field.Invalid(field.NewPath("metadata", "resourceVersion"), 0, "must be specified for an update"),
		})
	}
	if v == "" || v == "0" || v == old.GetResourceVersion() {
		return nil
	}
	if _, err := strconv.ParseUint(v, 10, 64); err != nil {
		return err // a real server does not dress it up either
	}
	return apierrors.NewConflict(r.GroupResource(), old.GetName(), errors.New(textModified))
}

// worded turns what the store says of itself into the API's words.
func (a *API) worded(r *registry.Resource, name string, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return apierrors.NewNotFound(r.GroupResource(), name)
	case errors.Is(err, store.ErrConflict):
		return apierrors.NewConflict(r.GroupResource(), name, errors.New(textModified))
	}
	return err
}

// clone copies an object deeply, keeping its type.
func clone(obj store.Object) store.Object {
	c, ok := obj.DeepCopyObject().(store.Object)
	if !ok {
		panic(fmt.Sprintf("api: the copy of a %T is no object", obj))
	}
	return c
}
