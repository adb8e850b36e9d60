package index

import (
	"iter"

	"github.com/podwright/podwright/types/selector"
)

// Overlapping appends to dst the ids of the selectors that could select an object in a namespace that sel selects too, whether there is
// one or not. It compares sel with each selector of the namespace and of "", or with all if namespace is "". Labels are thought to be
// valid.
func (s *Selectors[ID]) Overlapping(namespace string, sel selector.Selector, dst []ID) []ID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	own, everywhere := s.reverse.found(namespace), s.reverse.found("")
	for n := range s.reverse.entries {
		e := &s.reverse.entries[n]
		if e.space == nil || namespace != "" && e.space != own && e.space != everywhere {
			continue
		}
		if overlaps(sel, e.s) {
			dst = append(dst, s.names[n])
		}
	}
	return dst
}

// Conflicts yields the pairs of selectors that could select one object: such as two ReplicationControllers that would take each other's
// pods. Selectors of different namespaces cannot, unless one is of "". Each pair comes once, the selector first that was first to
// get its place. The selectors are those of the moment when it starts, and labels are thought to be valid.
//
// Pairs are not tried one by one; but where half of all selectors ask for one key and the other half for another, a quarter of all pairs are
// conflicts, and are yielded.
func (s *Selectors[ID]) Conflicts() iter.Seq2[ID, ID] {
	return func(yield func(ID, ID) bool) {
		c := s.crowds()
		for n, place := range c.places {
			if place.crowd == nil {
				continue
			}
			m := &place.crowd.members[place.at]
			pair := func(o *member) bool { return yield(c.names[n], c.names[o.id]) }
			if !place.crowd.overlapping(m, place.at+1, pair) {
				return
			}
			if c.everywhere != nil && c.everywhere != place.crowd && !c.everywhere.overlapping(m, 0, pair) {
				return
			}
		}
	}
}

// crowds are the selectors by namespace.
type crowds[ID comparable] struct {
	names      []ID
	places     []crowdPlace // by id
	everywhere *crowd       // nil if there is no selector of namespace ""
}

type crowdPlace struct {
	crowd *crowd // nil if the id is free
	at    int    // among its members
}

func (s *Selectors[ID]) crowds() crowds[ID] {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := crowds[ID]{names: append([]ID(nil), s.names...), places: make([]crowdPlace, len(s.names))}
	members := map[*space][]member{}
	for n := range s.reverse.entries {
		if e := &s.reverse.entries[n]; e.space != nil {
			c.places[n].at = len(members[e.space])
			members[e.space] = append(members[e.space], member{id: uint32(n), s: e.s})
		}
	}
	made := map[*space]*crowd{}
	for sp, list := range members {
		made[sp] = newCrowd(list)
		if sp.name == "" {
			c.everywhere = made[sp]
		}
	}
	for n := range s.reverse.entries {
		c.places[n].crowd = made[s.reverse.entries[n].space]
	}
	return c
}
