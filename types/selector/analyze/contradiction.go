package analyze

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/selection"

	"github.com/podwright/podwright/types/selector"
)

// Contradiction returns requirements of one key that cannot be met together, in their order. It is nil if s can select
// something, and for Nothing, which has no requirements. None of them can be left out, and there are no fewer that cannot be
// met, unless that takes more than three of a key or the key has more than sixteen.
func Contradiction(s selector.Selector, options ...Option) []selector.Requirement {
	u := universeOf(options)
	var (
		r      room
		fewest []selector.Requirement
	)
	var g group
	w := walk{a: s}
	for w.next(&g) {
		if u.possible(&g, &r) {
			continue
		}
		if found := u.contradiction(&g); fewest == nil || len(found) < len(fewest) {
			fewest = found
		}
	}
	return fewest
}

// Up to how many requirements all sets of up to how many are tried.
const (
	mostTried    = 16
	mostTogether = 3
)

// contradiction finds it in a group that cannot be met.
func (u universe) contradiction(g *group) []selector.Requirement {
	list := g.list()
	if len(list) <= mostTried {
		for n := 1; n <= min(mostTogether, len(list)); n++ {
			if found := u.firstOf(g.key, list, nil, n); found != nil {
				return found
			}
		}
	}
	return u.irreducible(g.key, list)
}

func (u universe) clash(key string, list ...selector.Requirement) bool {
	return !u.possible(groupOf(key, list), new(room))
}

// firstOf finds the first n requirements of a list that clash with those that are chosen.
func (u universe) firstOf(key string, list, chosen []selector.Requirement, n int) []selector.Requirement {
	if n == 0 {
		if u.clash(key, chosen...) {
			return slices.Clone(chosen)
		}
		return nil
	}
	for i := range list {
		if found := u.firstOf(key, list[i+1:], append(chosen, list[i]), n-1); found != nil {
			return found
		}
	}
	return nil
}

// irreducible finds a contradiction in many requirements of which none can be left out, in the time that it takes to sort
// their values.
func (u universe) irreducible(key string, list []selector.Requirement) []selector.Requirement {
	for _, r := range list {
		if u.clash(key, r) {
			return []selector.Requirement{r}
		}
	}
	if pair := missingAndNot(list); pair != nil {
		return pair
	}
	list = withoutWeaker(list)
	d := u.dispute(key, list)
	return d.settle(func(left []selector.Requirement) bool { return u.clash(key, left...) })
}

// missingAndNot is a requirement that a key is missing and one that it is not.
func missingAndNot(list []selector.Requirement) []selector.Requirement {
	missing := slices.IndexFunc(list, func(r selector.Requirement) bool { return r.Operator() == selection.DoesNotExist })
	there := slices.IndexFunc(list, func(r selector.Requirement) bool { return !r.Accepts("", false) })
	if missing < 0 || there < 0 {
		return nil
	}
	return []selector.Requirement{list[min(missing, there)], list[max(missing, there)]}
}

// withoutWeaker leaves of all > and of all < the first that demands most.
func withoutWeaker(list []selector.Requirement) []selector.Requirement {
	strongest := map[selection.Operator]int{}
	for i, r := range list {
		n, ok := r.Number()
		if !ok {
			continue
		}
		best, seen := strongest[r.Operator()]
		if seen {
			m, _ := list[best].Number()
			if r.Operator() == selection.GreaterThan && n <= m || r.Operator() == selection.LessThan && n >= m {
				continue
			}
		}
		strongest[r.Operator()] = i
	}
	var left []selector.Requirement
	for i, r := range list {
		if best, ok := strongest[r.Operator()]; !ok || best == i {
			left = append(left, r)
		}
	}
	return left
}

// A dispute is requirements that leave a key no state: the bases leave it these alone, and the others refuse each of them.
type dispute struct {
	list   []selector.Requirement
	bases  []int    // in list
	values []string // that the key could have; sorted
	absent bool     // the key could be missing; its state is the one after the values'
}

