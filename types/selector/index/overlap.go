package index

import (
	"math/bits"

	"k8s.io/apimachinery/pkg/selection"

	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/analyze"
)

// overlaps reports whether two selectors could select one object.
func overlaps(a, b selector.Selector) bool { return analyze.Overlaps(a, b) }

// A crowd is selectors among which those are sought that could select one object. For each key it knows which selectors name it, which
// of them want certain values, and which want each: so nearly all pairs fall out by merging bits, and only those that agree
// so far are compared.
type crowd struct {
	members []member
	keys    map[string]*crowdKey
	words   int
	has     []uint64
	part    []uint64
	shares  []uint64
}

type member struct {
	id    uint32
	s     selector.Selector
	known satisfiable
}

// satisfiable is whether a selector can select anything.
type satisfiable uint8

const (
	unknown satisfiable = iota
	yes
	no
)

func (m *member) isSatisfiable() bool {
	if m.known == unknown {
		m.known = no
		if analyze.Satisfiable(m.s) {
			m.known = yes
		}
	}
	return m.known == yes
}

// A crowdKey is what members have to do with a key.
type crowdKey struct {
	naming  []uint64            // who names it, a bit each
	bound   []uint64            // who wants one of some values
	wanting map[string]*wanting // who wants a value
}

// wanting are those who want a value: a list, and bits if they are many.
type wanting struct {
	list []uint32
	bits []uint64
}

func newCrowd(members []member) *crowd {
	c := &crowd{members: members, keys: map[string]*crowdKey{}, words: (len(members) + 63) / 64}
	c.has, c.part, c.shares = make([]uint64, c.words), make([]uint64, c.words), make([]uint64, c.words)
	for i := range members {
		s := members[i].s
		for j := range s.Len() {
			c.add(uint32(i), s.At(j))
		}
	}
	return c
}

func (c *crowd) add(i uint32, q selector.Term) {
	k := c.keys[q.Key()]
	if k == nil {
		k = &crowdKey{naming: make([]uint64, c.words), bound: make([]uint64, c.words), wanting: map[string]*wanting{}}
		c.keys[q.Key()] = k
	}
	k.naming[i>>6] |= 1 << (i & 63)
	if !isBinding(q) {
		return
	}
	k.bound[i>>6] |= 1 << (i & 63)
	for j := range q.NumValues() {
		w := k.wanting[q.Value(j)]
		if w == nil {
			w = new(wanting)
			k.wanting[q.Value(j)] = w
		}
		w.add(i, c.words)
	}
}

func (w *wanting) add(i uint32, words int) {
	if w.bits == nil && len(w.list) < words {
		w.list = append(w.list, i)
		return
	}
	if w.bits == nil {
		w.bits = make([]uint64, words)
		for _, j := range w.list {
			w.bits[j>>6] |= 1 << (j & 63)
		}
		w.list = nil
	}
	w.bits[i>>6] |= 1 << (i & 63)
}

// keep sets in has the bits of those that are in from, too. Both begin with word first.
func (w *wanting) keep(has, from []uint64, first int) {
	if w == nil {
		return
	}
	if w.bits != nil {
		for i, word := range w.bits[first:] {
			has[i] |= from[i] & word
		}
	}
	for _, i := range w.list {
		if at := int(i>>6) - first; at >= 0 {
			has[at] |= from[at] & (1 << (i & 63))
		}
	}
}

// isBinding reports whether a requirement wants one of the values it lists.
func isBinding(q selector.Term) bool {
	switch q.Operator() {
	case selection.In, selection.Equals, selection.DoubleEquals:
		return true
	}
	return false
}

// overlapping calls yield with the index of each member, from one on, that could select an object that m does too.
func (c *crowd) overlapping(m *member, from int, yield func(*member) bool) bool {
	if from >= len(c.members) {
		return true
	}
	first := from / 64
	c.sift(m.s, first)
	c.has[first] &= ^uint64(0) << (from & 63)
	for i := first; i < c.words; i++ {
		for w := c.has[i]; w != 0; w &= w - 1 {
			at := i*64 + bits.TrailingZeros64(w)
			if at < len(c.members) && c.meets(m, at) && !yield(&c.members[at]) {
				return false
			}
		}
	}
	return true
}

// sift leaves in has those who agree about values as far as both want any, and in shares those who name a key that s names. Words before
// the first are left alone.
func (c *crowd) sift(s selector.Selector, first int) {
	has, part, shares := c.has[first:], c.part[first:], c.shares[first:]
	for i := range has {
		has[i], shares[i] = ^uint64(0), 0
	}
	for j := range s.Len() {
		q := s.At(j)
		k := c.keys[q.Key()]
		if k == nil {
			continue
		}
		mergeWords(or, shares, k.naming[first:])
		if !isBinding(q) {
			continue
		}
		copy(part, has)
		mergeWords(andNot, has, k.bound[first:])
		for v := range q.NumValues() {
			k.wanting[q.Value(v)].keep(has, part, first)
		}
	}
}

// meets compares a member that was left with m. Without a key in common, they overlap if each selects something.
func (c *crowd) meets(m *member, at int) bool {
	o := &c.members[at]
	if c.shares[at>>6]&(1<<(at&63)) == 0 {
		return m.isSatisfiable() && o.isSatisfiable()
	}
	return overlaps(m.s, o.s)
}
