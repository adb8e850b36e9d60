package vocabulary

import (
	"math"
	"slices"

	"github.com/podwright/podwright/types/selector"
	"k8s.io/apimachinery/pkg/selection"
)

// A folded is everything that a selector wants of one key, in one.
type folded struct {
	key          string
	requirements []selector.Requirement

	missing  bool     // the key may be missing
	only     bool     // it has one of values, or, if that is false, none of them
	values   []string // sorted
	compares bool     // it has a number from min to max
	min, max int64
	weight   float64 // about which part of all labels is left
}

// fold brings the requirements of a selector into the order in which they are best asked: what lets least through comes first.
func (v *Vocabulary) fold(s selector.Selector) []folded {
	var list []folded
	for r := range s.Requirements() {
		if n := len(list); n > 0 && list[n-1].key == r.Key() {
			list[n-1].requirements = append(list[n-1].requirements, r)
		} else {
			list = append(list, folded{key: r.Key(), requirements: []selector.Requirement{r}})
		}
	}
	for i := range list {
		list[i].fold()
		list[i].weight = list[i].weigh(v.key(list[i].key))
	}
	slices.SortStableFunc(list, func(a, b folded) int {
		switch {
		case a.weight < b.weight:
			return -1
		case a.weight > b.weight:
			return 1
		}
		return 0
	})
	return list
}

func (f *folded) fold() {
	f.min, f.max = math.MinInt64, math.MaxInt64
	f.missing = f.accepts("", false)
	f.only = f.missing && !f.accepts(nowhere, true) // unless a value is accepted, which !key excludes
	var excluded []string
	for _, r := range f.requirements {
		bound, _ := r.Number()
		switch r.Operator() {
		case selection.GreaterThan:
			f.compares, f.min = true, max(f.min, bound+1)
		case selection.LessThan:
			f.compares, f.max = true, min(f.max, bound-1)
		case selection.NotIn, selection.NotEquals:
			excluded = append(excluded, r.Values()...)
		case selection.In, selection.Equals, selection.DoubleEquals:
			f.only = true
			f.values = append(f.values, r.Values()...)
		}
	}
	if !f.only {
		f.values = excluded
	} else {
		f.values = slices.DeleteFunc(f.values, func(v string) bool { return !f.accepts(v, true) })
		f.compares = false
	}
	slices.Sort(f.values)
	f.values = slices.Compact(f.values)
}

// nowhere is a value that no selector names: it is not valid.
const nowhere = "?"

func (f *folded) accepts(value string, there bool) bool {
	return !slices.ContainsFunc(f.requirements, func(r selector.Requirement) bool { return !r.Accepts(value, there) })
}

// manyValues stands for the values of a key that lists none.
const manyValues = 30

// weigh guesses, as if all values of a key were equally frequent, and one label in as many were missing.
func (f *folded) weigh(k *Key) float64 {
	of := len(k.Values)
	if !k.isClosed() {
		of = manyValues
	}
	left := of - len(f.values)
	switch {
	case f.only:
		left = len(f.values)
	case f.compares:
		left = of / 2
	}
	if f.missing {
		left++
	}
	return float64(max(left, 0)) / float64(of+1)
}
