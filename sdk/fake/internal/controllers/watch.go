package controllers

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// manager is who owns the fields that controllers write.
const manager = "kube-controller-manager"

var (
	asManager       = api.WriteOptions{Manager: manager}
	asManagerStatus = api.WriteOptions{Manager: manager, Subresource: "status"}
)

// watchAndSync tells observe first of all objects of the given resources and then of all that happens to them, and has
// what that makes dirty in q synced, until ctx ends.
func watchAndSync[K comparable](ctx context.Context, s *store.Store, q *queue[K], observe func(store.Event), sync func(context.Context, K) error, rows ...*registry.Resource) {
	resources := make([]schema.GroupResource, len(rows))
	for i, r := range rows {
		resources[i] = r.StoreKey()
	}
	lists, w, err := s.ListAndWatch(resources...)
	if err != nil {
		return // the store is closed
	}
	defer w.Close()
	for i, list := range lists {
		for _, obj := range list {
			observe(store.Event{Type: watch.Added, Resource: resources[i], Object: obj})
		}
	}
	q.run(ctx, w, observe, sync)
}

// watchKinds is [watchAndSync] for all resources that wanted takes: those that are served, and those that are defined later. observe is
// told of definitions too.
func watchKinds[K comparable](ctx context.Context, a *api.API, q *queue[K], observe func(store.Event), sync func(context.Context, K) error, wanted func(*registry.Resource) bool) {
	definitions := registry.CustomResourceDefinitions.StoreKey()
	kinds := func() []schema.GroupResource {
		resources := []schema.GroupResource{definitions}
		for _, r := range a.Table.Stored() {
			if r.StoreKey() != definitions && wanted(r) {
				resources = append(resources, r.StoreKey())
			}
		}
		return resources
	}
	resources := kinds()
	lists, w, err := a.Store.ListAndWatch(resources...)
	if err != nil {
		return // the store is closed
	}
	defer w.Close()
	follow := func(e store.Event) {
		if e.Resource == definitions {
			w.Include(kinds()...) // a definition comes before the first object of its kind
		}
		observe(e)
	}
	for i, list := range lists {
		for _, obj := range list {
			follow(store.Event{Type: watch.Added, Resource: resources[i], Object: obj})
		}
	}
	q.run(ctx, w, follow, sync)
}

// nameOf is the key of an object among those of its kind.
func nameOf(o store.Object) types.NamespacedName {
	return types.NamespacedName{Namespace: o.GetNamespace(), Name: o.GetName()}
}

// sorted returns the keys of m in the order in which a list of them comes, so that nothing depends on the order of a
// map.
func sorted[V any](m map[types.NamespacedName]V) []types.NamespacedName {
	return slices.SortedFunc(maps.Keys(m), compareNames)
}

func compareNames(a, b types.NamespacedName) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
}

// watchOnceNeeded is [watchAndSync] for a controller that has nothing to do before there is an object of the first rows: only then does it
// listen to the resources that more returns, and to what that adds when kinds are defined. It is told of definitions too, and of what
// happens from then on, not of what is there already: its sync must look.
func watchOnceNeeded[K comparable](ctx context.Context, a *api.API, q *queue[K], observe func(store.Event), sync func(context.Context, K) error, more func() []schema.GroupResource, first ...*registry.Resource) {
	definitions := registry.CustomResourceDefinitions.StoreKey()
	resources := append(resourcesOf(first...), definitions)
	lists, w, err := a.Store.ListAndWatch(resources...)
	if err != nil {
		return // the store is closed
	}
	defer w.Close()
	needed := false
	follow := func(e store.Event) {
		if !needed && e.Resource != definitions || needed && e.Resource == definitions {
			needed = true
			w.Include(more()...)
		}
		observe(e)
	}
	for i, list := range lists {
		for _, obj := range list {
			follow(store.Event{Type: watch.Added, Resource: resources[i], Object: obj})
		}
	}
	q.run(ctx, w, follow, sync)
}

// resourcesOf are the keys of rows.
func resourcesOf(rows ...*registry.Resource) []schema.GroupResource {
	resources := make([]schema.GroupResource, len(rows))
	for i, r := range rows {
		resources[i] = r.StoreKey()
	}
	return resources
}
