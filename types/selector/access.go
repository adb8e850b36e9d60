package selector

import "k8s.io/apimachinery/pkg/selection"

// A Term is a requirement where it stands in a selector, without a copy of it: for code that walks many selectors, or two side by
// side, and may not allocate. Its methods are those of [Requirement]. The zero Term has none, and its methods panic.
type Term struct{ r *Requirement }

// At returns requirement i of [Selector.Len], in the order of [Selector.Requirements]. It panics if there is none.
func (s Selector) At(i int) Term {
	return Term{&s.p.requirements[i]}
}

// Requirement is the requirement itself.
func (t Term) Requirement() Requirement { return *t.r }

// Key is [Requirement.Key].
func (t Term) Key() string { return t.r.key }

// Operator is [Requirement.Operator].
func (t Term) Operator() selection.Operator { return t.r.Operator() }

// Number is [Requirement.Number].
func (t Term) Number() (n int64, ok bool) { return t.r.number, t.r.op == opGreater || t.r.op == opLess }

// Accepts is [Requirement.Accepts].
func (t Term) Accepts(value string, there bool) bool { return t.r.accepts(value, there) }

// NumValues is how many values there are: 0 for [Has] and [Missing].
func (t Term) NumValues() int {
	switch t.r.op {
	case opExists, opMissing, opNone:
		return 0
	}
	return 1 + len(t.r.more)
}

// Value returns value i of [Term.NumValues], in the order of [Requirement.Values]. It panics if there is none.
func (t Term) Value(i int) string {
	if i == 0 && t.NumValues() > 0 {
		return t.r.first
	}
	return t.r.more[i-1]
}
