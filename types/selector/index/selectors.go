package index

import (
	"sync"

	"github.com/podwright/podwright/types/selector"
)

// Selectors answers the reverse question: which selectors select given labels, as which Services a pod belongs to. ID names a selector.
// It is made by [NewSelectors] and safe for concurrent use.
//
// A selector is in a namespace and selects there alone; one with namespace "" selects in all, and is the only kind that selects labels
// without a namespace.
type Selectors[ID comparable] struct {
	mu      sync.RWMutex
	reverse reverse
	ids     map[ID]uint32
	names   []ID // by id
	answers answers[ID]
}

// NewSelectors returns Selectors without any.
func NewSelectors[ID comparable]() *Selectors[ID] {
	s := &Selectors[ID]{reverse: newReverse(), ids: map[ID]uint32{}}
	s.answers.init()
	return s
}

// Set adds a selector, or puts it in the place of the one with the same id. It must not be one that a selector.Parser goes on to use.
func (s *Selectors[ID]) Set(id ID, namespace string, sel selector.Selector) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.ids[id]
	if !ok {
		n = s.reverse.add(namespace, sel)
		if int(n) == len(s.names) {
			s.names = append(s.names, id)
		}
		s.names[n] = id
		s.ids[id] = n
		return
	}
	if e := &s.reverse.entries[n]; e.s != sel || e.space.name != namespace {
		s.reverse.set(n, namespace, sel)
	}
}

// Delete takes a selector away. It reports whether there was one.
func (s *Selectors[ID]) Delete(id ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.ids[id]
	if ok {
		var none ID
		s.reverse.drop(n)
		s.names[n] = none
		delete(s.ids, id)
	}
	return ok
}

// Get returns a selector and its namespace.
func (s *Selectors[ID]) Get(id ID) (namespace string, sel selector.Selector, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, ok := s.ids[id]
	if !ok {
		return "", selector.Selector{}, false
	}
	e := &s.reverse.entries[n]
	return e.space.name, e.s, true
}

// Len is the number of selectors.
func (s *Selectors[ID]) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.ids)
}

// Match appends to dst the ids of the selectors that select labels in a namespace, in an order that depends on nothing but the calls
// that were made. It allocates nothing if dst has room.
func (s *Selectors[ID]) Match(namespace string, labels map[string]string, dst []ID) []ID {
	l := subject{byKey: labels}
	found := takeIDs()
	s.mu.RLock()
	defer s.mu.RUnlock()
	found.list = s.reverse.match(namespace, &l, found.list[:0])
	for _, n := range found.list {
		dst = append(dst, s.names[n])
	}
	found.release()
	return dst
}

// idList is memory for ids that is used again.
type idList struct{ list []uint32 }

var idLists = sync.Pool{New: func() any { return new(idList) }}

func takeIDs() *idList     { return idLists.Get().(*idList) }
func (l *idList) release() { idLists.Put(l) }
