package analyze

import "github.com/podwright/podwright/types/selector"

// Satisfiable reports whether there are labels that s selects. Nothing has none, and neither has a selector that
// contradicts itself: [Contradiction] says how.
func Satisfiable(s selector.Selector, options ...Option) bool {
	return Overlaps(s, selector.Selector{}, options...)
}

// Overlaps reports whether there are labels that both selectors select; [Witness] returns some. It allocates nothing
// unless more than a few values of a key are named.
func Overlaps(a, b selector.Selector, options ...Option) bool {
	if a.IsNothing() || b.IsNothing() {
		return false
	}
	u := universeOf(options)
	var r room
	var g group
	w := walk{a: a, b: b}
	for w.next(&g) {
		if !u.possible(&g, &r) {
			return false
		}
	}
	return true
}

// possible reports whether a group can be met. For most it takes no more than trying out the values that one of the
// requirements lists.
func (u universe) possible(g *group, r *room) bool {
	found := g.survey()
	_, known := u.words[g.key]
	switch {
	case found.absent:
		return true
	case found.never:
		return false
	case !known && found.lists && g.at(found.shortest).NumValues()*g.len() <= mostTries:
		return u.oneOf(g, g.at(found.shortest))
	case !known && !found.lists && !found.numeric: // any value will do but some
		return u.hasKey(g.key)
	}
	c := u.of(g, r)
	return !c.never()
}

// survey is what a look at a group finds.
type survey struct {
	absent   bool // all accept a missing key
	never    bool // one of them accepts no value
	numeric  bool // one of them compares numbers
	lists    bool // one of them lists values, the shortest the fewest
	shortest int
}

func (g *group) survey() survey {
	found := survey{absent: true}
	for n := range g.len() {
		t := g.at(n)
		values := t.NumValues()
		_, isNumeric := t.Number()
		found.numeric = found.numeric || isNumeric
		found.never = found.never || values == 0 && !t.Accepts("", true)
		if t.Accepts("", false) {
			continue
		}
		found.absent = false
		if values > 0 && !isNumeric && (!found.lists || values < g.at(found.shortest).NumValues()) {
			found.lists, found.shortest = true, n
		}
	}
	return found
}

// mostTries is up to how many values times requirements are tried out.
const mostTries = 32

// oneOf reports whether a value of a list meets a group.
func (u universe) oneOf(g *group, list selector.Term) bool {
	for i := range list.NumValues() {
		if v := list.Value(i); g.accepts(v) && u.hasValue(v) && u.hasKey(g.key) {
			return true
		}
	}
	return false
}

// Implies reports whether b selects everything that a selects. A selector that selects nothing implies every other.
func Implies(a, b selector.Selector, options ...Option) bool {
	if a.IsNothing() {
		return true
	}
	if b.IsNothing() {
		return !Satisfiable(a, options...)
	}
	u := universeOf(options)
	var ofA, ofB room
	implied := true
	var g group
	w := walk{a: a, b: b}
	for w.next(&g) {
		c := u.of(g.ofA(), &ofA)
		if c.never() {
			return true
		}
		if implied && g.j < g.jEnd {
			d := u.of(g.ofB(), &ofB)
			implied = u.within(&c, &d)
		}
	}
	return implied
}

// Equivalent reports whether a and b select the same.
func Equivalent(a, b selector.Selector, options ...Option) bool {
	return Implies(a, b, options...) && Implies(b, a, options...)
}
