package sdk

import (
	"context"
	"net/http"
)

// Get fills into with the named object of its kind, from the client's namespace.
// If it fails, into is unchanged.
func (c *Client) Get(ctx context.Context, name string, into Object) error {
	k, err := c.kindOf(ctx, into)
	if err != nil {
		return doing("get", k, into, err)
	}
	namespace := c.namespaceOf(k, "")
	if err := c.fetch(ctx, k, namespace, name, into); err != nil {
		return failed("get", k, namespace, name, err)
	}
	return nil
}

func (c *Client) fetch(ctx context.Context, k kind, namespace, name string, into Object) error {
	if err := named(name); err != nil {
		return err
	}
	r, err := c.request(http.MethodGet, k)
	if err != nil {
		return err
	}
	return fill(r.NamespaceIfScoped(namespace, k.namespaced).Name(name).Do(ctx), k.GroupVersionKind, into)
}
