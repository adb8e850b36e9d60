package sdk

import (
	"context"
	"net/http"

	"k8s.io/client-go/rest"
)

// Create creates obj and fills it with the server's answer, defaults and all. An object without a
// namespace is created in the client's. If it fails, obj is unchanged.
func (c *Client) Create(ctx context.Context, obj Object, opts ...CreateOption) error {
	_, err := c.create(ctx, obj, opts)
	return err
}

func (c *Client) create(ctx context.Context, obj Object, opts []CreateOption) (kind, error) {
	k, err := c.kindOf(ctx, obj)
	if err != nil {
		return k, doing("create", k, obj, err)
	}
	namespace := c.namespaceOf(k, obj.GetNamespace())
	err = c.write(ctx, http.MethodPost, k, obj, opts, func(r *rest.Request) *rest.Request {
		return r.NamespaceIfScoped(namespace, k.namespaced)
	})
	if err != nil {
		return k, failed("create", k, namespace, nameToBe(obj), err)
	}
	return k, nil
}

// nameToBe returns an object's name, or the start of it if the server is to choose the rest.
func nameToBe(obj Object) string {
	if obj.GetName() == "" && obj.GetGenerateName() != "" {
		return obj.GetGenerateName() + "*"
	}
	return obj.GetName()
}

// write sends obj where address says, and fills it with the answer.
func (c *Client) write(ctx context.Context, verb string, k kind, obj Object, opts []WriteOption, address func(*rest.Request) *rest.Request) error {
	var o writeOptions
	for _, opt := range opts {
		opt(&o)
	}
	r, err := c.request(verb, k)
	if err != nil {
		return err
	}
	r = o.address(c.managed(address(r)))
	return fill(r.Body(obj).Do(ctx), k.GroupVersionKind, obj)
}

// address adds to a request what the options say.
func (o writeOptions) address(r *rest.Request) *rest.Request {
	if o.dryRun {
		r = r.Param("dryRun", "All")
	}
	if o.strict {
		r = r.Param("fieldValidation", "Strict")
	}
	return r
}

// managed names the client's field manager, if it has one.
func (c *Client) managed(r *rest.Request) *rest.Request {
	if c.options.manager == "" {
		return r
	}
	return r.Param("fieldManager", c.options.manager)
}