// dispute chooses the bases of a list: the shortest list of values, or none for a key with a vocabulary, or the bounds.
func (u universe) dispute(key string, list []selector.Requirement) dispute {
	d := dispute{list: list}
	shortest := -1
	for i, r := range list {
		if isIn(r) && (shortest < 0 || len(r.Values()) < len(list[shortest].Values())) {
			shortest = i
		}
		if _, ok := r.Number(); ok {
			d.bases = append(d.bases, i)
		}
	}
	words, known := u.words[key]
	switch {
	case shortest >= 0:
		d.bases = []int{shortest}
		d.values = slices.Clone(u.of(groupOf(key, list[shortest:shortest+1]), new(room)).allowed)
	case known:
		d.bases, d.values, d.absent = nil, words, true
	default:
		d.values = u.between(key, list, d.bases)
	}
	return d
}

// between is all values of the interval of the bases.
func (u universe) between(key string, list []selector.Requirement, bases []int) (values []string) {
	var bounds []selector.Requirement
	for _, i := range bases {
		bounds = append(bounds, list[i])
	}
	c := u.gather(groupOf(key, bounds), new(room))
	if c.lo > c.hi {
		return nil
	}
	for n := c.lo; ; n++ {
		spell(n, func(v string) bool { values = append(values, v); return true })
		if n == c.hi {
			return arranged(values)
		}
	}
}

func isIn(r selector.Requirement) bool {
	return len(r.Values()) > 0 && !r.Accepts("", false) && !isNumeric(r)
}

func isNumeric(r selector.Requirement) bool {
	_, ok := r.Number()
	return ok
}

// refused lists the states that a requirement refuses.
func (d *dispute) refused(r selector.Requirement) (states []int) {
	values := arranged(r.Values())
	switch {
	case r.Accepts("", false): // a list of what is not to be
		for _, v := range values {
			if at, found := slices.BinarySearch(d.values, v); found {
				states = append(states, at)
			}
		}
		return states
	case isIn(r):
		states = d.where(func(v string) bool { return !contains(values, v) })
	case isNumeric(r):
		states = d.where(func(v string) bool { return !r.Accepts(v, true) })
	}
	if d.absent {
		states = append(states, len(d.values))
	}
	return states
}

func (d *dispute) where(is func(value string) bool) (states []int) {
	for at, v := range d.values {
		if is(v) {
			states = append(states, at)
		}
	}
	return states
}

// settle leaves out one requirement after the other, those first that refuse least, as long as each state stays refused;
// in the end the bases, if what is left clashes without them.
func (d *dispute) settle(clash func([]selector.Requirement) bool) []selector.Requirement {
	refused := make([][]int, len(d.list))
	refusals := make([]int, len(d.values)+1)
	var others []int
	for i, r := range d.list {
		if slices.Contains(d.bases, i) {
			continue
		}
		others = append(others, i)
		refused[i] = d.refused(r)
		for _, state := range refused[i] {
			refusals[state]++
		}
	}
	slices.SortStableFunc(others, func(i, j int) int { return cmp.Compare(len(refused[i]), len(refused[j])) })
	left := slices.Clone(d.bases)
	for _, i := range others {
		if slices.ContainsFunc(refused[i], func(state int) bool { return refusals[state] == 1 }) {
			left = append(left, i)
			continue
		}
		for _, state := range refused[i] {
			refusals[state]--
		}
	}
	slices.Sort(left)
	for _, base := range d.bases {
		without := slices.DeleteFunc(slices.Clone(left), func(i int) bool { return i == base })
		if clash(d.pick(without)) {
			left = without
		}
	}
	return d.pick(left)
}

func (d *dispute) pick(at []int) []selector.Requirement {
	list := make([]selector.Requirement, len(at))
	for n, i := range at {
		list[n] = d.list[i]
	}
	return list
}
