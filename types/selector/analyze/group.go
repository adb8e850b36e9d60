package analyze

import "github.com/podwright/podwright/types/selector"

// walk visits the keys that two selectors name, in order: both have their requirements sorted by key. Either may have none.
type walk struct {
	a, b selector.Selector
	i, j int
}

// A group is the requirements of one key: those of a from i to iEnd, and those of b from j to jEnd.
type group struct {
	key     string
	a, b    selector.Selector
	i, iEnd int
	j, jEnd int
}

// next fills g with the requirements of the next key. It is not ok after the last.
func (w *walk) next(g *group) (ok bool) {
	hasA, hasB := w.i < w.a.Len(), w.j < w.b.Len()
	switch {
	case hasA && hasB:
		g.key = min(w.a.At(w.i).Key(), w.b.At(w.j).Key())
	case hasA:
		g.key = w.a.At(w.i).Key()
	case hasB:
		g.key = w.b.At(w.j).Key()
	default:
		return false
	}
	g.a, g.i = w.a, w.i
	g.b, g.j = w.b, w.j
	w.i = endOf(w.a, w.i, g.key)
	w.j = endOf(w.b, w.j, g.key)
	g.iEnd, g.jEnd = w.i, w.j
	return true
}

func endOf(s selector.Selector, i int, key string) int {
	for n := s.Len(); i < n && s.At(i).Key() == key; i++ {
	}
	return i
}

// ofA and ofB are what one of the selectors has of the group.
func (g group) ofA() *group { g.j = g.jEnd; return &g }
func (g group) ofB() *group { g.i = g.iEnd; return &g }

func (g *group) len() int { return g.iEnd - g.i + g.jEnd - g.j }

func (g *group) at(n int) selector.Term {
	if n += g.i; n < g.iEnd {
		return g.a.At(n)
	}
	return g.b.At(n - g.iEnd + g.j)
}

func (g *group) accepts(value string) bool {
	for n := range g.len() {
		if !g.at(n).Accepts(value, true) {
			return false
		}
	}
	return true
}

// list is the requirements.
func (g *group) list() []selector.Requirement {
	list := make([]selector.Requirement, g.len())
	for n := range list {
		list[n] = g.at(n).Requirement()
	}
	return list
}

// groupOf is the group of requirements that are of one key, as if a selector had them.
func groupOf(key string, list []selector.Requirement) *group {
	s := selector.Selector{}.And(list...)
	return &group{key: key, a: s, iEnd: s.Len()}
}
