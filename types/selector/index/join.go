package index

import "github.com/podwright/podwright/types/selector"

// A Join is an index of objects that has selectors too, and knows at any time which selects which: both may change. It has all that an
// [Index] has; ID names a selector. It is made by [NewJoin] and safe for concurrent use.
type Join[K comparable, T any, ID comparable] struct {
	*Index[K, T]
	matched, unmatched func(K, T, ID)
	views              map[ID]*View[K, T]
	ids                map[*View[K, T]]ID
}

// NewJoin returns a join without objects and selectors. matched is called when a selector begins to select an object, unmatched when it
// ceases to, with the object as it was last; either may be nil. They are called as [View.Notify] says.
func NewJoin[K comparable, T any, ID comparable](matched, unmatched func(key K, object T, id ID), opts ...Option) *Join[K, T, ID] {
	return &Join[K, T, ID]{
		Index: New[K, T](opts...), matched: matched, unmatched: unmatched,
		views: map[ID]*View[K, T]{}, ids: map[*View[K, T]]ID{},
	}
}

// SetSelector adds a selector, or puts it in the place of the one with the same id: then only what differs is matched and unmatched.
// Namespace "" is all namespaces.
func (j *Join[K, T, ID]) SetSelector(id ID, namespace string, s selector.Selector) {
	j.mu.Lock()
	defer j.unlock()
	if v, ok := j.views[id]; ok {
		if v.s != s || v.namespace != namespace {
			j.reselect(v, namespace, s)
		}
		return
	}
	v := &View[K, T]{x: j.Index}
	if j.matched != nil {
		v.added = func(key K, object T) { j.matched(key, object, id) }
	}
	if j.unmatched != nil {
		v.removed = func(key K, object T) { j.unmatched(key, object, id) }
	}
	j.views[id], j.ids[v] = v, id
	j.open(v, namespace, s)
}

// DeleteSelector takes a selector away, which ceases to select what it did. It reports whether there was one.
func (j *Join[K, T, ID]) DeleteSelector(id ID) bool {
	j.mu.Lock()
	defer j.unlock()
	v, ok := j.views[id]
	if ok {
		delete(j.views, id)
		delete(j.ids, v)
		j.shut(v)
	}
	return ok
}

// SelectorsOf appends to dst the ids of the selectors that select an object: none, if there is no such object.
func (j *Join[K, T, ID]) SelectorsOf(key K, dst []ID) []ID {
	j.mu.RLock()
	defer j.mu.RUnlock()
	n, ok := j.objects.find(j.objects.hash(key), key)
	if !ok {
		return dst
	}
	for _, at := range j.watches.of(j.objects.list[n].set) {
		if id, ok := j.ids[j.watches.views[at]]; ok { // and is no view of Live
			dst = append(dst, id)
		}
	}
	return dst
}

// ObjectsOf appends to dst the objects that a selector selects, in no particular order: none, if there is no such selector. It takes no
// search.
func (j *Join[K, T, ID]) ObjectsOf(id ID, dst []T) []T {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if v, ok := j.views[id]; ok {
		dst = v.appendTo(dst)
	}
	return dst
}

// CountOf is how many objects a selector selects.
func (j *Join[K, T, ID]) CountOf(id ID) int {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if v, ok := j.views[id]; ok {
		return v.count
	}
	return 0
}
