package api

import (
	"errors"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Applied is what a client applies.
type Applied struct {
	Object *unstructured.Unstructured
	// Force takes over what other managers own; without it that is a Conflict.
	Force bool
	// Check has the last word on what came of the merge.
	Check func(merged store.Object) error
}

// Apply merges patch into the object as its manager's whole intent: server-side apply. It returns the object and
// whether it was created.
func (a *API) Apply(r *registry.Resource, namespace, name string, o WriteOptions, patch Applied) (store.Object, bool, error) {
	for {
		_, err := a.Get(r, namespace, name)
		if apierrors.IsNotFound(err) && o.Subresource == "" {
			obj, err := a.applyNew(r, namespace, name, o, patch)
			if apierrors.IsAlreadyExists(err) && !o.DryRun {
				continue // somebody else was faster: merge into theirs
			}
			return obj, true, err
		}
		obj, err := a.rewrite(r, namespace, name, func(old store.Object) (store.Object, error) {
			return a.applyTo(r, old, o, patch)
		})
		return obj, false, err
	}
}

func (a *API) applyTo(r *registry.Resource, old store.Object, o WriteOptions, patch Applied) (store.Object, error) {
	obj, err := a.merge(r, clone(old), o, patch)
	if err != nil {
		return nil, err
	}
	if uid := patch.Object.GetUID(); uid != "" {
		obj.SetUID(uid)
	}
	if v := patch.Object.GetResourceVersion(); v != "" {
		obj.SetResourceVersion(v)
	}
	if err := patch.Check(obj); err != nil {
		return nil, err
	}
	if err := checkVersion(r, old, obj); err != nil {
		return nil, err
	}
	a.admitUpdate(obj, old, o)
	dropOwnersAfterAdmission(obj, o)
	return a.finishUpdate(r, old, obj, o)
}

func (a *API) applyNew(r *registry.Resource, namespace, name string, o WriteOptions, patch Applied) (store.Object, error) {
	if err := a.CheckNamespace(r, namespace); err != nil {
		return nil, err
	}
	empty := r.New()
	empty.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	obj, err := a.merge(r, empty, o, patch)
	if err != nil {
		return nil, err
	}
	if uid := patch.Object.GetUID(); uid != "" {
		return nil, apierrors.NewConflict(r.GroupResource(), name,
			fmt.Errorf("uid mismatch: the provided object specified uid %s, and no existing object was found", uid))
	}
	if err := patch.Check(obj); err != nil {
		return nil, err
	}
	obj.SetResourceVersion("") // one that is given says nothing about an object that is not there
	return a.create(r, obj, o)
}

// merge is the merge itself; the result has its managed fields and its defaults.
func (a *API) merge(r *registry.Resource, live store.Object, o WriteOptions, patch Applied) (store.Object, error) {
	merged, err := managerOf(r, o).Apply(live, patch.Object.DeepCopy(), o.Manager, patch.Force)
	if err != nil {
		return nil, err
	}
	obj, ok := merged.(store.Object)
	if !ok {
		return nil, errors.New("the applied object has no metadata")
	}
	return obj, nil
}
