package index

import "slices"

// watches are the views of an index, and what has to be told to them.
type watches[K comparable, T any] struct {
	reverse    *reverse // nil while there was no view
	views      []*View[K, T]
	lists      [][]uint32 // by set: the ids of the views that select it, in order
	labels     []label
	ids        []uint32
	queue      []event[K, T]
	spare      []event[K, T]
	delivering bool
}

// An event is a call that is made once the lock is free.
type event[K comparable, T any] struct {
	view   *View[K, T]
	call   func(K, T)
	key    K
	object T
}

// number is how many views there are.
func (w *watches[K, T]) number() int {
	if w.reverse == nil {
		return 0
	}
	return len(w.reverse.entries) - len(w.reverse.free)
}

// of returns the ids of the views that select a set.
func (w *watches[K, T]) of(set uint32) []uint32 {
	if int(set) >= len(w.lists) {
		return nil
	}
	return w.lists[set]
}

// keep returns a copy of that, which is good until the next call.
func (w *watches[K, T]) keep(set uint32) []uint32 {
	w.ids = append(w.ids[:0], w.of(set)...)
	return w.ids
}

// changed is told that a set is new or has other labels.
func (w *watches[K, T]) changed(t *sets, set uint32) {
	if w.number() == 0 {
		return
	}
	w.reach(set)
	w.dropped(set)
	w.labels = t.appendLabels(w.labels[:0], set)
	arrange(w.labels)
	w.lists[set] = w.reverse.match(t.namespaceOf(set), &subject{list: w.labels}, w.lists[set])
	for _, id := range w.lists[set] {
		w.views[id].sets.add(set)
	}
}

// reach makes room in lists.
func (w *watches[K, T]) reach(set uint32) {
	if missing := int(set) + 1 - len(w.lists); missing > 0 {
		w.lists = append(w.lists, make([][]uint32, missing)...)
	}
}

// dropped is told that there is no such set any more.
func (w *watches[K, T]) dropped(set uint32) {
	if int(set) >= len(w.lists) {
		return
	}
	for _, id := range w.lists[set] {
		w.views[id].sets.remove(set)
	}
	w.lists[set] = shrunk(w.lists[set][:0])
}

// enlist adds a view to the list of a set, delist takes it off.
func (w *watches[K, T]) enlist(set, id uint32) {
	w.reach(set)
	if i, found := slices.BinarySearch(w.lists[set], id); !found {
		w.lists[set] = slices.Insert(w.lists[set], i, id)
	}
}

func (w *watches[K, T]) delist(set, id uint32) {
	if i, found := slices.BinarySearch(w.lists[set], id); found {
		w.lists[set] = slices.Delete(w.lists[set], i, i+1)
	}
}

// tell tells the views that had an object and have it no longer, and those that have it now. Both lists are in order.
func (x *Index[K, T]) tell(before, after []uint32, id uint32, old, object T) {
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0] < after[0]:
			x.lost(x.watches.views[before[0]], id, old)
			before = before[1:]
		case len(before) == 0 || after[0] < before[0]:
			x.won(x.watches.views[after[0]], id, object)
			after = after[1:]
		default:
			before, after = before[1:], after[1:]
		}
	}
}

func (x *Index[K, T]) won(v *View[K, T], id uint32, object T) {
	v.count++
	x.enqueue(v, v.added, id, object)
}

func (x *Index[K, T]) lost(v *View[K, T], id uint32, object T) {
	v.count--
	x.enqueue(v, v.removed, id, object)
}

func (x *Index[K, T]) enqueue(v *View[K, T], call func(K, T), id uint32, object T) {
	if call != nil {
		x.watches.queue = append(x.watches.queue, event[K, T]{v, call, x.objects.list[id].key, object})
	}
}

// unlock ends a change and makes the calls that it has caused. Whoever comes while calls are made, be it one of them, leaves his own to the
// one who is at it, so that all are made one after the other and in order.
func (x *Index[K, T]) unlock() {
	w := &x.watches
	if len(w.queue) == 0 || w.delivering {
		x.mu.Unlock()
		return
	}
	w.delivering = true
	x.deliver()
}

// deliver makes the calls. It is called with the lock, and returns without.
func (x *Index[K, T]) deliver() {
	w := &x.watches
	defer func() { // also if a call panics
		w.delivering = false
		x.mu.Unlock()
	}()
	for len(w.queue) > 0 {
		batch := w.queue
		w.queue, w.spare = w.spare[:0], nil
		x.call(batch)
		clear(batch)
		w.spare = batch[:0]
	}
}

func (x *Index[K, T]) call(batch []event[K, T]) {
	x.mu.Unlock()
	defer x.mu.Lock()
	for i := range batch {
		if e := &batch[i]; !e.view.closed.Load() {
			e.call(e.key, e.object)
		}
	}
}
