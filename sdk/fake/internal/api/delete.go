package api

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Delete begins or ends the deletion of an object, as the generic registry's Store.Delete does. It returns the last
// state of the object and whether it is gone; while it has finalizers or time to stop it is only marked.
func (a *API) Delete(r *registry.Resource, namespace, name string, opts metav1.DeleteOptions, o WriteOptions) (store.Object, bool, error) {
	for {
		old, err := a.Get(r, namespace, name)
		if err != nil {
			return nil, false, err
		}
		if err := checkPreconditions(r, old, opts.Preconditions); err != nil {
			return nil, false, err
		}
		if slices.Contains(r.Immortal, name) {
			return nil, false, apierrors.NewForbidden(r.GroupResource(), name, errors.New(cmp.Or(r.ImmortalText, "this "+r.Singular+" may not be deleted")))
		}
		obj, gone, err := a.delete(r, old, opts, o)
		if !errors.Is(err, store.ErrConflict) {
			return obj, gone, a.worded(r, name, err)
		}
	}
}

func (a *API) delete(r *registry.Resource, old store.Object, opts metav1.DeleteOptions, o WriteOptions) (store.Object, bool, error) {
	if r.Held != nil && (old.GetDeletionTimestamp() == nil || r.Held(old)) {
		return a.deleteHeld(r, old, opts, o)
	}
	marked := clone(old)
	mark := markDeleted(r, marked, opts)
	if mark == markPending {
		return old, false, nil
	}
	changed := setFinalizers(r, marked, opts)
	if changed || mark == markGraceful || len(old.GetFinalizers()) > 0 {
		pending := len(marked.GetFinalizers()) > 0
		if mark == markNone && pending {
			setDeletedNow(marked)
		}
		if o.DryRun {
			return marked, released(r, marked), nil
		}
		if err := a.update(r, old, marked); err != nil {
			return nil, false, err
		}
		if pending || seconds(marked) > 0 {
			return marked, false, nil
		}
		last := clone(marked)
		err := a.remove(r, marked, last, o)
		if errors.Is(err, store.ErrNotFound) { // whoever was to let go of it has seen the mark, and was faster
			err = nil
		}
		return last, true, err
	}
	last := clone(old)
	return last, true, a.remove(r, old, last, o)
}

// deleteHeld begins the deletion of an object that stays until somebody is done with it, as the namespace registry's Delete does:
// it has no grace period, and once begun a deletion goes on as it is.
func (a *API) deleteHeld(r *registry.Resource, old store.Object, opts metav1.DeleteOptions, o WriteOptions) (store.Object, bool, error) {
	if old.GetDeletionTimestamp() != nil {
		return old, false, nil
	}
	marked := clone(old)
	marked.SetDeletionTimestamp(new(Now()))
	setFinalizers(r, marked, opts)
	if r.PrepareDelete != nil {
		r.PrepareDelete(marked)
	}
	if o.DryRun {
		return marked, false, nil
	}
	return marked, false, a.update(r, old, marked)
}

// update stores obj if that changes anything.
func (a *API) update(r *registry.Resource, old, obj store.Object) error {
	if equality.Semantic.DeepEqual(old, obj) {
		return nil
	}
	return a.storeUpdate(r, old, obj)
}

// remove takes old out of the store; last is what watchers see of it.
func (a *API) remove(r *registry.Resource, old, last store.Object, o WriteOptions) error {
	if o.DryRun {
		return nil
	}
	next := kept(r, last)
	if err := a.Store.Delete(r.StoreKey(), old, next); err != nil {
		return err
	}
	if next != last {
		last.SetResourceVersion(next.GetResourceVersion())
	}
	return nil
}

// What a request for deletion means for the time an object is given to stop.
type mark int

const (
	markNone     mark = iota // nothing is waited for
	markGraceful             // a time is set or shortened
	markPending              // a deletion that is under way goes on as it is
)

// markDeleted sets the time obj may take to stop, as rest.BeforeDelete does: a second request can only shorten it.
func markDeleted(r *registry.Resource, obj store.Object, opts metav1.DeleteOptions) mark {
	asked := opts.GracePeriodSeconds
	if asked != nil && *asked < 0 {
		asked = new(int64(1))
	}
	was := seconds(obj)
	switch {
	case r.Grace == nil:
		return markNone
	case obj.GetDeletionTimestamp() == nil:
		setDeleted(obj, r.Grace(obj, asked))
		return markGraceful
	case was == 0:
		return markNone // its time is over: what is left is to remove it
	case asked == nil || *asked >= was:
		return markPending
	}
	shorten(obj, was, *asked)
	return markGraceful
}

