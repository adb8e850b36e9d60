package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Get returns the current version of an object, or a NotFound API error.
func (a *API) Get(r *registry.Resource, namespace, name string) (store.Object, error) {
	obj, err := a.Store.Get(r.StoreKey(), namespace, name)
	if err != nil {
		return nil, apierrors.NewNotFound(r.GroupResource(), name)
	}
	return shown(r, obj), nil
}

// List returns the objects of a resource, of one namespace unless it is empty, sorted by namespace and name, and the
// version of the store that they show.
func (a *API) List(r *registry.Resource, namespace string) ([]store.Object, uint64) {
	objs, version := a.Store.List(r.StoreKey(), namespace)
	if r.Show != nil {
		for i := range objs {
			objs[i] = r.Show(objs[i])
		}
	}
	return objs, version
}
