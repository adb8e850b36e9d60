package index

import (
	"iter"
	"slices"

	"k8s.io/apimachinery/pkg/selection"

	"github.com/podwright/podwright/types/selector"
)

// List appends to dst the objects that s selects, in no particular order: their own, if dst is nil. It allocates nothing if dst has room.
func (x *Index[K, T]) List(s selector.Selector, dst []T) []T {
	if key, value, ok := equality(s); ok {
		if list, ok := x.listValue(key, value, dst); ok {
			return list
		}
	}
	return x.ListIn("", s, dst)
}

// equality is the label that a selector asks for, if it does so and no more.
func equality(s selector.Selector) (key, value string, ok bool) {
	if s.Len() != 1 {
		return "", "", false
	}
	r := s.At(0)
	switch r.Operator() {
	case selection.Equals, selection.DoubleEquals, selection.In:
		if r.NumValues() == 1 {
			return r.Key(), r.Value(0), true
		}
	}
	return "", "", false
}

// listValue lists what has a label. It is not ok if that is in too many sets to be done without a query.
func (x *Index[K, T]) listValue(key, value string, dst []T) (_ []T, ok bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	id, ok := x.sets.value(key, value)
	if !ok {
		return dst, true
	}
	switch v := &x.sets.values[id]; {
	case v.sets.n == 1:
		found, _ := x.members.of(v.sets.one, x.sets.count[v.sets.one])
		return append(dst, found...), true
	case v.sets.more.chunks == nil:
		dst = slices.Grow(dst, int(v.objects))
		return x.members.appendOf(dst, v.sets.more.small, x.sets.count), true
	}
	return dst, false
}

// ListIn is List for one namespace. "" is all namespaces, and objects without one.
func (x *Index[K, T]) ListIn(namespace string, s selector.Selector, dst []T) []T {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := x.sets.query(namespace, s)
	defer q.release()
	if n := x.known(q); n > 0 {
		dst = slices.Grow(dst, n)
	}
	for found, ok := q.batch(); ok; found, ok = q.batch() {
		dst = x.members.appendOf(dst, found, x.sets.count)
	}
	return dst
}

// known is how many objects the query finds, if that is known beforehand; else -1.
func (x *Index[K, T]) known(q *query) int {
	switch {
	case q.method == ByNothing:
		return 0
	case q.method == ByAll:
		return x.objects.number()
	case len(q.terms) != 1:
		return -1
	}
	n := 0
	e := &q.terms[0]
	if e.presence {
		n = int(x.sets.keys[e.key].objects)
	}
	for _, id := range e.values {
		n += int(x.sets.values[id].objects)
	}
	if e.negative {
		n = x.objects.number() - n
	}
	return n
}

// Each yields the keys and objects that s selects. They are those of the moment when it starts, and the index may be changed meanwhile.
func (x *Index[K, T]) Each(s selector.Selector) iter.Seq2[K, T] { return x.EachIn("", s) }

// EachIn is Each for one namespace. "" is all namespaces, and objects without one.
func (x *Index[K, T]) EachIn(namespace string, s selector.Selector) iter.Seq2[K, T] {
	return func(yield func(K, T) bool) {
		for _, e := range x.pairs(namespace, s) {
			if !yield(e.key, e.object) {
				return
			}
		}
	}
}

type pair[K comparable, T any] struct {
	key    K
	object T
}

func (x *Index[K, T]) pairs(namespace string, s selector.Selector) (list []pair[K, T]) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := x.sets.query(namespace, s)
	defer q.release()
	for found, ok := q.batch(); ok; found, ok = q.batch() {
		for _, set := range found {
			list = x.appendPairs(list, set)
		}
	}
	return list
}

func (x *Index[K, T]) appendPairs(list []pair[K, T], set uint32) []pair[K, T] {
	found, ids := x.members.of(set, x.sets.count[set])
	for i := range found {
		list = append(list, pair[K, T]{x.objects.list[ids[i]].key, found[i]})
	}
	return list
}

// Count is how many objects s selects. What a selector of one requirement selects, and everything, is known without a search.
func (x *Index[K, T]) Count(s selector.Selector) int {
	if key, value, ok := equality(s); ok {
		return x.countValue(key, value)
	}
	return x.CountIn("", s)
}

func (x *Index[K, T]) countValue(key, value string) (n int) {
	x.mu.RLock()
	if id, ok := x.sets.value(key, value); ok {
		n = int(x.sets.values[id].objects)
	}
	x.mu.RUnlock()
	return n
}

// CountIn is Count for one namespace. "" is all namespaces, and objects without one.
func (x *Index[K, T]) CountIn(namespace string, s selector.Selector) (n int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := x.sets.query(namespace, s)
	defer q.release()
	if n := x.known(q); n >= 0 {
		return n
	}
	for found, ok := q.batch(); ok; found, ok = q.batch() {
		for _, set := range found {
			n += int(x.sets.count[set])
		}
	}
	return n
}

// Any reports whether s selects an object.
func (x *Index[K, T]) Any(s selector.Selector) bool { return x.AnyIn("", s) }

// AnyIn is Any for one namespace. "" is all namespaces, and objects without one.
func (x *Index[K, T]) AnyIn(namespace string, s selector.Selector) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := x.sets.query(namespace, s)
	defer q.release()
	if n := x.known(q); n >= 0 {
		return n > 0
	}
	for found, ok := q.batch(); ok; found, ok = q.batch() {
		for _, set := range found {
			if x.sets.count[set] > 0 {
				return true
			}
		}
	}
	return false
}
