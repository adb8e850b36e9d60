package analyze

import (
	"fmt"
	"strings"
	"testing"

	"github.com/podwright/podwright/types/selector"
)

func TestOverlaps(t *testing.T) {
	for _, tt := range []struct {
		rule, a, b string
		want       bool
	}{
		{"selectors of different keys", "app=web", "tier=front", true},
		{"different values", "app=web", "app=api", false},
		{"one more key does not part them", "app=web", "app=web,env=prod", true},
		{"a common value of two lists", "env in (prod,qa)", "env in (dev,qa)", true},
		{"no common value", "env in (prod,qa)", "env in (dev,test)", false},
		{"the only common value is excluded", "env in (prod,qa)", "env in (dev,qa),env!=qa", false},
		{"exclusions leave other values", "env!=prod,env", "env!=qa,env", true},
		{"a missing key meets exclusions", "env!=prod", "!env", true},
		{"missing and there", "!env", "env", false},
		{"missing and compared", "!shard", "shard<5", false},
		{"everything", "", "", true},
		{"everything and a contradiction", "", "a,!a", false},
		{"numbers between", "shard>1", "shard<3", true},
		{"no number between", "shard>2", "shard<3", false},
		{"the number between has other spellings", "shard>1,shard<3", "shard!=2", true},
		{"a value that is no number", "shard=x", "shard>0", false},
		{"a value with zeros is the number", "shard=007", "shard>6,shard<8", true},
		{"no valid value is below 0", "shard<0", "", false},
		{"none is above the greatest number", "shard>9223372036854775807", "", false},
		{"a number that does not fit is none", "shard=9223372036854775808", "shard>0", false},
		{"the empty value is a value", "env=", "env", true},
		{"the empty value is no other", "env=", "env=x", false},
	} {
		a, b := selector.MustParse(tt.a), selector.MustParse(tt.b)
		if got := Overlaps(a, b); got != tt.want {
			t.Errorf("%s: Overlaps(%q, %q) is %t", tt.rule, tt.a, tt.b, got)
		}
		checkLaws(t, a, b)
	}
}

func TestImplies(t *testing.T) {
	for _, tt := range []struct {
		rule, a, b string
		want       bool
	}{
		{"more requirements imply fewer", "app=web,env=prod", "app=web", true},
		{"and not the other way", "app=web", "app=web,env=prod", false},
		{"everything is implied", "app=web", "", true},
		{"a value implies its list", "env=prod", "env in (prod,qa)", true},
		{"a value implies that another is not there", "env=prod", "env!=qa", true},
		{"and that the key is", "env=prod", "env", true},
		{"an exclusion does not imply that the key is there", "env!=prod", "env", false},
		{"a missing key implies exclusions", "!env", "env notin (a,b)", true},
		{"greater implies less great", "shard>5", "shard>3", true},
		{"greater implies that a lesser value is not there", "shard>5", "shard!=5", true},
		{"but not the spelling of a greater one", "shard>5", "shard!=6", false},
		{"numbers are no other words", "shard>5", "shard notin (x,y)", true},
		{"a contradiction implies all", "a,!a", "b=c", true},
		{"and is implied by contradictions alone", "b=c", "a,!a", false},
		{"a contradiction in a later key counts", "a=b,c,!c", "a=x", true},
	} {
		a, b := selector.MustParse(tt.a), selector.MustParse(tt.b)
		if got := Implies(a, b); got != tt.want {
			t.Errorf("%s: Implies(%q, %q) is %t", tt.rule, tt.a, tt.b, got)
		}
		checkLaws(t, a, b)
	}
}

// Nothing, All, the zero selector and the zero requirement, each with each.
func TestExtremes(t *testing.T) {
	extremes := []selector.Selector{
		selector.Nothing(), selector.All(), {}, selector.MustParse("a=b"), selector.MustParse("a,!a"),
		selector.Selector{}.And(selector.Requirement{}),
		selector.Selector{}.And(selector.In("a")),
		selector.Selector{}.And(selector.Eq("a", "b"), selector.NotIn("a")),
	}
	for _, a := range extremes {
		for _, b := range extremes {
			for _, u := range universes {
				checkLaws(t, a, b, u.options...)
			}
		}
	}
	nothing, all := selector.Nothing(), selector.All()
	if Overlaps(nothing, all) || Implies(all, nothing) || !Implies(nothing, all) {
		t.Error("nothing is in everything, and has nothing in common with it")
	}
}

