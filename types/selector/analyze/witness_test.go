package analyze

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/selector"
)

func TestWitness(t *testing.T) {
	type labels = map[string]string
	for _, tt := range []struct {
		rule, a, b string
		want       labels
	}{
		{"values that are named", "app=web", "env in (qa,prod)", labels{"app": "web", "env": "prod"}},
		{"no more keys than are wanted", "app!=web,!canary", "env", labels{"env": "any"}},
		{"any is excluded", "env,env notin (any,any2)", "", labels{"env": "any3"}},
		{"a value that can be read", "env in (,z)", "", labels{"env": "z"}},
		{"the empty value if it must be", "env=", "", labels{"env": ""}},
		{"the number after a bound", "n>5", "", labels{"n": "6"}},
		{"the number before a bound", "n<5", "", labels{"n": "4"}},
		{"the next number", "n>5,n notin (6,7)", "n<9", labels{"n": "8"}},
		{"another spelling if it must be", "n>5,n<7,n notin (6,06)", "", labels{"n": "006"}},
		{"everything", "", "", labels{}},
		{"contradictions", "a,!a", "", nil},
		{"disjoint selectors", "a=b,c", "a=c", nil},
	} {
		got, ok := Witness(selector.MustParse(tt.a), selector.MustParse(tt.b))
		if diff := cmp.Diff(tt.want, got); diff != "" || ok != (tt.want != nil) {
			t.Errorf("%s: %q, %q: ok is %t (-want +got):\n%s", tt.rule, tt.a, tt.b, ok, diff)
		}
	}
	negative := selector.Selector{}.And(selector.Lt("n", -1), selector.Gt("n", -3), selector.NotEq("n", "-2"))
	if got, _ := Witness(negative, negative, Raw()); got["n"] != "-02" {
		t.Errorf("a raw negative number is %v", got)
	}
	invalid := selector.Selector{}.And(selector.In("a", " ", "z"))
	if got, _ := Witness(invalid, selector.All(), Raw()); got["a"] != "z" {
		t.Errorf("of raw values the valid one is not taken: %v", got)
	}
	words := Vocabulary(map[string][]string{"env": {"prod", "qa"}})
	if got, _ := Witness(selector.MustParse("env!=prod,env"), selector.All(), words); got["env"] != "qa" {
		t.Errorf("the value is not of the vocabulary: %v", got)
	}
}

func checkWitness(t *testing.T, a, b selector.Selector, overlaps bool, options []Option) {
	t.Helper()
	u := universeOf(options)
	labels, ok := Witness(a, b, options...)
	if ok != overlaps {
		t.Errorf("Witness(%q, %q) is %v", a, b, labels)
	}
	if !ok {
		return
	}
	if !a.Matches(labels) || !b.Matches(labels) {
		t.Errorf("Witness(%q, %q) is %v, which they do not select", a, b, labels)
	}
	for key, value := range labels {
		words, known := u.words[key]
		if known != contains(words, value) || !known && !(u.hasKey(key) && u.hasValue(value)) {
			t.Errorf("Witness(%q, %q) is %v, which cannot be", a, b, labels)
		}
		fewer := maps.Clone(labels)
		delete(fewer, key)
		if a.Matches(fewer) && b.Matches(fewer) {
			t.Errorf("Witness(%q, %q) is %v, and %s is not wanted", a, b, labels, key)
		}
	}
}
