package index

import (
	"iter"
	"slices"
	"sync/atomic"

	"github.com/podwright/podwright/types/selector"
)

// A View is what a selector selects, kept up to date by the index: how many objects there are is known, and to read them takes no
// search. It is made by [Index.Live], safe for concurrent use, and costs the index something with every label set that is new, until it is
// closed.
type View[K comparable, T any] struct {
	x              *Index[K, T]
	id             uint32
	namespace      string
	s              selector.Selector
	sets           posting
	count          int
	added, removed func(K, T)
	closed         atomic.Bool
}

// Live returns a view of what s selects in all namespaces.
func (x *Index[K, T]) Live(s selector.Selector) *View[K, T] { return x.LiveIn("", s) }

// LiveIn is Live for one namespace. "" is all namespaces, and objects without one.
func (x *Index[K, T]) LiveIn(namespace string, s selector.Selector) *View[K, T] {
	x.mu.Lock()
	defer x.unlock()
	v := &View[K, T]{x: x}
	x.open(v, namespace, s)
	return v
}

// open gives a view an id and its objects.
func (x *Index[K, T]) open(v *View[K, T], namespace string, s selector.Selector) {
	w := &x.watches
	if w.reverse == nil {
		w.reverse = new(newReverse())
	}
	v.id = w.reverse.add(namespace, s)
	if int(v.id) == len(w.views) {
		w.views = append(w.views, nil)
	}
	w.views[v.id] = v
	v.namespace, v.s, v.sets = namespace, s, x.matching(namespace, s)
	x.eachSet(&v.sets, func(set uint32) {
		w.enlist(set, v.id)
		x.each(set, func(id uint32, object T) { x.won(v, id, object) })
	})
}

// reselect changes the selector of a view, which hears of what differs.
func (x *Index[K, T]) reselect(v *View[K, T], namespace string, s selector.Selector) {
	x.watches.reverse.set(v.id, namespace, s)
	old, sets := v.sets, x.matching(namespace, s)
	v.namespace, v.s, v.sets = namespace, s, sets
	x.eachSet(&old, func(set uint32) {
		if !sets.has(set) {
			x.watches.delist(set, v.id)
			x.each(set, func(id uint32, object T) { x.lost(v, id, object) })
		}
	})
	x.eachSet(&sets, func(set uint32) {
		if !old.has(set) {
			x.watches.enlist(set, v.id)
			x.each(set, func(id uint32, object T) { x.won(v, id, object) })
		}
	})
}

// shut takes a view away, which hears of the loss of all it has.
func (x *Index[K, T]) shut(v *View[K, T]) {
	x.eachSet(&v.sets, func(set uint32) {
		x.watches.delist(set, v.id)
		x.each(set, func(id uint32, object T) { x.lost(v, id, object) })
	})
	x.watches.reverse.drop(v.id)
	x.watches.views[v.id] = nil
	v.sets = posting{}
	if x.watches.number() == 0 {
		x.watches.lists = nil
	}
}

// matching returns the sets that a selector selects, those without objects too.
func (x *Index[K, T]) matching(namespace string, s selector.Selector) (p posting) {
	q := x.sets.query(namespace, s)
	defer q.release()
	for found, ok := q.batch(); ok; found, ok = q.batch() {
		for _, set := range found {
			if !x.sets.isFree(set) {
				p.add(set)
			}
		}
	}
	return p
}

// eachSet visits the sets of a posting, in order.
func (x *Index[K, T]) eachSet(p *posting, visit func(set uint32)) {
	for _, set := range p.appendTo(nil) {
		visit(set)
	}
}

// each visits the objects of a set.
func (x *Index[K, T]) each(set uint32, visit func(id uint32, object T)) {
	found, ids := x.members.of(set, x.sets.count[set])
	for i := range found {
		visit(ids[i], found[i])
	}
}

// Notify has added called for each object that comes into the view, and removed for each that leaves it, as it was last. Either may be
// nil. added is called for what is in the view already, too, and Notify replaces the functions that were given before. An object that is
// replaced and stays in the view is no event.
//
// Calls are made one after the other, in the order of the changes, by a goroutine that changes the index, after it has let go of the
// lock: they may use the index and change it. What another goroutine's change causes may thus be heard of after that change has
// returned. After Close nothing is called any more, but for a call that is being made.
func (v *View[K, T]) Notify(added, removed func(key K, object T)) {
	x := v.x
	x.mu.Lock()
	defer x.unlock()
	if v.closed.Load() {
		return
	}
	v.added, v.removed = added, removed
	x.eachSet(&v.sets, func(set uint32) {
		x.each(set, func(id uint32, object T) { x.enqueue(v, added, id, object) })
	})
}

// Close ends the view: it is empty from then on, and nothing is called. It may be called twice.
func (v *View[K, T]) Close() {
	v.x.mu.Lock()
	defer v.x.unlock()
	if v.closed.Swap(true) {
		return
	}
	v.added, v.removed = nil, nil
	v.x.shut(v)
}

// Selector is what the view was made of.
func (v *View[K, T]) Selector() selector.Selector {
	v.x.mu.RLock()
	defer v.x.mu.RUnlock()
	return v.s
}

// Len is how many objects there are.
func (v *View[K, T]) Len() int {
	v.x.mu.RLock()
	defer v.x.mu.RUnlock()
	return v.count
}

// Has reports whether an object is in the view.
func (v *View[K, T]) Has(key K) bool {
	x := v.x
	x.mu.RLock()
	defer x.mu.RUnlock()
	id, ok := x.objects.find(x.objects.hash(key), key)
	return ok && v.sets.has(x.objects.list[id].set)
}

// List appends the objects to dst, in no particular order.
func (v *View[K, T]) List(dst []T) []T {
	v.x.mu.RLock()
	defer v.x.mu.RUnlock()
	return v.appendTo(dst)
}

func (v *View[K, T]) appendTo(dst []T) []T {
	dst = slices.Grow(dst, v.count)
	q := queries.Get().(*query)
	defer q.release()
	for i := range v.sets.batches() {
		dst = v.x.members.appendOf(dst, q.read(&v.sets, i), v.x.sets.count)
	}
	return dst
}

// Each yields keys and objects. They are those of the moment when it starts, and the index may be changed meanwhile.
func (v *View[K, T]) Each() iter.Seq2[K, T] {
	return func(yield func(K, T) bool) {
		for _, e := range v.pairs() {
			if !yield(e.key, e.object) {
				return
			}
		}
	}
}

func (v *View[K, T]) pairs() (list []pair[K, T]) {
	x := v.x
	x.mu.RLock()
	defer x.mu.RUnlock()
	list = make([]pair[K, T], 0, v.count)
	x.eachSet(&v.sets, func(set uint32) { list = x.appendPairs(list, set) })
	return list
}