// What is true in one universe is not in another.
func TestUniverses(t *testing.T) {
	words := Vocabulary(map[string][]string{"env": {"prod", "qa"}, "size": {"1", "30"}, "gone": nil})
	for _, tt := range []struct {
		rule, s           string
		valid, raw, known bool
	}{
		{"numbers below 0 are not valid", "x<0", false, true, false},
		{"a value of the vocabulary", "env=qa", true, true, true},
		{"a value outside it", "env=dev", true, true, false},
		{"all its values excluded", "env,env notin (prod,qa)", true, true, false},
		{"a key of it may be missing", "env notin (prod,qa)", true, true, true},
		{"it has no number between", "size>1,size<30", true, true, false},
		{"other keys are free", "x=dev", true, true, true},
		{"a key without values is always missing", "gone", true, true, false},
		{"and so meets exclusions", "gone!=x,!gone", true, true, true},
	} {
		s := selector.MustParse(tt.s)
		got := [...]bool{Satisfiable(s), Satisfiable(s, Raw()), Satisfiable(s, words)}
		if want := [...]bool{tt.valid, tt.raw, tt.known}; got != want {
			t.Errorf("%s: Satisfiable(%q) is %t, want %t (valid, raw, vocabulary)", tt.rule, tt.s, got, want)
		}
	}
	invalid := selector.FromSet(map[string]string{"a": "b c"})
	if Satisfiable(invalid) || !Satisfiable(invalid, Raw()) || !Satisfiable(invalid, Raw(), Vocabulary(map[string][]string{"a": {"b c"}})) {
		t.Error("an invalid value is there in raw labels and in a vocabulary that has it")
	}
	if !Overlaps(invalid, invalid, Valid(), Raw()) || Overlaps(invalid, invalid, Raw(), Valid()) || Overlaps(invalid, invalid, Option{}) {
		t.Error("the last option counts, and the zero one is Valid")
	}
}

// A number has 63 spellings less those that its own digits take; when all are excluded, it is as if it were.
func TestSpellings(t *testing.T) {
	var ones, twos, threes []string
	for zeros := range 63 {
		ones = append(ones, strings.Repeat("0", zeros)+"1")
		twos = append(twos, strings.Repeat("0", zeros)+"2")
		threes = append(threes, strings.Repeat("0", zeros)+"3")
	}
	list := func(lists ...[]string) string {
		var all []string
		for _, l := range lists {
			all = append(all, l...)
		}
		return fmt.Sprintf("(%s)", strings.Join(all, ","))
	}
	for _, tt := range []struct{ rule, a, b string }{
		{"all of one", "x>0,x<2,x notin " + list(ones), "x,!x"},
		{"all but the last", "x>0,x<2,x notin " + list(ones[:62]), "x=" + ones[62]},
		{"all but two", "x>0,x<2,x notin " + list(ones[2:]), "x in (1,01)"},
		{"all of two", "x>0,x<3,x notin " + list(twos, ones), "x<0"},
		{"the lower bound moves", "x>0,x<3,x notin " + list(ones), "x>1,x<3"},
		{"the upper bound moves", "x>0,x<3,x notin " + list(twos), "x<2,x>0"},
		{"a list of all is the interval", "x in " + list(ones, twos), "x>0,x<3"},
		{"a list and exclusions share them", "x in " + list(ones[:40]), "x>0,x<2,x notin " + list(ones[40:])},
		{"a list of all but one is not", "x in " + list(ones, twos[1:]), "x>0,x<3,x!=2"},
	} {
		a, b := selector.MustParse(tt.a), selector.MustParse(tt.b)
		if !Equivalent(a, b) {
			t.Errorf("%s: %q and %q are not equivalent", tt.rule, tt.a, tt.b)
		}
		if Equivalent(a, b, Raw()) != Equivalent(Simplify(a, Raw()), Simplify(b, Raw()), Raw()) {
			t.Errorf("%s: raw, %q and %q change when simplified", tt.rule, tt.a, tt.b)
		}
		for _, s := range []selector.Selector{a, b} {
			if !Equivalent(s, Simplify(s)) || Simplify(Simplify(s)) != Simplify(s) && Simplify(Simplify(s)).String() != Simplify(s).String() {
				t.Errorf("%s: %q becomes %q", tt.rule, s, Simplify(s))
			}
		}
	}
	for text, want := range map[string]string{
		"x>0,x<2,x notin " + list(ones[:62]):      "x=" + ones[62],
		"x>0,x<3,x!=2,x notin " + list(ones):      "x>1,x<3,x!=2",
		"x>0,x<2,x notin " + list(ones):           "<nothing>",
		"x>0,x<3,x notin " + list(ones[:61]):      "x in " + list(ones[61:], twos), // as many values either way
		"x>0,x<3,x notin " + list(ones[:60]):      "x>0,x<3,x notin " + list(ones[:60]),
		"x>0,x<4,x notin " + list(ones, twos[1:]): "x in " + list(threes, twos[:1]),
		"x>0,x<5,x notin " + list(ones, twos[1:]): "x>1,x<5,x notin " + list(twos[1:]),
	} {
		if strings.Contains(want, "(") {
			want = selector.MustParse(want).String() // which sorts it
		}
		if got := Simplify(selector.MustParse(text)).String(); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestOverlapsAllocatesNothing(t *testing.T) {
	for _, p := range pairs {
		a, b := selector.MustParse(p.a), selector.MustParse(p.b)
		for name, f := range map[string]func(){
			"Overlaps":     func() { Overlaps(a, b) },
			"Overlaps raw": func() { Overlaps(a, b, Raw()) },
			"Implies":      func() { Implies(a, b) },
			"Satisfiable":  func() { Satisfiable(a) },
		} {
			if n := testing.AllocsPerRun(100, f); n != 0 {
				t.Errorf("%s: %s allocates %v times", p.name, name, n)
			}
		}
	}
}
