package index

import (
	"hash/maphash"
	"slices"
	"sync/atomic"

	"github.com/podwright/podwright/types/selector"
)

// reverse finds the selectors that select given labels. Each selector waits at one anchor, a label or a key that whatever it selects
// must have: the rarest among all selectors. So a label set meets few selectors at the anchors of its labels, and each of these is
// verified.
type reverse struct {
	seed     maphash.Seed
	entries  []entry // by the id of a selector
	free     []uint32
	spaces   map[string]*space
	nowhere  space // of namespaces without a selector
	anchors  []anchor
	freed    []uint32 // anchors
	byAnchor slots
}

// An entry is a selector and where it waits.
type entry struct {
	s     selector.Selector
	space *space // nil if the id is free
	at    int    // the requirement that it is anchored at, or one of the constants
}

const (
	atRest   = -1 // it has no requirement to anchor it at, and meets everything
	atNobody = -2 // it selects nothing
)

// A space is the selectors of a namespace.
type space struct {
	name    string
	salt    uint64
	n       int
	keyed   int      // how many are anchored at the presence of a key
	rest    []uint32 // those without an anchor
	version atomic.Uint64
}

func newReverse() reverse {
	return reverse{seed: maphash.MakeSeed(), spaces: map[string]*space{}, byAnchor: newSlots(0)}
}

// add adds a selector and returns its id.
func (r *reverse) add(namespace string, s selector.Selector) uint32 {
	id := uint32(len(r.entries))
	if n := len(r.free); n > 0 {
		id, r.free = r.free[n-1], r.free[:n-1]
	} else {
		r.entries = append(r.entries, entry{})
	}
	r.put(id, namespace, s)
	return id
}

// put makes a free id that of a selector.
func (r *reverse) put(id uint32, namespace string, s selector.Selector) {
	sp := r.spaceOf(namespace)
	sp.n++
	sp.version.Add(1)
	r.entries[id] = entry{s: s, space: sp}
	r.mention(sp, s, 1)
	r.place(id)
	r.rebalance(id)
}

// set changes the selector of an id.
func (r *reverse) set(id uint32, namespace string, s selector.Selector) {
	r.take(id)
	r.put(id, namespace, s)
}

// drop takes a selector away.
func (r *reverse) drop(id uint32) {
	r.take(id)
	r.free = append(r.free, id)
}

// take undoes put.
func (r *reverse) take(id uint32) {
	e := r.entries[id]
	r.displace(id)
	r.mention(e.space, e.s, -1)
	r.entries[id] = entry{}
	e.space.version.Add(1)
	if e.space.n--; e.space.n == 0 {
		delete(r.spaces, e.space.name)
	}
}

func (r *reverse) spaceOf(namespace string) *space {
	sp, ok := r.spaces[namespace]
	if !ok {
		sp = &space{name: namespace, salt: maphash.String(r.seed, namespace)}
		r.spaces[namespace] = sp
		r.nowhere.version.Add(1)
	}
	return sp
}

// found is the space of a namespace, that of no selector if there is none.
func (r *reverse) found(namespace string) *space {
	if sp, ok := r.spaces[namespace]; ok {
		return sp
	}
	return &r.nowhere
}

// A subject is the labels that selectors are sought for, as a map or as a list. One of them is nil.
type subject struct {
	byKey map[string]string
	list  []label // by key
}

func (l *subject) isSelectedBy(s selector.Selector) bool {
	if l.byKey != nil {
		return s.Matches(l.byKey)
	}
	return s.MatchesFunc(func(key string) (string, bool) { return valueOf(l.list, key) })
}

// match appends the ids of the selectors that select labels in a namespace, in order: those of the namespace, and those of "", which
// select in all.
func (r *reverse) match(namespace string, l *subject, to []uint32) []uint32 {
	start := len(to)
	if sp := r.found(namespace); sp.n > 0 {
		to = r.matchIn(sp, l, to)
	}
	if sp := r.found(""); namespace != "" && sp.n > 0 {
		to = r.matchIn(sp, l, to)
	}
	slices.Sort(to[start:])
	return to
}

func (r *reverse) matchIn(sp *space, l *subject, to []uint32) []uint32 {
	for key, value := range l.byKey {
		to = r.matchLabel(sp, key, value, l, to)
	}
	for i := range l.list {
		to = r.matchLabel(sp, l.list[i].key, l.list[i].value, l, to)
	}
	return r.verify(sp.rest, l, to)
}

func (r *reverse) matchLabel(sp *space, key, value string, l *subject, to []uint32) []uint32 {
	ofKey := maphash.String(r.seed, key)
	if a := r.anchor(r.hash(sp, ofKey, value), sp, key, value, false); a != nil {
		to = r.verify(a.ids, l, to)
	}
	if sp.keyed > 0 {
		if a := r.anchor(r.hashOfKey(sp, ofKey), sp, key, "", true); a != nil {
			to = r.verify(a.ids, l, to)
		}
	}
	return to
}

// verify appends those of the ids whose selectors select the labels.
func (r *reverse) verify(ids []uint32, l *subject, to []uint32) []uint32 {
	for _, id := range ids {
		if l.isSelectedBy(r.entries[id].s) {
			to = append(to, id)
		}
	}
	return to
}
