package sdk

import (
	"context"
	"maps"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"
)

// initial gathers what a watch sends before the bookmark that says that this was all there is. Changes may come among it.
type initial map[types.NamespacedName]Object

// start has the watch itself bring what there is, where that is wanted and the server can: a list and a watch in one request, as the
// WatchList of client-go's reflector. It reports whether it did; if not, a list is to be made, whose error is the better one.
func (w *follower) start(ctx context.Context) (did bool, err error) {
	if !w.streamed || w.noStream.Load() {
		return false, nil
	}
	w.initial = initial{}
	err = w.resume(ctx)
	switch {
	case w.initial == nil:
		return true, err
	case ctx.Err() != nil:
		return true, ctx.Err()
	}
	w.initial, w.streamed = nil, false
	if apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) { // as servers answer that do not know of it, or have it switched off
		w.noStream.Store(true)
	}
	return false, nil
}

// from says where a watch is to begin.
func (w *follower) from(r *rest.Request) *rest.Request {
	if w.initial == nil {
		return r.Param("resourceVersion", w.version)
	}
	return r.Param("sendInitialEvents", "true").Param("resourceVersionMatch", string(metav1.ResourceVersionMatchNotOlderThan))
}

// gather takes an event that came before all that there is was known.
func (w *follower) gather(event watch.Event, obj Object) error {
	switch {
	case event.Type == watch.Bookmark && obj.GetAnnotations()[metav1.InitialEventsAnnotationKey] == "true":
		objects := slices.Collect(w.initial.inOrder())
		w.initial = nil
		return w.settle(objects, obj.GetResourceVersion())
	case event.Type == watch.Bookmark:
		return nil
	case event.Type == watch.Deleted:
		delete(w.initial, keyOf(obj))
		return nil
	}
	obj.GetObjectKind().SetGroupVersionKind(w.GroupVersionKind)
	w.initial[keyOf(obj)] = obj
	return nil
}

// inOrder gives the objects by name, as a list has them.
func (i initial) inOrder() func(yield func(Object) bool) {
	return func(yield func(Object) bool) {
		for _, key := range slices.SortedFunc(maps.Keys(i), compareNames) {
			if !yield(i[key]) {
				return
			}
		}
	}
}
