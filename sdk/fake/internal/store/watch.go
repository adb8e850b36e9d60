package store

import (
	"context"
	"errors"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
)

// ErrExpired is the answer to a watch from a version that the log no longer holds: list again.
var ErrExpired = errors.New("store: version is no longer in the log")

// ErrFuture is the answer to a watch from a version that was never written.
var ErrFuture = errors.New("store: version is not written yet")

// ErrClosed ends the watches of a store that was closed.
var ErrClosed = errors.New("store: closed")

// Event is one change. Type is Added, Modified or Deleted.
type Event struct {
	Type     watch.EventType
	Resource schema.GroupResource
	Object   Object // the state after it; for Deleted the last state, with the version of the deletion
	Old      Object // the state before it; nil for Added
	Version  uint64
}

// eventLog is a singly linked list. A watcher holds the entry it saw last, so the garbage collector keeps exactly
// what the slowest of them still needs, and only new watches are bound to the limit.
type eventLog struct {
	limit  int
	length int
	before *entry // the entry before the oldest one that a new watch may start with
	last   *entry
	closed bool
}

type entry struct {
	event Event
	next  *entry // written once, under Store.mu
}

func newEventLog(limit int) eventLog {
	e := &entry{}
	return eventLog{limit: max(limit, 1), before: e, last: e}
}

// append adds an event and wakes the watchers of its resource. Store.mu is held.
func (s *Store) append(e Event) {
	n := &entry{event: e}
	s.log.last.next = n
	s.log.last = n
	if s.log.length++; s.log.length > s.log.limit {
		s.log.length--
		s.log.before = s.log.before.next
	}
	for w := range s.watchers {
		if w.wants(e.Resource) {
			w.wake()
		}
	}
}

// Watcher reads the log from one version on. It belongs to one goroutine, which must Close it.
type Watcher struct {
	store     *Store
	resources []schema.GroupResource
	at        *entry
	ready     chan struct{} // holds a token when there may be something to read
}

// Watch returns the events of the given resources after a version: 0 means from the first event on.
// ErrExpired or ErrFuture if the log does not reach there.
func (s *Store) Watch(after uint64, resources ...schema.GroupResource) (*Watcher, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.log.closed:
		return nil, ErrClosed
	case after < s.log.before.event.Version:
		return nil, ErrExpired
	case after > s.version:
		return nil, ErrFuture
	}
	at := s.log.before
	if after == s.version {
		at = s.log.last // the usual case, list and watch, need not walk the log
	}
	for at.next != nil && at.next.event.Version <= after {
		at = at.next
	}
	return s.watcher(at, resources), nil
}

// ListAndWatch returns the objects of the given resources, one slice each, and a watcher of what comes after them.
func (s *Store) ListAndWatch(resources ...schema.GroupResource) ([][]Object, *Watcher, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log.closed {
		return nil, nil, ErrClosed
	}
	lists := make([][]Object, len(resources))
	for i, r := range resources {
		lists[i] = s.list(r, "")
	}
	return lists, s.watcher(s.log.last, resources), nil
}

// Forget drops the log so far: no new watch can start before now.
func (s *Store) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.before, s.log.length = s.log.last, 0
}

func (s *Store) watcher(at *entry, resources []schema.GroupResource) *Watcher {
	w := &Watcher{store: s, resources: resources, at: at, ready: make(chan struct{}, 1)}
	s.watchers[w] = struct{}{}
	w.wake()
	return w
}

func (w *Watcher) wants(r schema.GroupResource) bool {
	for _, x := range w.resources {
		if x == r {
			return true
		}
	}
	return false
}

func (w *Watcher) wake() {
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// Next returns the next event, waiting for it until ctx ends (its error) or the store closes (ErrClosed).
func (w *Watcher) Next(ctx context.Context) (Event, error) {
	for {
		e, ok, err := w.Poll()
		if ok || err != nil {
			return e, err
		}
		select {
		case <-w.ready:
		case <-ctx.Done():
			return Event{}, context.Cause(ctx)
		}
	}
}

// Poll returns the next event if there is one now. Its error is ErrClosed, when the store is closed.
func (w *Watcher) Poll() (Event, bool, error) {
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	for w.at.next != nil {
		w.at = w.at.next
		if w.wants(w.at.event.Resource) {
			return w.at.event, true, nil
		}
	}
	if w.store.log.closed {
		return Event{}, false, ErrClosed
	}
	return Event{}, false, nil
}

// Ready receives when Poll may have something new, for loops that wait for several things at once. After a receive,
// Poll until it answers false.
func (w *Watcher) Ready() <-chan struct{} { return w.ready }

// Version is the version of the last event that was read or passed over, or where the watch began.
func (w *Watcher) Version() uint64 {
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	return w.at.event.Version
}

// Close ends the watcher. Twice is fine.
func (w *Watcher) Close() {
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	delete(w.store.watchers, w)
}

// Close ends every watch with ErrClosed, once it has read what is in the log. Objects stay readable. Twice is fine.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.closed = true
	for w := range s.watchers {
		w.wake()
	}
}

// ListAt returns the objects of a resource as they were at a version, sorted by namespace and name. ErrExpired or
// ErrFuture if the log does not reach there.
func (s *Store) ListAt(r schema.GroupResource, namespace string, version uint64) ([]Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case version < s.log.before.event.Version:
		return nil, ErrExpired
	case version > s.version:
		return nil, ErrFuture
	}
	objs := s.list(r, namespace)
	var later []Event
	for e := s.log.before.next; e != nil; e = e.next {
		if e.event.Version > version && e.event.Resource == r {
			later = append(later, e.event)
		}
	}
	return undo(objs, later, namespace), nil
}

// undo takes events back, the latest first.
func undo(objs []Object, events []Event, namespace string) []Object {
	if len(events) == 0 {
		return objs
	}
	was := make(map[string]Object, len(objs))
	for _, o := range objs {
		was[keyOf(o)] = o
	}
	for _, e := range slices.Backward(events) {
		switch k := keyOf(e.Object); {
		case namespace != "" && e.Object.GetNamespace() != namespace:
		case e.Old == nil:
			delete(was, k)
		default:
			was[k] = e.Old
		}
	}
	objs = objs[:0]
	for _, k := range slices.Sorted(maps.Keys(was)) {
		objs = append(objs, was[k])
	}
	return objs
}
