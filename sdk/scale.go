package sdk

import (
	"context"
	"fmt"
	"net/http"

	"k8s.io/apimachinery/pkg/types"
)

// Scale sets how many replicas target is to have, by its scale subresource. It does not wait for
// them: [Client.Wait] with [Ready] does. It does not change target.
func (c *Client) Scale(ctx context.Context, target Target, n int32) error {
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return fmt.Errorf("scale: %w", err)
	}
	if err := c.scale(ctx, ref, n); err != nil {
		return failed("scale", ref.kind, ref.namespace, ref.name, err)
	}
	return nil
}

func (c *Client) scale(ctx context.Context, ref reference, n int32) error {
	if n < 0 {
		return fmt.Errorf("the number of replicas is %d; it cannot be negative", n)
	}
	if err := ref.single(); err != nil {
		return err
	}
	r, err := c.request(http.MethodPatch, ref.kind)
	if err != nil {
		return err
	}
	r = c.managed(r.NamespaceIfScoped(ref.namespace, ref.namespaced).Name(ref.name).SubResource("scale"))
	body := fmt.Appendf(nil, `{"spec":{"replicas":%d}}`, n)
	return r.SetHeader("Content-Type", string(types.MergePatchType)).Body(body).Do(ctx).Error()
}
