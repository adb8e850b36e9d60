package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
)

// serveDefinitions has the table follow the definitions of kinds in the store: a kind is served from the moment at which somebody can see
// its definition, and no longer.
func (a *API) serveDefinitions() {
	a.Store.Observe(registry.CustomResourceDefinitions.StoreKey(), func(e store.Event) {
		if e.Type == watch.Deleted {
			a.Table.Define(e.Object.GetName())
			return
		}
		d, ok := e.Object.(*apiextensionsv1.CustomResourceDefinition)
		if !ok || sameService(e.Old, d) {
			return
		}
		rows, err := registry.CustomResources(d)
		if err != nil {
			rows = nil // it was valid, so there is no such definition; a real server answers 404 for it too
		}
		for _, r := range rows {
			a.addDefaults(r)
		}
		a.Table.Define(d.Name, rows...)
	})
}

// DefaultKind has f set defaults in the objects of a kind that is defined later, after those of its definition. Call it before anything
// else.
func (a *API) DefaultKind(kind schema.GroupKind, f func(runtime.Object)) {
	if a.defaults == nil {
		a.defaults = map[schema.GroupKind]func(runtime.Object){}
	}
	a.defaults[kind] = f
}

func (a *API) addDefaults(r *registry.Resource) {
	if more := a.defaults[r.GroupVersionKind().GroupKind()]; more != nil {
		own := r.Default
		r.Default = func(obj store.Object) {
			own(obj)
			more(obj)
		}
	}
}

// sameService says whether an update of a definition changes nothing about how its kind is served.
func sameService(old store.Object, d *apiextensionsv1.CustomResourceDefinition) bool {
	was, ok := old.(*apiextensionsv1.CustomResourceDefinition)
	return ok && was.Generation == d.Generation && registry.SameService(was, d)
}