// shorten moves the end of the grace period from was to asked seconds after the deletion. It cannot end in the past: then it ends
// now, with a second left if any was asked for, so that who is to stop gracefully still hears of it.
func shorten(obj store.Object, was, asked int64) {
	at, now := metav1.NewTime(obj.GetDeletionTimestamp().Add(time.Duration(asked-was)*time.Second)), Now()
	if at.Before(&now) {
		at = now
		asked = min(asked, 1)
	}
	obj.SetDeletionTimestamp(&at)
	obj.SetDeletionGracePeriodSeconds(&asked)
}

func setDeleted(obj store.Object, grace int64) {
	at := metav1.NewTime(Now().Add(time.Duration(grace) * time.Second))
	obj.SetDeletionTimestamp(&at)
	obj.SetDeletionGracePeriodSeconds(&grace)
	if obj.GetGeneration() > 0 {
		obj.SetGeneration(obj.GetGeneration() + 1)
	}
}

// setDeletedNow marks an object that has no grace period but finalizers, as markAsDeleting does.
func setDeletedNow(obj store.Object) {
	if obj.GetDeletionTimestamp() == nil {
		setDeleted(obj, 0)
		return
	}
	if now := Now(); now.Before(obj.GetDeletionTimestamp()) {
		obj.SetDeletionTimestamp(&now)
	}
	obj.SetDeletionGracePeriodSeconds(new(int64(0)))
}

// setFinalizers says by finalizers what is to become of obj's dependents, and whether that is news, as
// deletionFinalizersForGarbageCollection does.
func setFinalizers(r *registry.Resource, obj store.Object, opts metav1.DeleteOptions) bool {
	has, want := obj.GetFinalizers(), wantedFinalizers(r, obj, opts)
	a, b := slices.Sorted(slices.Values(has)), slices.Sorted(slices.Values(want))
	if slices.Equal(slices.Compact(a), slices.Compact(b)) {
		return false
	}
	obj.SetFinalizers(want)
	return true
}

// wantedFinalizers are obj's finalizers and the one by which the garbage collector learns what to do with dependents.
// What the request says goes first, then a finalizer that is there, then the kind's default.
func wantedFinalizers(r *registry.Resource, obj store.Object, opts metav1.DeleteOptions) []string {
	has := obj.GetFinalizers()
	orphan, foreground := slices.Contains(has, metav1.FinalizerOrphanDependents), slices.Contains(has, metav1.FinalizerDeleteDependents)
	if !orphan && !foreground {
		orphan = r.OrphanByDefault
	}
	if opts.OrphanDependents != nil { // deprecated, but kubectl of old and the e2e suite send it
		orphan, foreground = *opts.OrphanDependents, false
	}
	if p := opts.PropagationPolicy; p != nil {
		orphan, foreground = *p == metav1.DeletePropagationOrphan, *p == metav1.DeletePropagationForeground
	}
	want := slices.DeleteFunc(slices.Clone(has), func(f string) bool {
		return f == metav1.FinalizerOrphanDependents || f == metav1.FinalizerDeleteDependents
	})
	if orphan {
		want = append(want, metav1.FinalizerOrphanDependents)
	}
	if foreground {
		want = append(want, metav1.FinalizerDeleteDependents)
	}
	return want
}

// held says whether something still has to be done before obj may go.
func held(r *registry.Resource, obj store.Object) bool {
	return len(obj.GetFinalizers()) > 0 || r.Held != nil && r.Held(obj)
}

// released says whether obj is marked as deleted and nothing holds it any more, so that an update removes it.
func released(r *registry.Resource, obj store.Object) bool {
	return obj.GetDeletionTimestamp() != nil && !held(r, obj) && seconds(obj) == 0
}

func seconds(obj store.Object) int64 {
	if g := obj.GetDeletionGracePeriodSeconds(); g != nil {
		return *g
	}
	return 0
}

func checkPreconditions(r *registry.Resource, obj store.Object, p *metav1.Preconditions) error {
	if p == nil {
		return nil
	}
	if p.UID != nil && *p.UID != obj.GetUID() {
		return precondition(r, obj, fmt.Sprintf("the UID in the precondition (%s) does not match the UID in record (%s). "+
			"The object might have been deleted and then recreated", *p.UID, obj.GetUID()))
	}
	if p.ResourceVersion != nil && *p.ResourceVersion != obj.GetResourceVersion() {
		return precondition(r, obj, fmt.Sprintf("the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). "+
			"The object might have been modified", *p.ResourceVersion, obj.GetResourceVersion()))
	}
	return nil
}

// precondition names the Kind where other conflicts name the resource, as the API server does.
func precondition(r *registry.Resource, obj store.Object, text string) error {
	gr := r.StoreKey()
	gr.Resource = r.Kind
	return apierrors.NewConflict(gr, obj.GetName(), errors.New(text))
}
