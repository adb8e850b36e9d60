package selector

import (
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// What upstream is asked for: its errors, and what only it makes sense of.

// parseSlowly is upstream's parser: for errors, and for what only it makes sense of (a NUL byte ends a text, for one).
func parseSlowly(text string) (Selector, error) {
	found, err := labels.ParseToRequirements(text)
	if err != nil {
		return Selector{}, err
	}
	requirements := make([]Requirement, len(found))
	for i := range found {
		requirements[i] = fromUpstream(&found[i])
	}
	if len(requirements) == 0 {
		return Selector{}, nil
	}
	for i := range requirements {
		requirements[i].again = i > 0 && requirements[i].key == requirements[i-1].key
	}
	return Selector{&program{requirements: requirements}}, nil // sorted already
}

// fromUpstream keeps values in the order in which they were given, and each as often.
func fromUpstream(from *labels.Requirement) Requirement {
	r := Requirement{key: from.Key()}
	if values := from.ValuesUnsorted(); len(values) > 0 {
		r.first, r.more = values[0], values[1:]
	}
	r.op, r.form = operation(from.Operator())
	switch r.op {
	case opGreater, opLess:
		r.number, _ = strconv.ParseInt(r.first, 10, 64)
	case opIn, opNotIn:
		if !slices.IsSorted(append([]string{r.first}, r.more...)) {
			r.number = unsorted
		}
	}
	return r
}

// unsorted marks values that stand in an order of somebody else's.
const unsorted = 1

func operation(o selection.Operator) (op, form) {
	switch o {
	case selection.In:
		return opIn, formList
	case selection.Equals:
		return opIn, formEqual
	case selection.DoubleEquals:
		return opIn, formDouble
	case selection.NotIn:
		return opNotIn, formList
	case selection.NotEquals:
		return opNotIn, formEqual
	case selection.Exists:
		return opExists, formList
	case selection.DoesNotExist:
		return opMissing, formList
	case selection.GreaterThan:
		return opGreater, formList
	case selection.LessThan:
		return opLess, formList
	}
	return opNone, formList
}

// upstream is r as apimachinery has it, and what that finds wrong with it.
func (r *Requirement) upstream() (*labels.Requirement, error) {
	values := r.Values()
	operator := r.Operator()
	if r.op == opNone { // In or NotIn without values
		operator = map[op]selection.Operator{opIn: selection.In, opNotIn: selection.NotIn}[op(r.number)]
		values = []string{}
	}
	return labels.NewRequirement(r.key, operator, values)
}
