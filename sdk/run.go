package sdk

import (
	"context"
	"fmt"
	"reflect"
)

// Run creates obj, waits until it is [Ready], and fills it with the state in which it is. If the
// wait fails, the object stays: its state and its logs say why. Kinds of which Ready knows nothing
// are refused before anything is created.
func (c *Client) Run(ctx context.Context, obj Object, opts ...CreateOption) error {
	if gvk, err := c.gvkOf(obj); err == nil {
		blank := reflect.New(reflect.TypeOf(obj).Elem()).Interface().(Object)
		if _, err := isReady(blank); err != nil {
			return fmt.Errorf("run %s %s: %w", gvk.Kind, nameToBe(obj), err)
		}
	}
	k, err := c.create(ctx, obj, opts)
	if err != nil {
		return err
	}
	ref := reference{kind: k, namespace: obj.GetNamespace(), name: obj.GetName(), uid: obj.GetUID(), object: obj}
	return c.wait(ctx, ref, Ready())
}
