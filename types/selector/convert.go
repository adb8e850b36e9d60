package selector

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// FromSet returns the selector of exactly these labels, whatever stands beside them. nil and an empty set are everything.
// Nothing is validated, as in labels.SelectorFromSet: it matches what it says, but [Selector.Query] may refuse it.
func FromSet(set map[string]string) Selector {
	if len(set) == 0 {
		return Selector{}
	}
	p, _ := newProgram(len(set), 0)
	for key, value := range set {
		r := p.add()
		r.key, r.first, r.op, r.form = key, value, opIn, formEqual
	}
	arrange(p.requirements)
	return Selector{p}
}

// FromValidSet is FromSet for labels that come from somewhere: an invalid key or value is an error, that of the first key in order.
func FromValidSet(set map[string]string) (Selector, error) {
	s := FromSet(set)
	for r := range s.Requirements() {
		if err := r.validate(); err != nil {
			return Selector{}, err
		}
	}
	return s, nil
}

// FromLabelSelector is metav1.LabelSelectorAsSelector: nil is Nothing, an empty one everything, and errors have its texts. Of
// several errors in matchLabels the one of the first key in order is returned.
func FromLabelSelector(from *metav1.LabelSelector) (Selector, error) {
	if from == nil {
		return Nothing(), nil
	}
	n := len(from.MatchLabels) + len(from.MatchExpressions)
	if n == 0 {
		return Selector{}, nil
	}
	listed := 0
	for i := range from.MatchExpressions {
		listed += len(from.MatchExpressions[i].Values)
	}
	p, values := newProgram(n, listed)
	for key, value := range from.MatchLabels {
		if !isKey(key) || !isValue(value) {
			return Selector{}, errorOf(from)
		}
		r := p.add()
		r.key, r.first, r.op, r.form = key, value, opIn, formEqual
	}
	for i := range from.MatchExpressions {
		e := &from.MatchExpressions[i]
		start := len(values)
		values = append(values, e.Values...) // which stay the caller's
		r := p.add()
		r.key = e.Key
		if !r.express(e.Operator, values[start:]) {
			return Selector{}, errorOf(from)
		}
	}
	arrange(p.requirements)
	return Selector{p}, nil
}

// errorOf is what upstream says of a label selector, of one wrong label at a time.
func errorOf(from *metav1.LabelSelector) error {
	for _, key := range slices.Sorted(maps.Keys(from.MatchLabels)) {
		one := &metav1.LabelSelector{MatchLabels: map[string]string{key: from.MatchLabels[key]}}
		if _, err := metav1.LabelSelectorAsSelector(one); err != nil {
			return err
		}
	}
	_, err := metav1.LabelSelectorAsSelector(from)
	return err
}

// express makes r what an expression says of its key, and reports whether that is valid. It keeps values.
func (r *Requirement) express(operator metav1.LabelSelectorOperator, values []string) bool {
	switch operator {
	case metav1.LabelSelectorOpIn:
		r.op = opIn
	case metav1.LabelSelectorOpNotIn:
		r.op = opNotIn
	case metav1.LabelSelectorOpExists:
		r.op = opExists
	case metav1.LabelSelectorOpDoesNotExist:
		r.op = opMissing
	}
	if wanted := r.op == opIn || r.op == opNotIn; wanted != (len(values) > 0) {
		return false
	}
	if len(values) > 0 {
		r.first, r.more = values[0], values[1:len(values):len(values)]
		if !slices.IsSorted(values) {
			r.number = unsorted
		}
	}
	return r.isValid()
}

// expressions are how API objects call what they can say.
var expressions = map[op]metav1.LabelSelectorOperator{
	opIn: metav1.LabelSelectorOpIn, opNotIn: metav1.LabelSelectorOpNotIn,
	opExists: metav1.LabelSelectorOpExists, opMissing: metav1.LabelSelectorOpDoesNotExist,
}

// AsLabelSelector returns s as API objects have selectors: labels where it asks for one value of a key, expressions for the rest. Nothing
// is nil, and everything is empty. What an API object cannot say is an error: [Gt] and [Lt].
func (s Selector) AsLabelSelector() (*metav1.LabelSelector, error) {
	if s.IsNothing() {
		return nil, nil
	}
	to := &metav1.LabelSelector{}
	for r := range s.Requirements() {
		if _, taken := to.MatchLabels[r.key]; r.op == opIn && len(r.more) == 0 && !taken {
			if to.MatchLabels == nil {
				to.MatchLabels = map[string]string{}
			}
			to.MatchLabels[r.key] = r.first
			continue
		}
		operator, ok := expressions[r.op]
		if !ok {
			return nil, fmt.Errorf("selector %s: an API object cannot say %s", s, r)
		}
		to.MatchExpressions = append(to.MatchExpressions, metav1.LabelSelectorRequirement{Key: r.key, Operator: operator, Values: r.Values()})
	}
	return to, nil
}

// FromSelector returns what an apimachinery selector means. nil is Nothing.
func FromSelector(from labels.Selector) Selector {
	if from == nil {
		return Nothing()
	}
	found, selectable := from.Requirements()
	if !selectable {
		return Nothing()
	}
	requirements := make([]Requirement, len(found))
	for i := range found {
		requirements[i] = fromUpstream(&found[i])
	}
	return build(requirements)
}

// AsSelector returns s as apimachinery has selectors, for what wants one. Everything is labels.Everything, Nothing is
// labels.Nothing.
func (s Selector) AsSelector() labels.Selector {
	switch {
	case s.IsNothing():
		return labels.Nothing()
	case s.IsEmpty():
		return labels.Everything()
	}
	var list []labels.Requirement
	for r := range s.Requirements() {
		if r.op == opIn && r.form == formEqual { // the one way to a requirement that is not validated
			found, _ := labels.SelectorFromSet(labels.Set{r.key: r.first}).Requirements()
			list = append(list, found...)
			continue
		}
		found, err := r.upstream()
		if err != nil {
			return labels.Nothing() // the zero Requirement, and what And was given without validation
		}
		list = append(list, *found)
	}
	return labels.NewSelector().Add(list...)
}

// ErrNotQueryable is wrapped by the errors of [Selector.Query].
var ErrNotQueryable = errors.New("the selector has no text that means the same")

// Query returns the text of s to be sent to a server. It is an error, of [ErrNotQueryable], where the text would mean something else
// than s does: Nothing, whose text would be read as everything, and values that were never validated, such as "a,env=prod" from a set.
func (s Selector) Query() (string, error) {
	if s.IsNothing() {
		return "", fmt.Errorf("%w: it selects nothing, so do not ask the server", ErrNotQueryable)
	}
	for r := range s.Requirements() {
		if !r.isValid() {
			return "", fmt.Errorf("%w: %q with the values %q would be read as something else: validate it with New or FromValidSet", ErrNotQueryable, r.key, r.Values())
		}
	}
	return s.String(), nil
}
