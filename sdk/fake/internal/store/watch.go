package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync/atomic"

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
	Edition  *Edition // of Object
}

// eventLog is a singly linked list. A watcher holds the entry it saw last, so the garbage collector keeps exactly
// what the slowest of them still needs, and only new watches are bound to the limit.
type eventLog struct {
	limit  int
	stride uint64 // all watchers are woken at each so many writes
	length int
	before *entry // the entry before the oldest one that a new watch may start with
	last   *entry
	closed atomic.Bool // written under Store.mu
}

type entry struct {
	event Event
	was   *Edition              // of event.Old
	next  atomic.Pointer[entry] // written once, under Store.mu; watchers read it without
}

func (l *eventLog) start(limit int) {
	e := &entry{}
	l.limit, l.before, l.last = max(limit, 1), e, e
	l.stride = uint64(max(limit/4, 1))
}

// append adds an event and wakes the watchers of its resource. Store.mu is held.
func (s *Store) append(e Event, was *Edition) {
	n := &entry{event: e, was: was}
	s.log.last.next.Store(n)
	s.log.last = n
	if s.log.length++; s.log.length > s.log.limit {
		s.log.length--
		s.log.before = s.log.before.next.Load()
	}
	if observe := s.observers[e.Resource]; observe != nil {
		observe(e)
	}
	pass := e.Version%s.log.stride == 0 // one who gets nothing must move on too: all that comes after its place is held by it
	for w := range s.watchers {
		if pass || w.wants(e.Resource) {
			w.wake()
		}
	}
}

// Observe has f told of each change of a resource before anybody else can know of it. f is called under the store's lock: it must be quick
// and must not ask the store. Call Observe before the first write; a second observer of a resource replaces the first.
func (s *Store) Observe(r schema.GroupResource, f func(Event)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.observers == nil {
		s.observers = map[schema.GroupResource]func(Event){}
	}
	s.observers[r] = f
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
	case s.log.closed.Load():
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
	for next := at.next.Load(); next != nil && next.event.Version <= after; next = at.next.Load() {
		at = next
	}
	return s.watcher(at, resources), nil
}

// ListAndWatch returns the objects of the given resources, one slice each, and a watcher of what comes after them.
func (s *Store) ListAndWatch(resources ...schema.GroupResource) ([][]Object, *Watcher, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log.closed.Load() {
		return nil, nil, ErrClosed
	}
	lists := make([][]Object, len(resources))
	for i, r := range resources {
		lists[i] = objectsOf(s.editions(r, ""))
	}
	return lists, s.watcher(s.log.last, resources), nil
}

// EditionsAndWatch is [Store.ListAndWatch] of one resource for those who encode; of one namespace if it is not empty. The watcher sees all.
func (s *Store) EditionsAndWatch(r schema.GroupResource, namespace string) ([]*Edition, *Watcher, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log.closed.Load() {
		return nil, nil, ErrClosed
	}
	return s.editions(r, namespace), s.watcher(s.log.last, []schema.GroupResource{r}), nil
}

// Forget drops the log so far: no new watch can start before now.
func (s *Store) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.before, s.log.length = s.log.last, 0
	for w := range s.watchers {
		w.wake() // what it has not passed over yet is held by it
	}
}

func (s *Store) watcher(at *entry, resources []schema.GroupResource) *Watcher {
	w := &Watcher{store: s, resources: resources, at: at, ready: make(chan struct{}, 1)}
	s.watchers[w] = struct{}{}
	w.wake()
	return w
}

// Include has the watcher return the events of more resources, from where it is in the log. Only the goroutine that polls may call it.
func (w *Watcher) Include(resources ...schema.GroupResource) {
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	for _, r := range resources {
		if !w.wants(r) {
			w.resources = append(w.resources[:len(w.resources):len(w.resources)], r)
		}
	}
	w.wake()
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

// Poll returns the next event if there is one now. Its error is ErrClosed, when the store is closed. It takes no lock, so that a
// thousand watchers who are woken at once do not queue.
func (w *Watcher) Poll() (Event, bool, error) {
	for {
		closed := w.store.log.closed.Load() // before the look at the log, whose end is only then the last word
		next := w.at.next.Load()
		switch {
		case next != nil:
			w.at = next
			if w.wants(next.event.Resource) {
				return next.event, true, nil
			}
		case closed:
			return Event{}, false, ErrClosed
		default:
			return Event{}, false, nil
		}
	}
}

// Ready receives when Poll may have something new, for loops that wait for several things at once. After a receive,
// Poll until it answers false: also one that nothing happens to has to, since a watcher holds all of the log that comes after its place.
func (w *Watcher) Ready() <-chan struct{} { return w.ready }

// Version is the version of the last event that was read or passed over, or where the watch began.
func (w *Watcher) Version() uint64 { return w.at.event.Version }

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
	s.log.closed.Store(true)
	for w := range s.watchers {
		w.wake()
	}
}

// ListAt returns the objects of a resource as they were at a version, sorted by namespace and name. ErrExpired or
// ErrFuture if the log does not reach there.
func (s *Store) ListAt(r schema.GroupResource, namespace string, version uint64) ([]Object, error) {
	editions, err := s.EditionsAt(r, namespace, version)
	return objectsOf(editions), err
}

// EditionsAt is [Store.ListAt] for those who encode.
func (s *Store) EditionsAt(r schema.GroupResource, namespace string, version uint64) ([]*Edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case version < s.log.before.event.Version:
		return nil, ErrExpired
	case version > s.version:
		return nil, ErrFuture
	}
	var later []*entry
	for e := s.log.before.next.Load(); e != nil; e = e.next.Load() {
		if e.event.Version > version && e.event.Resource == r {
			later = append(later, e)
		}
	}
	return undo(s.editions(r, namespace), later, namespace), nil
}

// undo takes events back, the latest first. The slice becomes the answer.
func undo(editions []*Edition, events []*entry, namespace string) []*Edition {
	if len(events) == 0 {
		return editions
	}
	was := make(map[string]*Edition, len(editions))
	for _, e := range editions {
		was[keyOf(e.Object)] = e
	}
	for _, e := range slices.Backward(events) {
		switch k := keyOf(e.event.Object); {
		case namespace != "" && e.event.Object.GetNamespace() != namespace:
		case e.was == nil:
			delete(was, k)
		default:
			was[k] = e.was
		}
	}
	editions = editions[:0]
	for _, k := range slices.Sorted(maps.Keys(was)) {
		editions = append(editions, was[k])
	}
	return editions
}
