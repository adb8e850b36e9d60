package selector

import (
	"iter"
	"slices"
)

// A Selector selects labels: those that meet all its requirements. It is immutable, as small as a pointer, and safe for
// concurrent use. The zero value has no requirements and selects everything.
//
// Two selectors are equal by == if one is a copy of the other; what they mean is compared by analyze.Equivalent.
type Selector struct{ p *program }

// program is what selectors share. It is never written to once a Selector has it.
type program struct {
	requirements []Requirement // by key
	role         role
}

// role tells the selectors without requirements apart.
type role uint8

const (
	asWritten role = iota
	all
	nothing
)

var (
	theAll     = &program{role: all}
	theNothing = &program{role: nothing}
)

// All returns the selector that selects everything on purpose. It means what the zero Selector means, but calls that
// destroy take it for an order and the zero Selector for a mistake.
func All() Selector { return Selector{theAll} }

// Nothing returns the selector that selects nothing, not even objects without labels.
func Nothing() Selector { return Selector{theNothing} }

// Matches reports whether labels meet every requirement. nil is no labels.
func (s Selector) Matches(labels map[string]string) bool {
	if s.p == nil {
		return true
	}
	var (
		value string
		has   bool
	)
	requirements := s.p.requirements
	for i := range requirements {
		r := &requirements[i]
		if !r.again {
			value, has = labels[r.key]
		}
		switch r.op { // as accepts does, without a call for what is asked most often
		case opIn:
			if !has || r.first != value && !r.listsAlso(value) {
				return false
			}
		case opNotIn:
			if has && (r.first == value || r.listsAlso(value)) {
				return false
			}
		case opExists:
			if !has {
				return false
			}
		case opMissing:
			if has {
				return false
			}
		default:
			if !has || !r.compares(value) {
				return false
			}
		}
	}
	return s.p.role != nothing
}

// MatchesFunc is Matches for labels that are not in a map: get returns the value of a key, and whether there is one. It is
// called once a key.
func (s Selector) MatchesFunc(get func(key string) (value string, ok bool)) bool {
	if s.p == nil {
		return true
	}
	var (
		value string
		has   bool
	)
	for i := range s.p.requirements {
		r := &s.p.requirements[i]
		if !r.again {
			value, has = get(r.key)
		}
		if !r.accepts(value, has) {
			return false
		}
	}
	return s.p.role != nothing
}

// IsEmpty reports whether s has no requirements and so selects everything. [All] does, and so does the zero Selector.
func (s Selector) IsEmpty() bool {
	return s.p == nil || s.p.role != nothing && len(s.p.requirements) == 0
}

// IsAll reports whether s is [All], and not merely empty.
func (s Selector) IsAll() bool { return s.p != nil && s.p.role == all }

// IsNothing reports whether s is [Nothing]. Selectors that contradict themselves (a,!a) are not: see analyze.Satisfiable.
func (s Selector) IsNothing() bool { return s.p != nil && s.p.role == nothing }

// Len is the number of requirements. [All] and [Nothing] have none.
func (s Selector) Len() int {
	if s.p == nil {
		return 0
	}
	return len(s.p.requirements)
}

// Requirements yields the requirements in the order of their keys, those of one key as they were written.
func (s Selector) Requirements() iter.Seq[Requirement] {
	return func(yield func(Requirement) bool) {
		if s.p == nil {
			return
		}
		for _, r := range s.p.requirements {
			if !yield(r) {
				return
			}
		}
	}
}

// RequiresExact returns the one value that s wants a key to have. As upstream's RequiresExactMatch does, it looks at the first
// requirement of that key alone.
func (s Selector) RequiresExact(key string) (value string, ok bool) {
	for r := range s.Requirements() {
		if r.key == key {
			return r.first, r.op == opIn && len(r.more) == 0
		}
	}
	return "", false
}

// And returns the selector of what s selects and the requirements too. They are not validated: see [New]. Nothing stays Nothing.
func (s Selector) And(requirements ...Requirement) Selector {
	if s.IsNothing() || len(requirements) == 0 {
		return s
	}
	var have []Requirement
	if s.p != nil {
		have = s.p.requirements
	}
	return build(slices.Concat(have, requirements))
}

// String returns s as Parse reads it, in one spelling for each meaning of a requirement. It is "" for everything. For
// Nothing it is <nothing>, which Parse refuses. Values that were not validated (see [FromSet]) may make it read as another selector:
// use [Selector.Query] for what is sent.
func (s Selector) String() string {
	var room [128]byte // of the stack
	return string(s.AppendTo(room[:0]))
}

// AppendTo appends the text of s to b.
func (s Selector) AppendTo(b []byte) []byte {
	if s.IsNothing() {
		return append(b, "<nothing>"...)
	}
	if s.p == nil {
		return b
	}
	requirements := s.p.requirements
	for i := range requirements {
		if i > 0 {
			b = append(b, ',')
		}
		b = requirements[i].appendTo(b)
	}
	return b
}

// build makes a selector of requirements, which it keeps and sorts.
func build(requirements []Requirement) Selector {
	if len(requirements) == 0 {
		return Selector{}
	}
	requirements[0].again = false // as it may be in the selector that it comes from
	arrange(requirements)
	return Selector{&program{requirements: requirements}}
}
