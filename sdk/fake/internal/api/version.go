package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
)

// shown is a stored object as r's version shows it.
func shown(r *registry.Resource, obj store.Object) store.Object {
	if r.Show == nil {
		return obj
	}
	return r.Show(obj)
}

// kept is an object of r's version as the store has it.
func kept(r *registry.Resource, obj store.Object) store.Object {
	if r.Keep == nil {
		return obj
	}
	return r.Keep(obj)
}

// storeUpdate replaces old by obj, which gets its resource version.
func (a *API) storeUpdate(r *registry.Resource, old, obj store.Object) error {
	next := kept(r, obj)
	a.sharing.share(old, next)
	if err := a.Store.Update(r.StoreKey(), old, next); err != nil {
		return err
	}
	if next != obj { // what is stored belongs to everybody
		obj.SetResourceVersion(next.GetResourceVersion())
	}
	return nil
}

// settle does with obj what controllers would do with it a moment later.
func (a *API) settle(r *registry.Resource, obj store.Object) {
	if r.Settle != nil {
		others, _ := a.List(r, "")
		r.Settle(obj, others)
	}
}
