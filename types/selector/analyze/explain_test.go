package analyze

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/selector"
)

func TestExplain(t *testing.T) {
	type labels = map[string]string
	for _, tt := range []struct {
		rule   string
		s      string
		labels labels
		want   string
	}{
		{"a key that is misspelt", "app=web", labels{"apps": "web", "env": "qa"},
			`app=web: the label is missing; there is "apps" = "web", did you mean that?`},
		{"the key with the right value is the likelier", "apps=web", labels{"app": "api", "appz": "web"},
			`apps=web: the label is missing; there is "appz" = "web", did you mean that?`},
		{"a key of the selector is no misspelling", "app=web,apps", labels{"apps": "web"}, `app=web: the label is missing`},
		{"the same name after a prefix", "name=web", labels{"app.kubernetes.io/name": "api"},
			`name=web: the label is missing; there is "app.kubernetes.io/name" = "api", did you mean that?`},
		{"the only label with the value", "component=frontend", labels{"tier": "frontend", "env": "qa"},
			`component=frontend: the label is missing; there is "tier" = "frontend", did you mean that?`},
		{"one of two labels with the value", "component=frontend", labels{"tier": "frontend", "role": "frontend"},
			`component=frontend: the label is missing`},
		{"any label would have a value", "component", labels{"tier": "frontend"}, `component: the label is missing`},
		{"nothing like it", "app=web", labels{"zone": "a"}, `app=web: the label is missing`},
		{"no labels", "app in (web)", nil, `app in (web): the label is missing`},
		{"a value that is misspelt", "env in (prod,qa)", labels{"env": "prd"}, `env in (prod,qa): the value is "prd"; did you mean "prod"?`},
		{"case counts", "env=prod", labels{"env": "PROD"}, `env=prod: the value is "PROD"; did you mean "prod"?`},
		{"another value", "env=prod", labels{"env": "qa"}, `env=prod: the value is "qa"`},
		{"an empty value", "env=prod", labels{"env": ""}, `env=prod: the value is ""`},
		{"an excluded value", "env notin (prod,qa)", labels{"env": "qa"}, `env notin (prod,qa): the value is "qa"`},
		{"a label that is there", "!canary", labels{"canary": "true"}, `!canary: the label is there, with the value "true"`},
		{"a label that is not", "canary", labels{"canry": "true"}, `canary: the label is missing; there is "canry" = "true", did you mean that?`},
		{"a number too small", "shard>3", labels{"shard": "2"}, `shard>3: the value is "2"`},
		{"not a number", "shard>3", labels{"shard": "four"}, `shard>3: the value is "four", which is not a whole number`},
		{"not a whole number", "shard<3", labels{"shard": "1.5"}, `shard<3: the value is "1.5", which is not a whole number`},
		{"too large a number", "shard>3", labels{"shard": "9223372036854775808"},
			`shard>3: the value is "9223372036854775808", which is too large a number to compare`},
		{"two signs are no number", "shard>3", labels{"shard": "--5"}, `shard>3: the value is "--5", which is not a whole number`},
		{"a sign is no number", "shard>3", labels{"shard": "-"}, `shard>3: the value is "-", which is not a whole number`},
		{"a line for each that is not met", "app=web,env=prod,tier", labels{"env": "prod"},
			"app=web: the label is missing\ntier: the label is missing"},
		{"all are met", "app=web,!canary", labels{"app": "web"}, "selected: all 2 requirements are met"},
		{"the one is met", "app=web", labels{"app": "web"}, "selected: the one requirement is met"},
		{"there are none", "", labels{"app": "web"}, "selected: the selector has no requirements, so it selects everything"},
		{"a contradiction", "a,!a", labels{"a": "x"},
			"!a: the label is there, with the value \"x\"\na and !a contradict each other, so the selector selects nothing"},
		{"one of three", "a in (x,y),a!=x,a!=y", labels{"a": "x"},
			"a!=x: the value is \"x\"\na in (x,y), a!=x and a!=y cannot be met together, so the selector selects nothing"},
		{"one alone", "a<0", labels{"a": "5"},
			"a<0: the value is \"5\"\na<0: no value that the label can have meets it, so the selector selects nothing"},
	} {
		if diff := cmp.Diff(tt.want, Explain(selector.MustParse(tt.s), tt.labels).String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

// Selectors that no text has.
func TestExplainUnparsable(t *testing.T) {
	for _, tt := range []struct {
		rule string
		s    selector.Selector
		want string
	}{
		{"nothing", selector.Nothing(), "the selector is Nothing, which selects no labels at all"},
		{"all", selector.All(), "selected: the selector has no requirements, so it selects everything"},
		{"the zero requirement", selector.Selector{}.And(selector.Requirement{}),
			"the zero requirement: it names no operator, or a list without values, so nothing meets it\n" +
				"the zero requirement: no value that the label can have meets it, so the selector selects nothing"},
	} {
		if diff := cmp.Diff(tt.want, Explain(tt.s, map[string]string{"a": "b"}).String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

// What is said is there in fields too.
func TestExplanationFields(t *testing.T) {
	s := selector.MustParse("app=web,env in (prod,qa),env,zone=a")
	got := Explain(s, map[string]string{"apps": "web", "env": "prd", "zone": "a"})
	type unmet struct {
		Requirement, Value string
		Has                bool
		NearKey, NearValue string
	}
	var list []unmet
	for _, u := range got.Unmet {
		list = append(list, unmet{u.Requirement.String(), u.Value, u.Has, u.NearKey, u.NearValue})
	}
	want := []unmet{{"app=web", "", false, "apps", "web"}, {"env in (prod,qa)", "prd", true, "", "prod"}}
	if diff := cmp.Diff(want, list); diff != "" || got.Selected || got.Contradiction != nil {
		t.Errorf("selected %t, contradiction %v (-want +got):\n%s", got.Selected, got.Contradiction, diff)
	}
}

func checkExplain(t *testing.T, s selector.Selector, labels map[string]string, satisfiable bool, options []Option) {
	t.Helper()
	e := Explain(s, labels, options...)
	var unmet int
	for r := range s.Requirements() {
		if value, has := labels[r.Key()]; !r.Accepts(value, has) {
			unmet++
		}
	}
	if e.Selected != s.Matches(labels) || len(e.Unmet) != unmet || (e.Contradiction == nil) != (satisfiable || s.IsNothing()) || e.String() == "" {
		t.Errorf("Explain(%q, %v) is %+v", s, labels, e)
	}
}
