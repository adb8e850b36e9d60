package index

import (
	"slices"

	"k8s.io/apimachinery/pkg/selection"

	"github.com/podwright/podwright/types/selector"
)

const greaterThan = selection.GreaterThan

// A term is what a requirement comes to in an index: the sets that have one of some values, or a key, or that do not.
type term struct {
	at       int // of the requirement in the selector, -1 for the namespace
	key      uint32
	values   []uint32 // unless it is about the key's presence
	presence bool
	negative bool
	isFolded bool
	sets     int // how many it names
}

// A verdict is what resolving a selector may show at once.
type verdict uint8

const (
	some verdict = iota
	none
)

// resolve looks up what a selector asks for. It is none if there is no such value or key, which answers the question.
func (q *query) resolve(t *sets, namespace string, s selector.Selector) verdict {
	q.terms, q.values = q.terms[:0], q.values[:0]
	if s.IsNothing() {
		return none
	}
	if namespace != "" {
		id, ok := t.namespace(namespace)
		if !ok {
			return none
		}
		q.values = append(q.values, id)
		q.terms = append(q.terms, term{at: -1, key: namespaceKey, values: q.values[0:1:1], sets: int(t.values[id].sets.n)})
	}
	for i := range s.Len() {
		r := s.At(i)
		e, ok := q.term(t, r)
		switch {
		case e.sets > 0:
			e.at = i
			q.terms = append(q.terms, e)
		case !ok || !e.negative:
			return none
		}
	}
	return some
}

// term resolves a requirement. It is not ok for the zero one.
func (q *query) term(t *sets, r selector.Term) (e term, ok bool) {
	operator := r.Operator()
	if operator == "" {
		return e, false
	}
	e.negative = r.Accepts("", false)
	switch operator {
	case selection.Exists, selection.DoesNotExist:
		e.presence = true
		if e.key, ok = t.key(r.Key()); ok {
			e.sets = int(t.keys[e.key].sets.n)
		}
		return e, true
	case selection.GreaterThan, selection.LessThan:
		if e.key, ok = t.key(r.Key()); !ok {
			return e, true
		}
		from := len(q.values)
		q.values = t.appendNumbers(q.values, e.key, r)
		e.values = q.values[from:len(q.values):len(q.values)]
	default:
		e.values = q.valuesOf(t, r)
		if len(e.values) > 0 {
			e.key = t.values[e.values[0]].key
		}
	}
	for _, id := range e.values {
		e.sets += int(t.values[id].sets.n)
	}
	return e, true
}

// valuesOf returns the ids of those values of a requirement that there are, each once.
func (q *query) valuesOf(t *sets, r selector.Term) []uint32 {
	from := len(q.values)
	for i := range r.NumValues() {
		if id, ok := t.value(r.Key(), r.Value(i)); ok {
			q.values = append(q.values, id)
		}
	}
	if len(q.values)-from > 1 { // API objects may name a value twice
		slices.Sort(q.values[from:])
		q.values = q.values[:from+len(slices.Compact(q.values[from:]))]
	}
	return q.values[from:len(q.values):len(q.values)]
}

// postings is how many postings a term has, and posting returns one.
func (e *term) postings() int {
	if e.presence {
		return 1
	}
	return len(e.values)
}

func (e *term) posting(t *sets, i int) *posting {
	if e.presence {
		return &t.keys[e.key].sets
	}
	return &t.values[e.values[i]].sets
}

// fewValues is up to how many values a record is searched for each.
const fewValues = 4

// accepts reports whether a set meets the term.
func (e *term) accepts(t *sets, s selector.Selector, set uint32) bool {
	switch {
	case e.presence:
		return t.keys[e.key].sets.has(set) != e.negative
	case len(e.values) <= fewValues:
		return e.isIn(t, set) != e.negative
	}
	for _, id := range t.record(set) {
		if v := &t.values[id]; v.key == e.key {
			return s.At(e.at).Accepts(v.text, true)
		}
	}
	return e.negative
}

// isIn reports whether a set has one of the values. If a value has bits, one of these is cheaper to look at than the set.
func (e *term) isIn(t *sets, set uint32) bool {
	for _, id := range e.values {
		if has, ok := t.values[id].sets.hasBit(set); has || !ok && slices.Contains(t.record(set), id) {
			return true
		}
	}
	return false
}
