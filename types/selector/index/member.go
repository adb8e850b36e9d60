package index

import "slices"

// members are the objects of each set, side by side, so that a set's objects are copied at once. One object stands in a row of all
// sets' only objects: where all labels differ, a list of many sets then reads memory from front to back.
type members[T any] struct {
	first  []T      // by set: the object, if there is one
	link   []uint32 // by set: the id of that object, or else where in groups its objects are
	groups []group[T]
	free   []uint32 // of groups
}

// A group is the objects of a set that has more than one.
type group[T any] struct {
	objects []T
	ids     []uint32
}

// smallGroup is up to how much room a group that is freed keeps.
const smallGroup = 8

// add adds an object to a set, of which it is the nth, and returns n.
func (m *members[T]) add(set, n, id uint32, object T) uint32 {
	for int(set) >= len(m.first) {
		var none T
		m.first = append(m.first, none)
		m.link = append(m.link, 0)
	}
	switch n {
	case 0:
		m.first[set], m.link[set] = object, id
		return 0
	case 1:
		m.widen(set)
	}
	g := &m.groups[m.link[set]]
	g.objects = append(g.objects, object)
	g.ids = append(g.ids, id)
	return n
}

// widen makes a group of a set that has one object.
func (m *members[T]) widen(set uint32) {
	at := uint32(len(m.groups))
	if n := len(m.free); n > 0 {
		at, m.free = m.free[n-1], m.free[:n-1]
	} else {
		m.groups = append(m.groups, group[T]{})
	}
	var none T
	g := &m.groups[at]
	g.objects = append(g.objects, m.first[set])
	g.ids = append(g.ids, m.link[set])
	m.first[set], m.link[set] = none, at
}

// remove takes the object at a position out of a set of n. The last one takes its place: moved is its id.
func (m *members[T]) remove(set, n, at uint32) (moved uint32) {
	var none T
	if n == 1 {
		moved, m.first[set] = m.link[set], none
		return moved
	}
	g := &m.groups[m.link[set]]
	last := len(g.ids) - 1
	moved = g.ids[last]
	g.objects[at], g.ids[at] = g.objects[last], moved
	g.objects[last] = none
	g.objects, g.ids = g.objects[:last], g.ids[:last]
	switch {
	case last == 1:
		m.narrow(set)
	case cap(g.ids) > 4*smallGroup && last*4 < cap(g.ids):
		g.objects = append(make([]T, 0, last*2), g.objects...)
		g.ids = append(make([]uint32, 0, last*2), g.ids...)
	}
	return moved
}

// narrow frees the group of a set that has one object left.
func (m *members[T]) narrow(set uint32) {
	at := m.link[set]
	g := &m.groups[at]
	m.first[set], m.link[set] = g.objects[0], g.ids[0]
	clear(g.objects)
	if cap(g.ids) > smallGroup {
		*g = group[T]{}
	}
	g.objects, g.ids = g.objects[:0], g.ids[:0]
	m.free = append(m.free, at)
}

// at returns the object at a position of a set of n.
func (m *members[T]) at(set, n, at uint32) *T {
	if n == 1 {
		return &m.first[set]
	}
	return &m.groups[m.link[set]].objects[at]
}

// of returns the objects of a set of n, and their ids.
func (m *members[T]) of(set, n uint32) ([]T, []uint32) {
	switch n {
	case 0:
		return nil, nil
	case 1:
		return m.first[set : set+1], m.link[set : set+1]
	}
	g := &m.groups[m.link[set]]
	return g.objects, g.ids
}

// appendOf appends the objects of sets, of which each has count.
func (m *members[T]) appendOf(to []T, found, count []uint32) []T {
	to = slices.Grow(to, len(found))
	for _, set := range found {
		switch count[set] {
		case 0:
		case 1:
			to = append(to, m.first[set])
		default:
			to = append(to, m.groups[m.link[set]].objects...)
		}
	}
	return to
}
