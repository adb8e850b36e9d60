package api

import (
	"slices"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// shapes holds what the managers of objects of known shapes own. There are as many as WriteOptions in this program that name one, and
// they hold no state of a cluster.
var shapes sync.Map // of shape to []metav1.ManagedFieldsEntry

type shape struct {
	resource *registry.Resource
	manager  string
	name     string
}

// manageShape is manageCreate by what the first object of the shape was found to have. To find that out takes most of the time of
// creating a small object, and a cluster begins with some twenty of them, the same ones in every cluster.
func manageShape(r *registry.Resource, obj store.Object, o WriteOptions) store.Object {
	key := shape{r, o.Manager, o.Shape}
	known, ok := shapes.Load(key)
	if !ok {
		obj = manageUpdate(r, r.New(), obj, o)
		shapes.Store(key, obj.GetManagedFields())
		return obj
	}
	entries := slices.Clone(known.([]metav1.ManagedFieldsEntry))
	for i := range entries {
		entries[i].Time = &metav1.Time{Time: time.Now().UTC()}
	}
	obj.SetManagedFields(entries)
	return obj
}
