package analyze

import (
	"math"
	"slices"

	"github.com/podwright/podwright/types/selector"
)

// Simplify returns a selector that selects what s selects and says so with the fewest keys and values: what follows from the
// rest is left out, requirements of one key are merged, and a contradiction is Nothing. Selectors that mean the same become
// the same text, but for two things that stay as they are written: values that are listed are never turned into > and <,
// which API objects cannot say, nor, within a [Vocabulary], into those that are not listed.
//
// All stays All, and where nothing is left it is the zero Selector. What is simple already is returned itself.
func Simplify(s selector.Selector, options ...Option) selector.Selector {
	if s.IsNothing() || s.IsEmpty() {
		return s
	}
	u := universeOf(options)
	var (
		r    room
		said []selector.Requirement
	)
	var g group
	w := walk{a: s}
	for w.next(&g) {
		c := u.of(&g, &r)
		if c.never() {
			return selector.Nothing()
		}
		said = append(said, u.say(&g, &c)...)
	}
	if isSaid(s, said) {
		return s
	}
	return selector.Selector{}.And(said...)
}

// Intersect returns the selector of what both a and b select, as [Simplify] does. It is All only if both are.
func Intersect(a, b selector.Selector, options ...Option) selector.Selector {
	switch {
	case a.IsNothing() || b.IsNothing():
		return selector.Nothing()
	case a.IsEmpty() && b.IsEmpty():
		if b.IsAll() {
			return a
		}
		return b
	}
	return Simplify(a.And(slices.Collect(b.Requirements())...), options...)
}

// isSaid reports whether s has these requirements in these words.
func isSaid(s selector.Selector, said []selector.Requirement) bool {
	if s.Len() != len(said) {
		return false
	}
	for i, r := range said {
		if s.At(i).Requirement().String() != r.String() {
			return false
		}
	}
	return true
}

// say returns the fewest requirements that come to c, the constraint of g.
func (u universe) say(g *group, c *constraint) []selector.Requirement {
	if words, ok := u.words[g.key]; ok {
		return sayKnown(g, c, words)
	}
	if !u.hasKey(g.key) {
		return nil // it is always missing
	}
	if list, ok := u.spellings(c); ok {
		return sayList(g.key, list)
	}
	if c.listed {
		return sayList(g.key, c.allowed)
	}
	return sayRest(g.key, c, c.lo > u.least(), c.hi < math.MaxInt64)
}

// sayList says that only these values will do.
func sayList(key string, values []string) []selector.Requirement {
	switch len(values) {
	case 0:
		return []selector.Requirement{selector.Missing(key)} // for what can be met
	case 1:
		return []selector.Requirement{selector.Eq(key, values[0])}
	}
	return []selector.Requirement{selector.In(key, values...)}
}

// sayRest says which values will not do, and which numbers where the bounds are wanted.
func sayRest(key string, c *constraint, wantLo, wantHi bool) (said []selector.Requirement) {
	switch {
	case c.numeric:
		if wantLo {
			said = append(said, selector.Gt(key, c.lo-1))
		}
		if wantHi {
			said = append(said, selector.Lt(key, c.hi+1))
		}
		if len(said) == 0 { // any number: only a program can say so
			said = append(said, selector.Gt(key, -1))
		}
	case !c.absent:
		said = append(said, selector.Has(key))
	}
	switch len(c.excluded) {
	case 0:
		return said
	case 1:
		return append(said, selector.NotEq(key, c.excluded[0]))
	}
	return append(said, selector.NotIn(key, c.excluded...))
}

// size is how many keys and values requirements name.
func size(said []selector.Requirement) int {
	n := len(said)
	for i := range said {
		n += len(said[i].Values())
	}
	return n
}

// spellings lists the values of numbers most of whose spellings are excluded, where that says it with less.
func (u universe) spellings(c *constraint) (list []string, ok bool) {
	const bounds = 4 // two keys and two numbers
	if !c.numeric || u.raw || uint64(c.hi-c.lo) >= uint64(2*len(c.excluded)+bounds)/fewestSpellings {
		return nil, false
	}
	for n := c.lo; n <= c.hi; n++ {
		spell(n, func(v string) bool {
			if !contains(c.excluded, v) {
				list = append(list, v)
			}
			return true
		})
		if n == c.hi {
			break // or n overflows
		}
	}
	return list, 1+len(list) <= size(sayRest("", c, c.lo > u.least(), c.hi < math.MaxInt64))
}

func isInvalid(value string) bool { return !selector.IsValue(value) }

// sayKnown is say for a key that has no values but words.
func sayKnown(g *group, c *constraint, words []string) []selector.Requirement {
	others := slices.DeleteFunc(slices.Clone(words), c.has)
	if len(others) == 0 || c.absent && len(c.allowed) > 0 {
		return sayRest(g.key, &constraint{absent: c.absent, excluded: others}, false, false)
	}
	listed := sayList(g.key, c.allowed)
	written := universe{raw: true}.gather(g, new(room))
	if written.listed {
		return listed
	}
	beyond := func(is func(n int64) bool) bool {
		return slices.ContainsFunc(others, func(v string) bool { n, ok := number(v); return ok && is(n) })
	}
	wantLo := beyond(func(n int64) bool { return n < written.lo })
	wantHi := beyond(func(n int64) bool { return n > written.hi })
	if !wantLo && !wantHi { // whichever there is keeps out what is no number
		wantLo = written.lo > math.MinInt64
		wantHi = !wantLo
	}
	written.excluded = slices.DeleteFunc(others, func(v string) bool { return written.numeric && !written.spans(v) })
	said := sayRest(g.key, &written, wantLo, wantHi)
	if size(said) < size(listed) || slices.ContainsFunc(c.allowed, isInvalid) {
		return said
	}
	return listed
}
