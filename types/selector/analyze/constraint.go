package analyze

import (
	"math"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/selection"

	"github.com/podwright/podwright/types/selector"
)

// A constraint is what all the requirements of one key come to: whether the key may be missing, and which values it may
// have. Those are listed, or they are all but some, or the numbers of an interval but some of their spellings.
type constraint struct {
	absent   bool
	listed   bool
	numeric  bool
	lo, hi   int64    // of numbers, both included
	allowed  []string // if listed; sorted
	excluded []string // else; sorted
}

// room is where a constraint has its values while they are few. It is the caller's, so that it can be on the stack: hence
// values go through results here, and never through pointers.
type room struct{ allowed, excluded [8]string }

// never reports whether nothing meets c.
func (c *constraint) never() bool { return !c.absent && c.listed && len(c.allowed) == 0 }

// of returns the constraint of a group. Two groups have equal ones if and only if they mean the same, but for lists that have
// all spellings of a number.
func (u universe) of(g *group, r *room) constraint {
	c := u.gather(g, r)
	return u.settle(g.key, c)
}

// gather collects what the requirements say. It stops where they contradict each other.
func (u universe) gather(g *group, r *room) constraint {
	c := constraint{absent: true, lo: u.least(), hi: math.MaxInt64, allowed: r.allowed[:0], excluded: r.excluded[:0]}
	if words, ok := u.words[g.key]; ok {
		c.listed, c.lo = true, math.MinInt64
		c.allowed = append(c.allowed, words...)
	}
	for n := range g.len() {
		one := g.at(n)
		switch one.Operator() {
		case selection.In, selection.Equals, selection.DoubleEquals:
			c.absent = false
			if c.listed {
				c.allowed = keep(c.allowed, one)
			} else {
				c.allowed = arranged(appendValues(c.allowed, one))
			}
			c.listed = true
		case selection.NotIn, selection.NotEquals:
			c.excluded = appendValues(c.excluded, one)
		case selection.Exists:
			c.absent = false
		case selection.DoesNotExist:
			c.listed, c.allowed = true, c.allowed[:0]
		case selection.GreaterThan:
			c.absent, c.numeric = false, true
			c.lo, c.hi = above(one, c.lo, c.hi)
		case selection.LessThan:
			c.absent, c.numeric = false, true
			c.lo, c.hi = below(one, c.lo, c.hi)
		default: // the zero requirement, which nothing meets
			c.absent, c.listed, c.allowed = false, true, c.allowed[:0]
		}
		if c.never() {
			break
		}
	}
	return c
}

// settle leaves of c what the universe has, and says it in one way.
func (u universe) settle(key string, c constraint) constraint {
	_, known := u.words[key]
	switch {
	case known:
		u = universe{raw: true} // its values are what they are
	case !u.hasKey(key):
		c.listed, c.allowed = true, c.allowed[:0]
	}
	c.excluded = arranged(c.excluded)
	if c.listed {
		c.allowed = slices.DeleteFunc(c.allowed, func(v string) bool {
			return !u.hasValue(v) || c.numeric && !c.spans(v) || contains(c.excluded, v)
		})
		return c.asList()
	}
	c.excluded = slices.DeleteFunc(c.excluded, func(v string) bool { return !u.hasValue(v) || c.numeric && !c.spans(v) })
	if c.numeric && !u.raw {
		c.lo, c.hi = tighten(c.lo, c.hi, c.excluded)
		c.excluded = slices.DeleteFunc(c.excluded, func(v string) bool { return !c.spans(v) })
	}
	if c.numeric && c.lo > c.hi {
		return c.asList()
	}
	return c
}

// asList is c with the values that are listed, and nothing else.
func (c constraint) asList() constraint {
	return constraint{absent: c.absent, listed: true, allowed: c.allowed}
}

// has reports whether c allows a value, which is one of the universe.
func (c *constraint) has(value string) bool {
	if c.listed {
		return contains(c.allowed, value)
	}
	return (!c.numeric || c.spans(value)) && !contains(c.excluded, value)
}

// within reports whether everything that meets c meets d. Both are settled, and something meets c.
func (u universe) within(c, d *constraint) bool {
	switch {
	case c.absent && !d.absent:
		return false
	case c.listed:
		return !slices.ContainsFunc(c.allowed, func(v string) bool { return !d.has(v) })
	case d.listed:
		return c.numeric && !u.raw && exhausted(c.lo, c.hi, c.excluded, d.allowed)
	case d.numeric && !(c.numeric && c.lo >= d.lo && c.hi <= d.hi): // there are values at both ends of c
		return false
	}
	return !slices.ContainsFunc(d.excluded, c.has)
}

// unsearched is up to how many values a list is quicker to read than to search.
const unsearched = 8

// contains reports whether a sorted list has a value.
func contains(list []string, value string) bool {
	if len(list) <= unsearched {
		return slices.Contains(list, value)
	}
	_, found := slices.BinarySearch(list, value)
	return found
}

func appendValues(to []string, t selector.Term) []string {
	for i := range t.NumValues() {
		to = append(to, t.Value(i))
	}
	return to
}

// arranged sorts a list, which it changes, and leaves each value once.
func arranged(list []string) []string {
	for i := 1; i < len(list); i++ {
		if strings.Compare(list[i-1], list[i]) >= 0 {
			slices.Sort(list)
			return slices.Compact(list)
		}
	}
	return list
}

// keep leaves the values that t lists too. Its list may be in any order, so it is sorted where asking it for each would take
// quadratic time.
func keep(list []string, t selector.Term) []string {
	if len(list) > unsearched && t.NumValues() > unsearched {
		other := arranged(appendValues(nil, t))
		return slices.DeleteFunc(list, func(v string) bool { return !contains(other, v) })
	}
	return slices.DeleteFunc(list, func(v string) bool { return !t.Accepts(v, true) })
}
