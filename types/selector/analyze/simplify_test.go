package analyze

import (
	"testing"

	"github.com/podwright/podwright/types/selector"
)

func TestSimplify(t *testing.T) {
	for _, tt := range []struct{ rule, s, want string }{
		{"a list of one is an equality", "x in (a)", "x=a"},
		{"so is one that excludes", "x notin (a)", "x!=a"},
		{"two equality signs are one", "x==a", "x=a"},
		{"duplicates are merged", "x=a,x=a,y,y", "x=a,y"},
		{"an equality implies that the key is there", "x,x=a", "x=a"},
		{"and what it is not", "x!=b,x=a", "x=a"},
		{"exclusions become a list", "x!=c,x!=a,x!=c", "x notin (a,c)"},
		{"lists are intersected", "x in (a,b,c),x in (b,c,d),x!=c", "x=b"},
		{"a missing key implies exclusions", "!x,x!=a,x notin (b,c)", "!x"},
		{"presence stays beside exclusions", "x!=a,x", "x,x!=a"},
		{"the strongest bound is left", "x>3,x>5,x<9,x<100", "x>5,x<9"},
		{"bounds lose zeros", "x>007", "x>7"},
		{"exclusions out of bounds go", "x>3,x notin (a,1,03,5)", "x>3,x!=5"},
		{"bounds are applied to lists", "x>3,x in (1,4,007,b)", "x in (007,4)"},
		{"a bound implies that the key is there", "x>3,x", "x>3"},
		{"the empty value is one", "x in (,a),x!=a", "x="},
		{"a contradiction is Nothing", "x=a,x=b,y", "<nothing>"},
		{"so is one about numbers", "x>3,x<4", "<nothing>"},
		{"what is simple stays", "a=b,c in (d,e),!f,g>1", "a=b,c in (d,e),!f,g>1"},
		{"everything stays everything", "", ""},
	} {
		s := selector.MustParse(tt.s)
		got := Simplify(s)
		if got.String() != tt.want {
			t.Errorf("%s: %q becomes %q, want %q", tt.rule, tt.s, got, tt.want)
		}
		if tt.s == tt.want && got != s {
			t.Errorf("%s: %q is not itself", tt.rule, tt.s)
		}
	}
	if got := Simplify(selector.All()); !got.IsAll() {
		t.Error("All does not stay All")
	}
	if got := Simplify(selector.Selector{}.And(selector.NotEq("x", "a b"))); got != (selector.Selector{}) {
		t.Errorf("%q is left of what all valid labels meet, and not the zero selector", got)
	}
}

func TestSimplifyVocabulary(t *testing.T) {
	words := Vocabulary(map[string][]string{"env": {"dev", "prod", "qa"}, "n": {"1", "5", "9", "x"}, "m": {"1", "2", "3"}, "gone": {}})
	for _, tt := range []struct{ rule, s, want string }{
		{"what all values meet goes", "env!=test", ""},
		{"presence is said with less", "env in (qa,prod,dev)", "env"},
		{"all values but the excluded are listed where that is as short", "env,env!=prod", "env in (dev,qa)"},
		{"unknown values go", "env in (prod,test)", "env=prod"},
		{"unknown exclusions go", "env notin (prod,test)", "env!=prod"},
		{"all values excluded", "env notin (dev,prod,qa)", "!env"},
		{"a list is never turned around", "m in (2,3)", "m in (2,3)"},
		{"a bound that keeps nothing out goes", "n>0,n<6", "n<6"},
		{"one bound keeps words out", "n>0,n<20", "n>0"},
		{"one of them is enough", "n<20", "n<20"},
		{"all values are numbers", "m>0", "m"},
		{"one number is left", "m>2", "m=3"},
		{"exclusions between bounds stay", "n>0,n<20,n!=5", "n in (1,9)"},
		{"a key that is never there", "!gone", ""},
		{"a key that is never there, wanted", "gone", "<nothing>"},
		{"other keys", "x in (a),x", "x=a"},
	} {
		if got := Simplify(selector.MustParse(tt.s), words); got.String() != tt.want {
			t.Errorf("%s: %q becomes %q, want %q", tt.rule, tt.s, got, tt.want)
		}
	}
}

func TestIntersect(t *testing.T) {
	zero := selector.Selector{}
	for _, tt := range []struct {
		rule string
		a, b selector.Selector
		want string
		all  bool
	}{
		{"of different keys", selector.MustParse("b=c"), selector.MustParse("a"), "a,b=c", false},
		{"of one key", selector.MustParse("a in (x,y)"), selector.MustParse("a!=x"), "a=y", false},
		{"of a contradiction", selector.MustParse("a"), selector.MustParse("!a"), "<nothing>", false},
		{"with nothing", selector.Nothing(), selector.All(), "<nothing>", false},
		{"with everything", selector.All(), selector.MustParse("a==b"), "a=b", false},
		{"All is meant by both", selector.All(), selector.All(), "", true},
		{"All is not meant by one", selector.All(), zero, "", false},
		{"nor by the other", zero, selector.All(), "", false},
	} {
		got := Intersect(tt.a, tt.b)
		if got.String() != tt.want || got.IsAll() != tt.all {
			t.Errorf("%s: it is %q (All: %t), want %q", tt.rule, got, got.IsAll(), tt.want)
		}
	}
}

// sizeOf counts keys and values.
func sizeOf(s selector.Selector) (n int) {
	for r := range s.Requirements() {
		n += 1 + len(r.Values())
	}
	return n
}

func checkSimplify(t *testing.T, a, b selector.Selector, equivalent bool, all []map[string]string, options []Option) {
	t.Helper()
	simple := Simplify(a, options...)
	for _, labels := range all {
		if a.Matches(labels) != simple.Matches(labels) {
			t.Errorf("Simplify(%q) is %q: they differ for %v", a, simple, labels)
			break
		}
	}
	if again := Simplify(simple, options...); again != simple {
		t.Errorf("Simplify(%q) is %q, and that becomes %q", a, simple, again)
	}
	if sizeOf(simple) > sizeOf(a) {
		t.Errorf("Simplify(%q) is %q, which is longer", a, simple)
	}
	if simple.IsNothing() == Satisfiable(a, options...) {
		t.Errorf("Simplify(%q) is %q, and it is satisfiable: %t", a, simple, Satisfiable(a, options...))
	}
	if other := Simplify(b, options...); equivalent && len(universeOf(options).words) == 0 && other.String() != simple.String() {
		t.Errorf("%q and %q mean the same and become %q and %q", a, b, simple, other)
	}
	if _, err := a.Query(); err == nil && !simple.IsNothing() {
		if _, err := simple.Query(); err != nil {
			t.Errorf("Simplify(%q): %v", a, err)
		}
	}
	if _, err := a.AsLabelSelector(); err == nil {
		if _, err := simple.AsLabelSelector(); err != nil {
			t.Errorf("Simplify(%q): %v", a, err)
		}
	}
}

func checkIntersect(t *testing.T, a, b selector.Selector, all []map[string]string, options []Option) {
	t.Helper()
	both := Intersect(a, b, options...)
	for _, labels := range all {
		if both.Matches(labels) != (a.Matches(labels) && b.Matches(labels)) {
			t.Errorf("Intersect(%q, %q) is %q: not for %v", a, b, both, labels)
			return
		}
	}
	if other := Intersect(b, a, options...); other.String() != both.String() && len(universeOf(options).words) == 0 {
		t.Errorf("Intersect(%q, %q) is %q, the other way %q", a, b, both, other)
	}
}
