package analyze

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/selection"

	"github.com/podwright/podwright/types/internal/closest"
	"github.com/podwright/podwright/types/selector"
)

// An Explanation is why a selector does or does not select labels.
type Explanation struct {
	Selector      selector.Selector
	Selected      bool
	Unmet         []Unmet                // in the order of the selector's requirements
	Contradiction []selector.Requirement // why the selector selects nothing, whatever the labels; see [Contradiction]
}

// Unmet is a requirement that labels do not meet.
type Unmet struct {
	Requirement selector.Requirement
	Value       string // that the label has
	Has         bool   // whether there is the label

	// What was probably meant, if anything comes near. Where the label is missing, it is another label, of this key and
	// value. Else NearKey is "", and NearValue a value that the requirement lists.
	NearKey, NearValue string
}

// Explain says why s does or does not select labels. nil is no labels. The options matter for contradictions alone.
func Explain(s selector.Selector, labels map[string]string, options ...Option) Explanation {
	e := Explanation{Selector: s, Selected: s.Matches(labels), Contradiction: Contradiction(s, options...)}
	if e.Selected {
		return e
	}
	others := unnamed(s, labels)
	for r := range s.Requirements() {
		value, has := labels[r.Key()]
		if r.Accepts(value, has) {
			continue
		}
		e.Unmet = append(e.Unmet, unmet(r, value, has, labels, others))
	}
	return e
}

// unnamed returns the keys of labels that s does not name, in order.
func unnamed(s selector.Selector, labels map[string]string) []string {
	rest := maps.Clone(labels)
	for r := range s.Requirements() {
		delete(rest, r.Key())
	}
	return slices.Sorted(maps.Keys(rest))
}

func unmet(r selector.Requirement, value string, has bool, labels map[string]string, others []string) Unmet {
	u := Unmet{Requirement: r, Value: value, Has: has}
	switch {
	case !has:
		if key, ok := nearKey(r, labels, others); ok {
			u.NearKey, u.NearValue = key, labels[key]
		}
	case isIn(r):
		u.NearValue = closest.To(value, arranged(r.Values()))
	}
	return u
}

// nearKey is the label that was probably meant by a missing one: one that is spelled like it, best with a value that will
// do; else one that has the same name after its slash; else the only one that has the value.
func nearKey(r selector.Requirement, labels map[string]string, others []string) (string, bool) {
	var fitting, namesakes []string
	for _, key := range others {
		if r.Accepts(labels[key], true) {
			fitting = append(fitting, key)
		}
		if nameOf(key) == nameOf(r.Key()) {
			namesakes = append(namesakes, key)
		}
	}
	near := cmp.Or(closest.To(r.Key(), fitting), closest.To(r.Key(), others))
	switch {
	case near != "":
		return near, true
	case len(namesakes) > 0:
		return namesakes[0], true
	case len(fitting) == 1 && isIn(r) && labels[fitting[0]] != "":
		return fitting[0], true
	}
	return "", false
}

func nameOf(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// String is what there is to say, a line for a requirement that is not met, and one for a contradiction.
func (e Explanation) String() string {
	if e.Selected {
		return "selected: " + met(e.Selector)
	}
	if e.Selector.IsNothing() {
		return "the selector is Nothing, which selects no labels at all"
	}
	var lines []string
	for _, u := range e.Unmet {
		lines = append(lines, u.String())
	}
	if len(e.Contradiction) > 0 {
		lines = append(lines, clashing(e.Contradiction))
	}
	return strings.Join(lines, "\n")
}

func met(s selector.Selector) string {
	switch n := s.Len(); n {
	case 0:
		return "the selector has no requirements, so it selects everything"
	case 1:
		return "the one requirement is met"
	default:
		return fmt.Sprintf("all %d requirements are met", n)
	}
}

func clashing(list []selector.Requirement) string {
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = textOf(r)
	}
	last := len(texts) - 1
	switch last {
	case 0:
		return texts[0] + ": no value that the label can have meets it, so the selector selects nothing"
	case 1:
		return fmt.Sprintf("%s and %s contradict each other, so the selector selects nothing", texts[0], texts[1])
	}
	return fmt.Sprintf("%s and %s cannot be met together, so the selector selects nothing", strings.Join(texts[:last], ", "), texts[last])
}

// String says what is wrong in a line.
func (u Unmet) String() string { return textOf(u.Requirement) + ": " + u.reason() }

func textOf(r selector.Requirement) string { return cmp.Or(r.String(), "the zero requirement") }

func (u Unmet) reason() string {
	switch r := u.Requirement; {
	case r.Operator() == "":
		return "it names no operator, or a list without values, so nothing meets it"
	case !u.Has && u.NearKey != "":
		return fmt.Sprintf("the label is missing; there is %q = %q, did you mean that?", u.NearKey, u.NearValue)
	case !u.Has:
		return "the label is missing"
	case r.Operator() == selection.DoesNotExist:
		return fmt.Sprintf("the label is there, with the value %q", u.Value)
	case isNumeric(r):
		return fmt.Sprintf("the value is %q%s", u.Value, notNumber(u.Value))
	case u.NearValue != "":
		return fmt.Sprintf("the value is %q; did you mean %q?", u.Value, u.NearValue)
	}
	return fmt.Sprintf("the value is %q", u.Value)
}

// notNumber says why a value cannot be compared, if it cannot.
func notNumber(value string) string {
	if _, ok := number(value); ok {
		return ""
	}
	digits := strings.TrimLeft(value, "+-")
	if len(digits) >= len(value)-1 && digits != "" && strings.Trim(digits, "0123456789") == "" {
		return ", which is too large a number to compare"
	}
	return ", which is not a whole number"
}
