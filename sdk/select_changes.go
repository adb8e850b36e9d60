package sdk

import (
	"context"
	"iter"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// Changes gives the objects in the view, first those that are there, as watch.Added, in the order of namespaces and names, and
// then each change, until the loop is left, ctx ends, or the view has ended; [View.Err] and that of ctx say which.
//
// Who applies all changes to a map always has the right map, be it ever so slow: several changes of one object may then come as
// one, its last; but no deletion is left out of an object that was given, and one that was made anew in between comes as
// watch.Deleted and watch.Added. An object that came and went in between may not come at all. Loops do not hold up each other or the
// view, and ask the server for nothing.
func (v *View[T]) Changes(ctx context.Context) iter.Seq2[watch.EventType, T] {
	return func(yield func(watch.EventType, T) bool) {
		r := &reader[T]{changed: make(chan struct{}, 1), marked: map[types.NamespacedName]T{}, given: map[types.NamespacedName]T{}}
		v.attach(r)
		defer v.detach(r)
		for {
			for key, last, ok := v.next(r); ok; key, last, ok = v.next(r) {
				if ctx.Err() != nil || !v.give(r, key, last, yield) {
					return
				}
			}
			select {
			case <-r.changed:
			case <-v.ended:
				if !v.more(r) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// reader is a loop over the changes of a view. All but given is guarded by the view's mutex.
type reader[T Object] struct {
	changed chan struct{}              // capacity 1: there may be something in queue
	queue   []types.NamespacedName     // what has changed
	marked  map[types.NamespacedName]T // the same, and the last state of what was deleted meanwhile, else nil
	given   map[types.NamespacedName]T // what the consumer has
}

// mark says that an object has changed: after the index has, so that whoever sees the mark sees the change.
func (r *reader[T]) mark(key types.NamespacedName, deleted T) {
	last, queued := r.marked[key]
	if !queued {
		r.queue = append(r.queue, key)
	}
	if isNone(deleted) {
		deleted = last
	}
	r.marked[key] = deleted
	signal(r.changed)
}

func isNone[T Object](obj T) bool { return any(obj) == any(*new(T)) }

func (v *View[T]) attach(r *reader[T]) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.readers[r] = true
	for _, obj := range v.List() {
		r.mark(keyOf(obj), *new(T))
	}
}

func (v *View[T]) detach(r *reader[T]) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.readers, r)
}

func (v *View[T]) more(r *reader[T]) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(r.queue) > 0
}

// next takes the first of what has changed out of the queue.
func (v *View[T]) next(r *reader[T]) (key types.NamespacedName, deleted T, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(r.queue) == 0 {
		r.queue = nil // and the memory of a long one
		return key, deleted, false
	}
	key, r.queue = r.queue[0], r.queue[1:]
	deleted = r.marked[key]
	delete(r.marked, key)
	return key, deleted, true
}

// give tells the consumer what an object that has changed is to it. It returns false when he has left.
func (v *View[T]) give(r *reader[T], key types.NamespacedName, deleted T, yield func(watch.EventType, T) bool) bool {
	last, has := r.given[key]
	now, there := v.index.Get(key)
	if has && (!there || now.GetUID() != last.GetUID()) {
		if !isNone(deleted) && deleted.GetUID() == last.GetUID() {
			last = deleted
		}
		delete(r.given, key)
		if !yield(watch.Deleted, last) {
			return false
		}
		has = false
	}
	switch {
	case !there || has && now.GetResourceVersion() == last.GetResourceVersion():
		return true
	case has:
		r.given[key] = now
		return yield(watch.Modified, now)
	}
	r.given[key] = now
	return yield(watch.Added, now)
}
