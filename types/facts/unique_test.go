package facts

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnique(t *testing.T) {
	type item struct {
		Name  *string `json:"name,omitempty"`
		Level any     `json:"level"`
		Rest  int     `json:"rest,omitempty"`
	}
	type lists struct {
		Items  []item  `json:"items,omitempty"`
		Set    []item  `json:"set,omitempty"`
		Points []*item `json:"points,omitempty"`
		Texts  []named `json:"texts,omitempty"`
		Mixed  []any   `json:"mixed,omitempty"`
		Odd    []int   `json:"odd,omitempty"`
	}
	register(t, map[reflect.Type]Type{reflect.TypeFor[lists](): {Fields: []Field{
		{Name: "items", List: "map", Keys: []string{"name", "level"}},
		{Name: "set", List: "set"},
		{Name: "points", List: "map", Keys: []string{"rest"}},
		{Name: "texts", List: "set"},
		{Name: "mixed", List: "set"},
		{Name: "odd", List: "map", Keys: []string{"name"}},
	}}})
	tests := []struct {
		rule string
		obj  lists
		want []string
	}{
		{"keys are compared by what they point to", lists{Items: []item{{Name: new("a"), Rest: 1}, {Name: new("a")}, {Name: new("")}, {}}}, []string{
			`items[1]: Duplicate value: {"level":null,"name":"a"}`}},
		{"whole items", lists{Set: []item{{Name: new("a"), Rest: 1}, {Name: new("a")}, {Name: new("a")}}}, []string{
			`set[2]: Duplicate value: {"name":"a","level":null}`}},
		{"nil is no item", lists{Points: []*item{nil, {Rest: 1}, nil, {Rest: 1}}}, []string{`points[3]: Duplicate value: {"rest":1}`}},
		{"lists in a set", lists{Texts: []named{{"a"}, {"a", "b"}, {"a"}}}, []string{`texts[2]: Duplicate value: ["a"]`}},
		{"a text is not the number it looks like", lists{Mixed: []any{"1", 1}}, nil},
		{"what is no JSON is not compared", lists{Mixed: []any{func() {}, func() {}}}, nil},
		{"items without fields have no keys", lists{Odd: []int{1, 1}}, nil},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lines(Validate(&test.obj))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
