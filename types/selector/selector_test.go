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

// What is no valid requirement selects nothing of upstream's either, on the way there and back.
func TestInvalidRequirementsAsSelectors(t *testing.T) {
	if s := FromSelector(labels.NewSelector().Add(labels.Requirement{})); s.Matches(nil) || s.IsEmpty() {
		t.Errorf("%q selects something", s)
	}
	for _, r := range []Requirement{{}, In("a"), Gt("a", -1), Has("-a")} {
		if s := (Selector{}).And(r).AsSelector(); !labels.MatchesNothing(s) {
			t.Errorf("%q selects something", s)
		}
	}
}

func TestAsLabelSelector(t *testing.T) {
	tests := []struct {
		rule string
		s    Selector
		want *metav1.LabelSelector
	}{
		{"Nothing is none", Nothing(), nil},
		{"everything is an empty one", All(), &metav1.LabelSelector{}},
		{"one value is a label", MustParse("a=1,b in (2)"), &metav1.LabelSelector{MatchLabels: map[string]string{"a": "1", "b": "2"}}},
		{"a second one of the key is an expression", MustParse("a=1,a=2"), &metav1.LabelSelector{
			MatchLabels:      map[string]string{"a": "1"},
			MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: metav1.LabelSelectorOpIn, Values: []string{"2"}}},
		}},
		{"the rest are expressions", MustParse("a in (2,1),b!=1,c,!d"), &metav1.LabelSelector{
			MatchExpressions: []metav1.LabelSelectorRequirement{
				{Key: "a", Operator: metav1.LabelSelectorOpIn, Values: []string{"1", "2"}},
				{Key: "b", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"1"}},
				{Key: "c", Operator: metav1.LabelSelectorOpExists},
				{Key: "d", Operator: metav1.LabelSelectorOpDoesNotExist},
			},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := tt.s.AsLabelSelector()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	_, err := MustParse("a,b>1").AsLabelSelector()
	if want := "selector a,b>1: an API object cannot say b>1"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

func TestMust(t *testing.T) {
	defer func() {
		want := "unable to parse requirement: found '=', expected: identifier"
		if err, ok := recover().(error); !ok || err.Error() != want {
			t.Errorf("panic %v, want %q", err, want)
		}
	}()
	MustParse("a>=1")
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
