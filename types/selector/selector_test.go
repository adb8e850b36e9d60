package selector

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

func TestSelectorsWithoutRequirements(t *testing.T) {
	type is struct {
		Matches, Empty, All, Nothing bool
		Text                         string
	}
	of := func(s Selector) is {
		set := map[string]string{"a": "b"}
		matches := s.Matches(nil)
		if matches != s.Matches(set) || matches != s.MatchesFunc(func(string) (string, bool) { return "", false }) {
			t.Errorf("%q is not of one mind", s)
		}
		return is{matches, s.IsEmpty(), s.IsAll(), s.IsNothing(), s.String()}
	}
	parsed, err := Parse(" ")
	if err != nil {
		t.Fatal(err)
	}
	fromNil, err := FromLabelSelector(nil)
	if err != nil {
		t.Fatal(err)
	}
	fromEmpty, err := FromLabelSelector(&metav1.LabelSelector{})
	if err != nil {
		t.Fatal(err)
	}
	everything := is{Matches: true, Empty: true}
	nothing := is{Nothing: true, Text: "<nothing>"}
	tests := []struct {
		rule string
		s    Selector
		want is
	}{
		{"the zero value is everything", Selector{}, everything},
		{"an empty text is everything", parsed, everything},
		{"no labels are everything", FromSet(nil), everything},
		{"no requirements are everything", Must(New()), everything},
		{"an empty label selector is everything", fromEmpty, everything},
		{"upstream's everything is not All", FromSelector(labels.Everything()), everything},
		{"All is everything, and meant", All(), is{Matches: true, Empty: true, All: true}},
		{"Nothing is nothing", Nothing(), nothing},
		{"no label selector is nothing", fromNil, nothing},
		{"no upstream selector is nothing", FromSelector(nil), nothing},
		{"upstream's nothing is nothing", FromSelector(labels.Nothing()), nothing},
		{"Nothing and something is nothing", Nothing().And(Has("a")), nothing},
		{"All and nothing more is All", All().And(), is{Matches: true, Empty: true, All: true}},
		{"All and something is something", All().And(Missing("a")).And(Has("a")), is{Text: "!a,a"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, of(tt.s)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := Parse(Nothing().String()); err == nil {
		t.Error("the text of Nothing is a selector")
	}
	if !labels.MatchesNothing(Nothing().AsSelector()) || !All().AsSelector().Empty() || !(Selector{}).AsSelector().Empty() {
		t.Error("AsSelector loses Nothing or everything")
	}
}

func TestQuery(t *testing.T) {
	tests := []struct {
		rule string
		s    Selector
		want string // "" for an error
	}{
		{"what was parsed", MustParse("b in (y,x), a!=1"), "a!=1,b in (x,y)"},
		{"valid labels", FromSet(map[string]string{"a": "b", "c": ""}), "a=b,c="},
		{"a value that would be another requirement", FromSet(map[string]string{"x": "a,y=b"}), ""},
		{"a value that would be another operator", FromSet(map[string]string{"x": "=a"}), ""},
		{"a value that would not be read", FromSet(map[string]string{"x": "a b"}), ""},
		{"a key that would be another requirement", FromSet(map[string]string{"x,y": "a"}), ""},
		{"requirements that nobody validated", Selector{}.And(Gt("x", -1)), ""},
		{"a list of nothing", Selector{}.And(In("x")), ""},
		{"Nothing", Nothing(), ""},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := tt.s.Query()
			if tt.want == "" {
				if !errors.Is(err, ErrNotQueryable) || got != "" {
					t.Errorf("query %q, error %v, want ErrNotQueryable", got, err)
				}
				return
			}
			if got != tt.want || err != nil {
				t.Errorf("query %q, error %v, want %q", got, err, tt.want)
			}
		})
	}
	for _, s := range []Selector{{}, All()} {
		if text, err := s.Query(); text != "" || err != nil {
			t.Errorf("query of everything: %q, %v", text, err)
		}
	}
}

// A requirement that is no requirement selects nothing, as upstream's zero Requirement does.
func TestZeroRequirement(t *testing.T) {
	s := Selector{}.And(Requirement{})
	if s.Matches(nil) || s.Matches(map[string]string{"": ""}) || s.IsEmpty() {
		t.Errorf("%q selects something", s)
	}
	if s := (Selector{}).And(In("a")); s.Matches(map[string]string{"a": ""}) {
		t.Errorf("%q selects something", s)
	}
	if _, err := New(Requirement{}); err == nil {
		t.Error("New took the zero Requirement")
	}
}

func TestParserMemory(t *testing.T) {
	var p, q Parser
	one, err := p.Parse("a=1,b in (x,y)")
	if err != nil {
		t.Fatal(err)
	}
	two, err := q.Parse("c=2,d in (z)")
	if err != nil {
		t.Fatal(err)
	}
	if one.String() != "a=1,b in (x,y)" || two.String() != "c=2,d in (z)" {
		t.Errorf("two parsers share memory: %q, %q", one, two)
	}
	if _, err := p.Parse("a in ("); err == nil {
		t.Error("Parser took a list without an end")
	}
	for _, text := range []string{"b,a", "", "x notin (b,a),y", "!a", "x\x00,y"} {
		got, err := p.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if want := MustParse(text); got.String() != want.String() || got.IsEmpty() != want.IsEmpty() {
			t.Errorf("Parser(%q) = %q, want %q", text, got, want)
		}
	}
}

// A copy that outlives the parser is made by New, of the requirements.
func TestRequirementsOfAParserAreItsMemory(t *testing.T) {
	var p Parser
	s, err := p.Parse("a=1,b=2")
	if err != nil {
		t.Fatal(err)
	}
	var kept []Requirement
	for r := range s.Requirements() {
		kept = append(kept, r)
	}
	copied := Must(New(kept...))
	if _, err := p.Parse("c=3,d=4"); err != nil {
		t.Fatal(err)
	}
	if copied.String() != "a=1,b=2" {
		t.Errorf("the copy became %q", copied)
	}
}

func TestAllocations(t *testing.T) {
	text := "app=nginx,environment in (production,qa),tier!=cache,!canary,replicas>3"
	s := MustParse(text)
	get := func(key string) (string, bool) { v, ok := fiveLabels[key]; return v, ok }
	var p Parser
	two := map[string]string{"app": "nginx", "tier": "backend"}
	tests := []struct {
		what string
		want float64
		f    func()
	}{
		{"Matches", 0, func() { s.Matches(fiveLabels) }},
		{"MatchesFunc", 0, func() { s.MatchesFunc(get) }},
		{"Parser.Parse", 0, func() { p.Parse(text) }},
		{"Parser.Parse and Matches", 0, func() { s, _ := p.Parse(in20); s.Matches(fiveLabels) }},
		{"Parse of nothing", 0, func() { Parse("") }},
		{"Parse of one", 1, func() { Parse("app=nginx") }},
		{"Parse of four", 1, func() { Parse(typical[3].text) }},
		{"FromSet", 1, func() { FromSet(two) }},
		{"FromLabelSelector", 1, func() { FromLabelSelector(expressed) }},
		{"String", 1, func() { sinkText = s.String() }},
		{"IsKey and IsValue", 0, func() { sinkBool = IsKey("app.kubernetes.io/name") && IsValue("web") }},
	}
	for _, tt := range tests {
		if got := testing.AllocsPerRun(100, tt.f); got > tt.want {
			t.Errorf("%s allocates %.0f times, want %.0f", tt.what, got, tt.want)
		}
	}
}
