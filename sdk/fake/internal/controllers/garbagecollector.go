package controllers

import (
	"context"
	"errors"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

// GarbageCollector deletes what depends on owners that are gone, and carries out the foreground and orphan deletion of
// owners. An owner is known by its uid: another object of the same name is not it, and one in another namespace is not
// either. Owners of kinds that the cluster does not serve count as present, since nobody can say that they are gone.
//
// Events are never collected, as in a real cluster.
type GarbageCollector struct {
	api   *api.API
	queue *queue[object]
	// dependents holds the objects that name an owner, by its uid.
	dependents map[types.UID]map[object]struct{}
}

// object names one object of any kind.
type object struct {
	resource schema.GroupResource
	types.NamespacedName
}

// errChanged is why a write was given up: the object is not what it was when that was decided.
var errChanged = errors.New("garbage collector: object changed in between")

// NewGarbageCollector returns the collector of all kinds that a serves. Run it once.
func NewGarbageCollector(a *api.API) *GarbageCollector {
	return &GarbageCollector{
		api:        a,
		queue:      newQueue[object](),
		dependents: map[types.UID]map[object]struct{}{},
	}
}

// collects says whether objects of a resource are ever collected.
func collects(r *registry.Resource) bool {
	return r.StoreKey() != registry.Events.StoreKey() && r.Can("delete")
}

// Run works until ctx ends.
func (c *GarbageCollector) Run(ctx context.Context) {
	watchKinds(ctx, c.api, c.queue, c.observe, c.sync, collects)
}

// observe keeps the index of dependents and finds out whom a change concerns.
func (c *GarbageCollector) observe(e store.Event) {
	x := object{e.Resource, nameOf(e.Object)}
	var was []metav1.OwnerReference
	if e.Old != nil {
		was = e.Old.GetOwnerReferences()
	}
	is := e.Object.GetOwnerReferences()
	gone := e.Type == deleted
	if gone {
		is = nil
	}
	changed := !slices.EqualFunc(was, is, sameOwner)
	if changed {
		c.reindex(x, was, is)
	}
	switch {
	case gone:
		c.addAll(c.dependents[e.Object.GetUID()])
		return
	case startsWaiting(e.Old, e.Object):
		c.addAll(c.dependents[e.Object.GetUID()])
		c.queue.add(x)
	case changed, waits(e.Object):
		c.queue.add(x)
	}
}

// reindex moves x from its old owners to its new ones. Those it left may have waited for it.
func (c *GarbageCollector) reindex(x object, was, is []metav1.OwnerReference) {
	for _, ref := range was {
		drop(c.dependents, ref.UID, x)
		if owner, ok := c.ownerOf(x, ref); ok {
			c.queue.add(owner)
		}
	}
	for _, ref := range is {
		put(c.dependents, ref.UID, x, struct{}{})
	}
}

func (c *GarbageCollector) addAll(set map[object]struct{}) {
	for _, x := range sortedObjects(set) {
		c.queue.add(x)
	}
}

// sync does for one object what its state asks for, as attemptToDeleteItem and orphanDependents do.
func (c *GarbageCollector) sync(_ context.Context, x object) error {
	obj, err := c.api.Store.Get(x.resource, x.Namespace, x.Name)
	if err != nil {
		return nil
	}
	err = c.process(x, obj)
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (c *GarbageCollector) process(x object, obj store.Object) error {
	switch deleting := obj.GetDeletionTimestamp() != nil; {
	case deleting && has(obj, metav1.FinalizerOrphanDependents):
		return c.orphan(x, obj)
	case deleting && has(obj, metav1.FinalizerDeleteDependents):
		return c.awaitDependents(x, obj)
	case deleting || len(obj.GetOwnerReferences()) == 0:
		return nil
	}
	return c.collect(x, obj)
}

// orphan takes the owner out of its dependents and lets it go.
func (c *GarbageCollector) orphan(x object, owner store.Object) error {
	uid := owner.GetUID()
	for _, d := range sortedObjects(c.dependents[uid]) {
		err := c.update(d, func(o store.Object) error {
			dropOwners(o, uid)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return c.letGo(x, uid, metav1.FinalizerOrphanDependents)
}

// awaitDependents lets an owner go once no dependent blocks it any more. Those that do were put into the queue when the
// owner began to wait, and the end of each brings the owner back.
func (c *GarbageCollector) awaitDependents(x object, owner store.Object) error {
	for d := range c.dependents[owner.GetUID()] {
		obj, err := c.api.Store.Get(d.resource, d.Namespace, d.Name)
		if err == nil && blocks(obj, owner.GetUID()) {
			return nil
		}
	}
	return c.letGo(x, owner.GetUID(), metav1.FinalizerDeleteDependents)
}

// collect deletes an object that has no owner left. One that has is only freed of those that are gone, and of those
// that wait for their dependents to go, which would otherwise wait for ever.
func (c *GarbageCollector) collect(x object, obj store.Object) error {
	solid, absent, waiting := c.classify(x, obj)
	switch {
	case solid && len(absent)+len(waiting) == 0:
		return nil
	case solid:
		return c.update(x, func(o store.Object) error {
			dropOwners(o, append(absent, waiting...)...)
			return nil
		})
	case len(waiting) > 0 && len(c.dependents[obj.GetUID()]) > 0:
		if err := c.breakCircle(x, obj); err != nil {
			return err
		}
		return c.delete(x, obj, metav1.DeletePropagationForeground)
	case has(obj, metav1.FinalizerOrphanDependents):
		return c.delete(x, obj, metav1.DeletePropagationOrphan)
	case has(obj, metav1.FinalizerDeleteDependents):
		return c.delete(x, obj, metav1.DeletePropagationForeground)
	}
	return c.delete(x, obj, metav1.DeletePropagationBackground)
}

// classify finds out what became of an object's owners, as classifyReferences does.
func (c *GarbageCollector) classify(x object, obj store.Object) (solid bool, absent, waiting []types.UID) {
	for _, ref := range obj.GetOwnerReferences() {
		at, known := c.ownerOf(x, ref)
		if !known {
			solid = true
			continue
		}
		owner, err := c.api.Store.Get(at.resource, at.Namespace, at.Name)
		switch {
		case err != nil || owner.GetUID() != ref.UID:
			absent = append(absent, ref.UID)
		case waitsForDependents(owner):
			waiting = append(waiting, ref.UID)
		default:
			solid = true
		}
	}
	return solid, absent, waiting
}

// breakCircle lets the owners of an object go before it, if one of its own dependents waits for dependents too: the
// three may wait for each other.
func (c *GarbageCollector) breakCircle(x object, obj store.Object) error {
	for _, d := range sortedObjects(c.dependents[obj.GetUID()]) {
		o, err := c.api.Store.Get(d.resource, d.Namespace, d.Name)
		if err != nil || !waitsForDependents(o) {
			continue
		}
		return c.update(x, func(o store.Object) error {
			refs := slices.Clone(o.GetOwnerReferences())
			for i := range refs {
				refs[i].BlockOwnerDeletion = ptr.To(false)
			}
			o.SetOwnerReferences(refs)
			return nil
		})
	}
	return nil
}

// delete deletes the object if it is still the one, with the owners, that it was when that was decided.
func (c *GarbageCollector) delete(x object, obj store.Object, how metav1.DeletionPropagation) error {
	uid, version := obj.GetUID(), obj.GetResourceVersion()
	opts := metav1.DeleteOptions{PropagationPolicy: &how, Preconditions: &metav1.Preconditions{UID: &uid}}
	if how != metav1.DeletePropagationForeground { // breaking a circle makes a new version
		opts.Preconditions.ResourceVersion = &version
	}
	row := c.api.Table.ForResource(x.resource)
	if row == nil {
		return nil // its kind is gone, and took it along
	}
	_, _, err := c.api.Delete(row, x.Namespace, x.Name, opts, asManager)
	return err
}

// letGo removes a finalizer from the owner with that uid.
func (c *GarbageCollector) letGo(x object, uid types.UID, finalizer string) error {
	return c.update(x, func(o store.Object) error {
		if o.GetUID() != uid {
			return errChanged
		}
		dropFinalizer(o, finalizer)
		return nil
	})
}

// update writes to an object; one that is gone is left alone.
func (c *GarbageCollector) update(x object, change func(store.Object) error) error {
	row := c.api.Table.ForResource(x.resource)
	if row == nil {
		return nil
	}
	_, err := c.api.Update(row, x.Namespace, x.Name, asManager, change)
	if apierrors.IsNotFound(err) || errors.Is(err, errChanged) {
		return nil
	}
	return err
}
