package types

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types/facts"
	corev1 "k8s.io/api/core/v1"
)

type (
	bread struct {
		Baked corev1.ConditionStatus `json:"baked"`
		Crust string                 `json:"crust"`
		Grain grain                  `json:"grain"`
		Rise  *grain                 `json:"rise"`
		Salt  grain                  `json:"salt"`
		Size  int                    `json:"size"`
	}
	grain string
)

// SwaggerDoc describes one field of five.
func (bread) SwaggerDoc() map[string]string { return map[string]string{"rise": "What makes it rise."} }

func TestExplainedValues(t *testing.T) {
	const here = "github.com/podwright/podwright/types."
	facts.Register(facts.Table{
		{Name: here + "bread", Fields: []facts.Field{
			{Name: "crust", Values: []string{"thin", "", "thick"}},
			{Name: "grain", Required: true},
			{Name: "salt", Values: []string{"rye"}},
		}},
		{Name: here + "grain", Values: []string{"wheat", "rye"}},
	})
	type row struct {
		Name     string
		Required bool
		Values   []string
		Text     string
	}
	rows := func(e explanation) (list []row) {
		for _, f := range explainedFields(reflect.TypeFor[bread]()) {
			list = append(list, row{f.Name, e.required(f), e.values(f), e.describe(f)})
		}
		return list
	}
	const added = "Possible enum values:\n - `\"rye\"`\n - `\"wheat\"`"
	want := []row{
		{"baked", false, nil, ""}, // limited, but no schema says so
		{"crust", false, nil, ""}, // a field's own values are not in the schemas of the core group
		{"grain", true, []string{"rye", "wheat"}, added},
		{"rise", false, []string{"rye", "wheat"}, "What makes it rise.\n\n" + added},
		{"salt", false, []string{"rye", "wheat"}, added},
		{"size", false, nil, ""}, // what has facts is required if they say so, whatever the tag
	}
	if diff := cmp.Diff(want, rows(explanation{core: true})); diff != "" {
		t.Errorf("core (-want +got):\n%s", diff)
	}
	want = []row{
		{"baked", false, []string{"True", "False", "Unknown"}, ""},
		{"crust", false, []string{"thin", "", "thick"}, ""},
		{"grain", true, []string{"wheat", "rye"}, ""},
		{"rise", false, []string{"wheat", "rye"}, "What makes it rise."},
		{"salt", false, []string{"rye"}, ""}, // a field's values are those of its type that fit
		{"size", false, nil, ""},
	}
	if diff := cmp.Diff(want, rows(explanation{})); diff != "" {
		t.Errorf("custom (-want +got):\n%s", diff)
	}
}

func TestShortValues(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		values []string
		want   string
	}{
		{"four are shown", []string{"a", "b", "c", "d"}, "a, b, c, d"},
		{"of more as many", []string{"a", "b", "c", "d", "e", "f"}, "a, b, c, d, ...."},
		{"the empty one is quoted", []string{"", "a"}, `"", a`},
	} {
		if got := shortValues(tt.values); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.rule, got, tt.want)
		}
	}
}
