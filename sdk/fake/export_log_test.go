package fake

import (
	"context"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Log passes on what happens to objects of all kinds, as watches see it, until ctx ends. What it passes on is shared.
func (c *Cluster) Log(ctx context.Context, see func(store.Event)) error {
	var resources []schema.GroupResource
	for _, r := range c.api.Table.Stored() {
		resources = append(resources, r.StoreKey())
	}
	w, err := c.api.Store.Watch(c.api.Store.Version(), resources...)
	if err != nil {
		return err
	}
	defer w.Close()
	for {
		e, err := w.Next(ctx)
		if err != nil {
			return nil
		}
		e.Object = registry.EventOf(e.Object)
		see(e)
	}
}
