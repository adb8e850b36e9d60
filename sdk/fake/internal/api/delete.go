package api

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
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
			return nil, false, apierrors.NewForbidden(r.GroupResource(), name, fmt.Errorf("this %s may not be deleted", r.Singular))
		}
		obj, gone, err := a.delete(r, old, opts, o)
		if !errors.Is(err, store.ErrConflict) {
			return obj, gone, a.worded(r, name, err)
		}
	}
}

func (a *API) delete(r *registry.Resource, old store.Object, opts metav1.DeleteOptions, o WriteOptions) (store.Object, bool, error) {
	marked := clone(old)
	mark := markDeleted(r, marked, opts)
	if mark == markPending {
		return old, false, nil
	}
	finalizers := wantedFinalizers(r, old, opts)
	if changed := !slices.Equal(finalizers, old.GetFinalizers()); changed || mark == markGraceful || held(r, old) {
		marked.SetFinalizers(finalizers)
		if mark == markNone && held(r, marked) {
			setDeleted(marked, 0)
		}
		if r.PrepareDelete != nil {
			r.PrepareDelete(marked)
		}
		if o.DryRun {
			return marked, released(r, marked), nil
		}
		if err := a.Store.Update(r.GroupResource(), old, marked); err != nil {
			return nil, false, err
		}
		if held(r, marked) || seconds(marked) > 0 {
			return marked, false, nil
		}
		old = marked
	}
	last := clone(old)
	return last, true, a.remove(r, old, last, o)
}

// remove takes old out of the store; last is what watchers see of it.
func (a *API) remove(r *registry.Resource, old, last store.Object, o WriteOptions) error {
	if o.DryRun {
		return nil
	}
	return a.Store.Delete(r.GroupResource(), old, last)
}

// What a request for deletion means for the time an object is given to stop.
type mark int

const (
	markNone     mark = iota // the kind is deleted without waiting
	markGraceful             // a time is set or shortened
	markPending              // a deletion that is under way goes on as it is
)

// markDeleted sets the time obj may take to stop, as rest.BeforeDelete does: a second request can only shorten it.
func markDeleted(r *registry.Resource, obj store.Object, opts metav1.DeleteOptions) mark {
	if obj.GetDeletionTimestamp() == nil {
		if r.Grace == nil {
			return markNone
		}
		setDeleted(obj, r.Grace(obj, opts.GracePeriodSeconds))
		return markGraceful
	}
	was := obj.GetDeletionGracePeriodSeconds()
	switch {
	case was == nil:
		return markNone
	case opts.GracePeriodSeconds == nil:
		if r.Grace == nil && !held(r, obj) {
			return markNone
		}
		return markPending
	}
	asked := *opts.GracePeriodSeconds
	if asked < 0 {
		asked = 1
	}
	if asked >= *was {
		return markPending
	}
	at := metav1.NewTime(obj.GetDeletionTimestamp().Add(time.Duration(asked-*was) * time.Second))
	obj.SetDeletionTimestamp(&at)
	obj.SetDeletionGracePeriodSeconds(&asked)
	return markGraceful
}

func setDeleted(obj store.Object, grace int64) {
	at := metav1.NewTime(Now().Add(time.Duration(grace) * time.Second))
	obj.SetDeletionTimestamp(&at)
	obj.SetDeletionGracePeriodSeconds(&grace)
	if obj.GetGeneration() > 0 {
		obj.SetGeneration(obj.GetGeneration() + 1)
	}
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
		return f == metav1.FinalizerOrphanDependents && !orphan || f == metav1.FinalizerDeleteDependents && !foreground
	})
	if orphan && !slices.Contains(want, metav1.FinalizerOrphanDependents) {
		want = append(want, metav1.FinalizerOrphanDependents)
	}
	if foreground && !slices.Contains(want, metav1.FinalizerDeleteDependents) {
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
		return precondition(r, obj, "UID", string(*p.UID), string(obj.GetUID()))
	}
	if p.ResourceVersion != nil && *p.ResourceVersion != obj.GetResourceVersion() {
		return precondition(r, obj, "ResourceVersion", *p.ResourceVersion, obj.GetResourceVersion())
	}
	return nil
}

// precondition names the Kind where other conflicts name the resource, as the API server does.
func precondition(r *registry.Resource, obj store.Object, what, asked, is string) error {
	gr := r.GroupResource()
	gr.Resource = r.Kind
	return apierrors.NewConflict(gr, obj.GetName(),
		fmt.Errorf("the %s in the precondition (%s) does not match the %s in record (%s). The object might have been deleted and then recreated", what, asked, what, is))
}
