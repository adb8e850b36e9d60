package selector

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What terms say is what requirements say.
func TestTerm(t *testing.T) {
	for _, text := range []string{"", "a", "!a", "a=", "a!=b", "a==b", "a in (c,b)", "a>1,b<2", "b,a notin (x,y,z),a"} {
		s := MustParse(text)
		var got []Requirement
		for i := range s.Len() {
			got = append(got, s.At(i).Requirement())
		}
		if diff := cmp.Diff(slices.Collect(s.Requirements()), got, cmp.AllowUnexported(Requirement{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		for i, r := range got {
			sameTerm(t, r, s.At(i))
		}
	}
}

func sameTerm(t *testing.T, r Requirement, term Term) {
	t.Helper()
	var values []string
	for i := range term.NumValues() {
		values = append(values, term.Value(i))
	}
	if diff := cmp.Diff(r.Values(), values); diff != "" {
		t.Errorf("%q: values (-want +got):\n%s", r, diff)
	}
	n, is := r.Number()
	m, isToo := term.Number()
	if term.Key() != r.Key() || term.Operator() != r.Operator() || n != m || is != isToo {
		t.Errorf("%q: the term has key %q, operator %q and number %d (%t)", r, term.Key(), term.Operator(), m, isToo)
	}
	for _, value := range []string{"", "a", "b", "x", "1", "2"} {
		for _, there := range []bool{true, false} {
			if got, want := term.Accepts(value, there), r.Accepts(value, there); got != want {
				t.Errorf("%q: the term accepts %q (there: %t): %t, want %t", r, value, there, got, want)
			}
		}
	}
}

// What is not there is a mistake of the program.
func TestTermPanics(t *testing.T) {
	term := func(r Requirement) Term { return Selector{}.And(r).At(0) }
	for rule, access := range map[string]func(){
		"no requirement at all":     func() { Selector{}.At(0) },
		"none so far":               func() { MustParse("a").At(1) },
		"no value":                  func() { term(Has("a")).Value(0) },
		"the second value of one":   func() { term(Eq("a", "b")).Value(1) },
		"the zero requirement":      func() { term(Requirement{}).Value(0) },
		"a list that has no values": func() { term(In("a")).Value(0) },
		"the zero term":             func() { Term{}.Key() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", rule)
				}
			}()
			access()
		}()
	}
}

// A requirement that was not the first of its key in one selector may be in another.
func TestRequirementsMove(t *testing.T) {
	second := MustParse("a=x,a=y").At(1).Requirement()
	for name, s := range map[string]Selector{"And": Selector{}.And(second), "New": Must(New(second)), "New, sorted": Must(New(Has("b"), second))} {
		if !s.Matches(map[string]string{"a": "y", "b": ""}) {
			t.Errorf("%s: %q does not match a=y", name, s)
		}
	}
}
