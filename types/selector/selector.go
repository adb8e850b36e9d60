package selector

import (
	"iter"
	"slices"
	"sort"
	"strings"
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

// newProgram has room for so many requirements and listed values, in one piece of memory if they are few.
func newProgram(n, values int) (*program, []string) {
	switch {
	case n <= 1 && values == 0:
		m := new(struct {
			program
			room [1]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 2 && values == 0:
		m := new(struct {
			program
			room [2]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 3 && values == 0:
		m := new(struct {
			program
			room [3]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 4 && values == 0:
		m := new(struct {
			program
			room [4]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 1 && values <= 4:
		m := new(struct {
			program
			room   [1]Requirement
			values [4]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	case n <= 2 && values <= 5:
		m := new(struct {
			program
			room   [2]Requirement
			values [5]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	case n <= 4 && values <= 2:
		m := new(struct {
			program
			room   [4]Requirement
			values [2]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	case n <= 4 && values <= 6:
		m := new(struct {
			program
			room   [4]Requirement
			values [6]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	}
	return &program{requirements: make([]Requirement, 0, n)}, make([]string, 0, values)
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
	for i := range s.p.requirements {
		r := &s.p.requirements[i]
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
	for i := range s.p.requirements {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.p.requirements[i].appendTo(b)
	}
	return b
}

// add appends a zero Requirement, for which there must be room.
func (p *program) add() *Requirement {
	n := len(p.requirements)
	p.requirements = p.requirements[:n+1]
	return &p.requirements[n]
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

// arrange sorts requirements by key and marks those whose key the one before has too. The order of more than one of a
// key is upstream's, and so is the algorithm.
func arrange(list []Requirement) {
	for i := 1; i < len(list); i++ {
		order := strings.Compare(list[i-1].key, list[i].key)
		if order > 0 {
			rearrange(list)
			return
		}
		list[i].again = order == 0
	}
}

func rearrange(list []Requirement) {
	if len(list) <= insertionSorted {
		for i := 1; i < len(list); i++ {
			for j := i; j > 0 && list[j].key < list[j-1].key; j-- {
				list[j].swap(&list[j-1])
			}
		}
	} else {
		sort.Sort(byKey(list))
	}
	list[0].again = false
	for i := 1; i < len(list); i++ {
		list[i].again = list[i].key == list[i-1].key
	}
}

// insertionSorted is up to how many items sort.Sort is an insertion sort, and so stable.
const insertionSorted = 12

// swap goes field by field, since a processor is slow to read in one piece what was just written in several.
func (r *Requirement) swap(o *Requirement) {
	r.key, o.key = o.key, r.key
	r.first, o.first = o.first, r.first
	r.more, o.more = o.more, r.more
	r.number, o.number = o.number, r.number
	r.op, o.op = o.op, r.op
	r.form, o.form = o.form, r.form
}

type byKey []Requirement

func (l byKey) Len() int           { return len(l) }
func (l byKey) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l byKey) Less(i, j int) bool { return strings.Compare(l[i].key, l[j].key) < 0 }
