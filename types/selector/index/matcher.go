package index

import (
	"sync/atomic"

	"github.com/podwright/podwright/types/selector"
)

// A Matcher is a selector that remembers which label sets it has matched. What it has seen before, it answers in one or two
// nanoseconds. It is safe for concurrent use.
type Matcher struct {
	memo []atomic.Uint64 // serial<<1 | answer, at serial&mask
	mask uint64
	s    selector.Selector
}

const (
	leastMemo = 64
	mostMemo  = 1 << 16
)

// Compile returns a Matcher of s, with room for what the index has at present: 8 to 16 bytes for each different set of labels, half
// a megabyte at most. Sets of other indices and of [NewLabelSet] can be matched, too.
func (x *Index[K, T]) Compile(s selector.Selector) *Matcher {
	x.mu.RLock()
	n := len(x.sets.address)
	x.mu.RUnlock()
	size := leastMemo
	for size < n && size < mostMemo {
		size *= 2
	}
	m := &Matcher{s: s, memo: make([]atomic.Uint64, size), mask: uint64(size - 1)}
	m.match(LabelSet{}) // since an empty memo says that serial 0 is not selected
	return m
}

// Selector is what the Matcher was made of.
func (m *Matcher) Selector() selector.Selector { return m.s }

// MatchesSet reports whether the selector selects the labels. The namespace does not count.
func (m *Matcher) MatchesSet(l LabelSet) bool {
	known := m.memo[l.serial&m.mask].Load()
	if known>>1 != l.serial {
		return m.match(l)
	}
	return known&1 != 0
}

func (m *Matcher) match(l LabelSet) bool {
	answer := l.Matches(m.s)
	known := l.serial << 1
	if answer {
		known |= 1
	}
	m.memo[l.serial&m.mask].Store(known)
	return answer
}
