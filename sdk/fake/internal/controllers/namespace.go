package controllers

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/ptr"
)

// finalizerEstimate is how long finalizers are expected to take, in seconds.
const finalizerEstimate = 15

// Namespace empties the namespaces that are being deleted and lets them go: pods first, with the time they ask for,
// then everything else, as the namespace controller does since OrderedNamespaceDeletion. What remains is told in the
// namespace's conditions.
type Namespace struct {
	api   *api.API
	queue *queue[string]
	// left counts what a terminating namespace waits for, so that only the end of the last of them is news.
	left map[string]*leftover
}

// leftover is how many objects are left in a namespace, only pods while there are any.
type leftover struct {
	pods bool
	n    int
}

// NewNamespace returns the controller for all namespaced kinds that a serves. Run it once.
func NewNamespace(a *api.API) *Namespace {
	return &Namespace{api: a, queue: newQueue[string](), left: map[string]*leftover{}}
}

// inNamespaces says whether a namespace has to be emptied of a resource.
func inNamespaces(r *registry.Resource) bool { return r.Namespaced && r.Can("delete") }

// Run works until ctx ends.
func (c *Namespace) Run(ctx context.Context) {
	watchKinds(ctx, c.api, c.queue, c.observe, c.sync, func(r *registry.Resource) bool { return r == registry.Namespaces || inNamespaces(r) })
}

func (c *Namespace) observe(e store.Event) {
	if ns, ok := e.Object.(*corev1.Namespace); ok {
		c.observeNamespace(e, ns)
		return
	}
	name := e.Object.GetNamespace()
	left := c.left[name]
	switch {
	case left == nil:
	case e.Type != deleted:
		if e.Old == nil { // it was let in just before the namespace was marked
			c.queue.add(name)
		}
	case !left.pods || e.Resource == registry.Pods.StoreKey():
		if left.n--; left.n == 0 {
			c.queue.add(name)
		}
	}
}

func (c *Namespace) observeNamespace(e store.Event, ns *corev1.Namespace) {
	switch {
	case e.Type == deleted:
		delete(c.left, ns.Name)
	case ns.DeletionTimestamp != nil && (e.Old == nil || e.Old.GetDeletionTimestamp() == nil):
		c.queue.add(ns.Name)
	}
}

// sync empties a namespace as far as that goes now.
func (c *Namespace) sync(ctx context.Context, name string) error {
	obj, err := c.api.Get(registry.Namespaces, "", name)
	if err != nil || obj.GetDeletionTimestamp() == nil {
		return nil
	}
	ns := obj.(*corev1.Namespace)
	if !slices.Contains(ns.Spec.Finalizers, corev1.FinalizerKubernetes) {
		return nil
	}
	rest := c.empty(ctx, ns)
	if ctx.Err() != nil {
		return nil
	}
	if err := c.tell(ns, rest); err != nil {
		return ignoreNotFound(err)
	}
	switch err := errors.Join(rest.errs...); {
	case err != nil:
		return err
	case rest.total > 0:
		c.queue.addAfter(name, time.Duration(rest.estimate/2+1)*time.Second)
		return nil
	}
	return c.finalize(ns)
}

// empty deletes a namespace's content and says what is left of it.
func (c *Namespace) empty(ctx context.Context, ns *corev1.Namespace) *remains {
	rest := &remains{resources: map[schema.GroupResource]int{}, finalizers: map[string]int{}}
	c.left[ns.Name] = &leftover{pods: true}
	c.emptyOf(ctx, registry.Pods, ns, rest)
	if rest.total == 0 {
		c.left[ns.Name].pods = false
		for _, r := range c.api.Table.Stored() {
			if r != registry.Pods && inNamespaces(r) {
				c.emptyOf(ctx, r, ns, rest)
			}
		}
	}
	c.left[ns.Name].n = rest.total
	return rest
}

func (c *Namespace) emptyOf(ctx context.Context, r *registry.Resource, ns *corev1.Namespace, rest *remains) {
	opts := metav1.DeleteOptions{PropagationPolicy: ptr.To(metav1.DeletePropagationBackground)}
	objects, _ := c.api.List(r, ns.Name)
	for _, obj := range objects {
		if ctx.Err() != nil {
			return
		}
		if obj.GetDeletionTimestamp() != nil {
			continue
		}
		if _, _, err := c.api.Delete(r, ns.Name, obj.GetName(), opts, asManager); ignoreNotFound(err) != nil {
			rest.errs = append(rest.errs, err)
		}
	}
	objects, _ = c.api.List(r, ns.Name)
	for _, obj := range objects {
		rest.add(r, obj, ns.DeletionTimestamp.Time)
	}
}

// tell writes the conditions if they changed.
func (c *Namespace) tell(ns *corev1.Namespace, rest *remains) error {
	_, err := c.api.Update(registry.Namespaces, "", ns.Name, asManagerStatus, func(o store.Object) error {
		n := o.(*corev1.Namespace)
		if n.UID != ns.UID {
			return errChanged
		}
		n.Status.Phase = corev1.NamespaceTerminating
		setConditions(&n.Status, rest.conditions())
		return nil
	})
	return err
}

// finalize removes the controller's mark, which lets the API remove the namespace.
func (c *Namespace) finalize(ns *corev1.Namespace) error {
	o := api.WriteOptions{Manager: manager, Subresource: "finalize"}
	_, err := c.api.Update(registry.Namespaces, "", ns.Name, o, func(o store.Object) error {
		n := o.(*corev1.Namespace)
		if n.UID != ns.UID {
			return errChanged
		}
		n.Spec.Finalizers = slices.DeleteFunc(n.Spec.Finalizers, func(f corev1.FinalizerName) bool { return f == corev1.FinalizerKubernetes })
		return nil
	})
	return ignoreNotFound(err)
}

// ignoreNotFound drops errors that say that the object is not there, or not the one that was meant.
func ignoreNotFound(err error) error {
	if apierrors.IsNotFound(err) || errors.Is(err, errChanged) {
		return nil
	}
	return err
}
