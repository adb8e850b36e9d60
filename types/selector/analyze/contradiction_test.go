package analyze

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/selector"
)

func TestContradiction(t *testing.T) {
	for _, tt := range []struct {
		rule, s string
		want    []string
	}{
		{"none", "a,b=c,d>1", nil},
		{"missing and there", "a=x,b,!b", []string{"b", "!b"}},
		{"two values", "a=x,a=y,a!=z", []string{"a=x", "a=y"}},
		{"a value and its exclusion", "a,a=x,a notin (x,y)", []string{"a=x", "a notin (x,y)"}},
		{"three", "a in (x,y),a!=x,a!=z,a!=y", []string{"a in (x,y)", "a!=x", "a!=y"}},
		{"bounds", "n>3,n>5,n<5", []string{"n>5", "n<5"}},
		{"one alone", "a=x,n<0,b,!b", []string{"n<0"}},
		{"the key with fewer", "a in (x,y),a!=x,a!=y,b,!b", []string{"b", "!b"}},
	} {
		var got []string
		for _, r := range Contradiction(selector.MustParse(tt.s)) {
			got = append(got, r.String())
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", tt.rule, tt.s, diff)
		}
	}
	words := Vocabulary(map[string][]string{"env": {"prod", "qa"}})
	got := Contradiction(selector.MustParse("env!=dev,env!=qa,env,env!=prod"), words)
	if diff := cmp.Diff("env!=qa, env, env!=prod", textsOf(got)); diff != "" {
		t.Errorf("a vocabulary (-want +got):\n%s", diff)
	}
}

func textsOf(list []selector.Requirement) (text string) {
	for i, r := range list {
		if i > 0 {
			text += ", "
		}
		text += r.String()
	}
	return text
}

// In many requirements none of those that are found can be left out, and none is needed beside them.
func TestContradictionOfMany(t *testing.T) {
	var noise []selector.Requirement
	for i := range 40 {
		noise = append(noise, selector.Has("x"), selector.NotEq("x", "noise"+strconv.Itoa(i)), selector.NotIn("x", "a", "noise"))
	}
	numbers := []selector.Requirement{selector.Gt("x", 1), selector.Lt("x", 3), selector.Gt("x", 0), selector.Lt("x", 10)}
	twos := make([]selector.Requirement, 0, 63)
	spell(2, func(v string) bool { twos = append(twos, selector.NotEq("x", v)); return true })
	words := Vocabulary(map[string][]string{"x": {"a", "b", "noise1", "noise2"}})
	for _, tt := range []struct {
		rule    string
		list    []selector.Requirement
		options []Option
		want    int
	}{
		{"one alone", []selector.Requirement{selector.Lt("x", 0)}, nil, 1},
		{"the zero requirement's like", []selector.Requirement{selector.In("x")}, nil, 1},
		{"missing", []selector.Requirement{selector.Missing("x")}, nil, 2},
		{"two values", []selector.Requirement{selector.Eq("x", "b"), selector.In("x", "c", "d")}, nil, 2},
		{"a list that the shorter one hides", []selector.Requirement{selector.In("x", "a", "q"), selector.In("x", "a", "noise")}, nil, 2},
		{"the exclusion of more counts first", []selector.Requirement{
			selector.In("x", "noise1", "noise2"), selector.NotIn("x", "noise1", "noise2", "z"),
		}, nil, 2},
		{"exclusions", []selector.Requirement{selector.In("x", "noise1", "noise2", "a")}, nil, 4},
		{"bounds", []selector.Requirement{selector.Gt("x", 5), selector.Lt("x", 6), selector.Lt("x", 100)}, nil, 2},
		{"a bound and a list", []selector.Requirement{selector.Gt("x", 5), selector.In("x", "3", "noise", "4")}, nil, 2},
		{"all spellings", append(numbers, twos...), nil, 65},
		{"the words", []selector.Requirement{selector.NotEq("x", "b")}, []Option{words}, 5},
		{"a bound and the words", []selector.Requirement{selector.Gt("x", 5)}, []Option{words}, 1},
	} {
		s := selector.Selector{}.And(noise...).And(tt.list...)
		got := Contradiction(s, tt.options...)
		if len(got) != tt.want {
			t.Errorf("%s: it is %s, want %d", tt.rule, textsOf(got), tt.want)
		}
		checkIrreducible(t, s, got, tt.options)
	}
}

// checkIrreducible fails unless no label meets all of a list, and some labels meet it without any one.
func checkIrreducible(t *testing.T, s selector.Selector, list []selector.Requirement, options []Option) {
	t.Helper()
	all := everyLabels(universeOf(options), selector.Selector{}.And(list...))
	if isMet(list, all) {
		t.Errorf("Contradiction(%q) is %s, which can be met", s, textsOf(list))
	}
	for i := range list {
		rest := append(append([]selector.Requirement{}, list[:i]...), list[i+1:]...)
		if !isMet(rest, all) {
			t.Errorf("Contradiction(%q) is %s, of which %s can be left out", s, textsOf(list), list[i])
		}
	}
}

func isMet(list []selector.Requirement, all []map[string]string) bool {
	s := selector.Selector{}.And(list...)
	for _, labels := range all {
		if s.Matches(labels) {
			return true
		}
	}
	return false
}

func checkContradiction(t *testing.T, s selector.Selector, satisfiable bool, all []map[string]string, options []Option) {
	t.Helper()
	found := Contradiction(s, options...)
	if (found == nil) != (satisfiable || s.IsNothing()) {
		t.Errorf("Contradiction(%q) is %v", s, found)
	}
	if found == nil {
		return
	}
	checkIrreducible(t, s, found, options)
	list := make([]selector.Requirement, 0, s.Len())
	for r := range s.Requirements() {
		list = append(list, r)
	}
	for set := range 1 << len(list) { // all sets of requirements
		var chosen []selector.Requirement
		for i := range list {
			if set>>i&1 == 1 {
				chosen = append(chosen, list[i])
			}
		}
		if len(chosen) < len(found) && !isMet(chosen, all) {
			t.Errorf("Contradiction(%q) is %s, and %s is smaller", s, textsOf(found), textsOf(chosen))
			return
		}
	}
}
