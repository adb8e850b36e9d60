package selector

import (
	"slices"
	"sort"
	"strings"
)

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

// take makes a set of values, which it keeps.
func (r *Requirement) take(values []string) {
	if !isSet(values) {
		sortStrings(values)
		values = slices.Compact(values)
	}
	r.first = values[0]
	if len(values) > 1 {
		r.more = values[1:len(values):len(values)]
	}
}

// isSet reports whether values are sorted, and each there once.
func isSet(values []string) bool {
	for i := 1; i < len(values); i++ {
		if values[i-1] >= values[i] {
			return false
		}
	}
	return true
}

func sortStrings(list []string) {
	if len(list) > insertionSorted {
		sort.Strings(list)
		return
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}
