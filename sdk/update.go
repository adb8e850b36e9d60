package sdk

import (
	"context"
	"net/http"

	"k8s.io/client-go/rest"
)

// Update replaces the stored object by obj, and fills obj with the answer. If obj has a
// resourceVersion that is no longer the newest, the server answers Conflict: get it anew and try again.
// The status of kinds that have a status subresource is not changed.
func (c *Client) Update(ctx context.Context, obj Object, opts ...UpdateOption) error {
	k, err := c.kindOf(ctx, obj)
	if err != nil {
		return doing("update", k, obj, err)
	}
	namespace := c.namespaceOf(k, obj.GetNamespace())
	err = named(obj.GetName())
	if err == nil {
		err = c.write(ctx, http.MethodPut, k, obj, opts, func(r *rest.Request) *rest.Request {
			return r.NamespaceIfScoped(namespace, k.namespaced).Name(obj.GetName())
		})
	}
	if err != nil {
		return failed("update", k, namespace, obj.GetName(), err)
	}
	return nil
}
