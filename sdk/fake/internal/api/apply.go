package api

import (
	"errors"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Apply merges patch into the object as its manager's whole intent: server-side apply. It returns the object and
// whether it was created. What other managers own and patch changes is a Conflict, unless force is set.
func (a *API) Apply(r *registry.Resource, namespace, name string, o WriteOptions, patch *unstructured.Unstructured, force bool) (store.Object, bool, error) {
	for {
		_, err := a.Get(r, namespace, name)
		if apierrors.IsNotFound(err) && o.Subresource == "" {
			obj, err := a.applyNew(r, namespace, name, o, patch, force)
			if apierrors.IsAlreadyExists(err) && !o.DryRun {
				continue // somebody else was faster: merge into theirs
			}
			return obj, true, err
		}
		obj, err := a.rewrite(r, namespace, name, func(old store.Object) (store.Object, error) {
			return a.applyTo(r, old, o, patch, force)
		})
		return obj, false, err
	}
}

func (a *API) applyTo(r *registry.Resource, old store.Object, o WriteOptions, patch *unstructured.Unstructured, force bool) (store.Object, error) {
	obj, err := a.merge(r, clone(old), o, patch, force)
	if err != nil {
		return nil, err
	}
	if uid := patch.GetUID(); uid != "" {
		obj.SetUID(uid)
	}
	if v := patch.GetResourceVersion(); v != "" {
		obj.SetResourceVersion(v)
	}
	if err := checkVersion(r, old, obj); err != nil {
		return nil, err
	}
	return a.finishUpdate(r, old, obj, o)
}

func (a *API) applyNew(r *registry.Resource, namespace, name string, o WriteOptions, patch *unstructured.Unstructured, force bool) (store.Object, error) {
	if err := a.CheckNamespace(r, namespace); err != nil {
		return nil, err
	}
	if uid := patch.GetUID(); uid != "" {
		return nil, apierrors.NewConflict(r.GroupResource(), name,
			fmt.Errorf("uid mismatch: the provided object specified uid %s, and no existing object was found", uid))
	}
	empty := r.New()
	empty.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	obj, err := a.merge(r, empty, o, patch, force)
	if err != nil {
		return nil, err
	}
	obj.SetNamespace(namespace)
	return a.create(r, obj, o)
}

// merge is the merge itself; the result has its managed fields and its defaults.
func (a *API) merge(r *registry.Resource, live store.Object, o WriteOptions, patch *unstructured.Unstructured, force bool) (store.Object, error) {
	merged, err := managerOf(r, o.Subresource).Apply(live, patch.DeepCopy(), o.Manager, force)
	if err != nil {
		return nil, err
	}
	obj, ok := merged.(store.Object)
	if !ok {
		return nil, errors.New("the applied object has no metadata")
	}
	return obj, nil
}
