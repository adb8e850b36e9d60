package controllers

import (
	"context"
	"errors"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/crd"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/ptr"
)

// asServer is who does what a real API server's own controllers do.
var (
	asServer       = api.WriteOptions{Manager: "kube-apiserver"}
	asServerStatus = api.WriteOptions{Manager: "kube-apiserver", Subresource: "status"}
)

// CustomResourceDefinition removes the objects of kinds whose definitions are being deleted, and then lets the definitions go, as the
// finalizer controller of a real API server does. Names that become free it offers to those who have asked for them.
type CustomResourceDefinition struct {
	api   *api.API
	queue *queue[string]
}

// NewCustomResourceDefinition returns the controller of all definitions. Run it once.
func NewCustomResourceDefinition(a *api.API) *CustomResourceDefinition {
	return &CustomResourceDefinition{api: a, queue: newQueue[string]()}
}

// Run works until ctx ends.
func (c *CustomResourceDefinition) Run(ctx context.Context) {
	watchKinds(ctx, c.api, c.queue, c.observe, c.sync, func(r *registry.Resource) bool { return r.MergeType != nil })
}

func (c *CustomResourceDefinition) observe(e store.Event) {
	d, ok := e.Object.(*apiextensionsv1.CustomResourceDefinition)
	switch {
	case !ok && e.Type == deleted:
		c.queue.add(e.Resource.String()) // a definition is called as what it defines
	case ok && e.Type == deleted:
		c.reconsider(d.Spec.Group)
	case ok && cleans(d):
		c.queue.add(d.Name)
	}
}

// reconsider has the definitions of a group look again for names that they did not get.
func (c *CustomResourceDefinition) reconsider(group string) {
	objects, _ := c.api.List(registry.CustomResourceDefinitions, "")
	for _, obj := range objects {
		if d := obj.(*apiextensionsv1.CustomResourceDefinition); d.Spec.Group == group && !crd.IsEstablished(d) {
			c.queue.add(d.Name)
		}
	}
}

// cleans says whether the objects of a definition's kind have to go.
func cleans(d *apiextensionsv1.CustomResourceDefinition) bool {
	return d.DeletionTimestamp != nil && has(d, apiextensionsv1.CustomResourceCleanupFinalizer)
}

func (c *CustomResourceDefinition) sync(ctx context.Context, name string) error {
	obj, err := c.api.Get(registry.CustomResourceDefinitions, "", name)
	if err != nil {
		return nil
	}
	d := obj.(*apiextensionsv1.CustomResourceDefinition)
	if !cleans(d) {
		_, err := c.update(d, asServerStatus, func(*apiextensionsv1.CustomResourceDefinition) {}) // which settles it again
		return err
	}
	left, err := c.empty(ctx, d)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if left > 0 { // the end of each of them brings the definition back
		_, err := c.update(d, asServerStatus, func(d *apiextensionsv1.CustomResourceDefinition) { crd.Cleaning(d, api.Now()) })
		return err
	}
	_, err = c.update(d, asServer, func(d *apiextensionsv1.CustomResourceDefinition) {
		dropFinalizer(d, apiextensionsv1.CustomResourceCleanupFinalizer)
	})
	return err
}

// empty deletes the objects of a definition's kind and says how many are left.
func (c *CustomResourceDefinition) empty(ctx context.Context, d *apiextensionsv1.CustomResourceDefinition) (int, error) {
	row := c.api.Table.ForResource(schema.GroupResource{Group: d.Spec.Group, Resource: d.Status.AcceptedNames.Plural})
	if row == nil {
		return 0, nil
	}
	opts := metav1.DeleteOptions{PropagationPolicy: ptr.To(metav1.DeletePropagationBackground)}
	objects, _ := c.api.List(row, "")
	for _, obj := range objects {
		if ctx.Err() != nil {
			return 0, nil
		}
		if obj.GetDeletionTimestamp() != nil {
			continue
		}
		if _, _, err := c.api.Delete(row, obj.GetNamespace(), obj.GetName(), opts, asServer); ignoreNotFound(err) != nil {
			return 0, err
		}
	}
	objects, _ = c.api.List(row, "")
	return len(objects), nil
}

// update changes a definition, if it is still the one.
func (c *CustomResourceDefinition) update(d *apiextensionsv1.CustomResourceDefinition, o api.WriteOptions, change func(*apiextensionsv1.CustomResourceDefinition)) (store.Object, error) {
	obj, err := c.api.Update(registry.CustomResourceDefinitions, "", d.Name, o, func(obj store.Object) error {
		if obj.GetUID() != d.UID {
			return errChanged
		}
		change(obj.(*apiextensionsv1.CustomResourceDefinition))
		return nil
	})
	if errors.Is(err, errChanged) {
		return nil, nil
	}
	return obj, ignoreNotFound(err)
}
