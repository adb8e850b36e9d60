package controllers

import (
	"context"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// resident keeps one object in every active namespace. It comes back when it is deleted.
type resident struct {
	api  *api.API
	row  *registry.Resource
	name string
	// set makes an object, empty but for its name or as somebody changed it, what it must be.
	set func(store.Object)
	// right says whether an object is so already.
	right func(store.Object) bool
	queue *queue[string]
}

// Run works until ctx ends.
func (c *resident) Run(ctx context.Context) {
	watchAndSync(ctx, c.api.Store, c.queue, c.observe, c.sync, registry.Namespaces, c.row)
}

func (c *resident) observe(e store.Event) {
	switch o := e.Object.(type) {
	case *corev1.Namespace:
		if e.Type != deleted && o.Status.Phase == corev1.NamespaceActive {
			c.queue.add(o.Name)
		}
	default:
		if o.GetName() == c.name && (e.Type == deleted || !c.right(o)) {
			c.queue.add(o.GetNamespace())
		}
	}
}

func (c *resident) sync(_ context.Context, namespace string) error {
	ns, err := c.api.Get(registry.Namespaces, "", namespace)
	if err != nil || ns.(*corev1.Namespace).Status.Phase != corev1.NamespaceActive {
		return nil
	}
	return c.ensure(namespace)
}

// ensure makes or restores the object in one namespace. A namespace that went in the meantime needs none.
func (c *resident) ensure(namespace string) error {
	obj, err := c.api.Get(c.row, namespace, c.name)
	switch {
	case err != nil:
		obj = c.row.New()
		obj.SetName(c.name)
		obj.SetNamespace(namespace)
		c.set(obj)
		o := asManager
		o.Shape = c.name
		_, err = c.api.Create(c.row, obj, o)
	case !c.right(obj):
		_, err = c.api.Update(c.row, namespace, c.name, asManager, func(o store.Object) error {
			c.set(o)
			return nil
		})
	}
	if apierrors.IsNotFound(err) || apierrors.IsAlreadyExists(err) || apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
		return nil
	}
	return err
}
