package facts

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/operation"
	"k8s.io/apimachinery/pkg/api/validate"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

type limited struct {
	Text  string         `json:"text,omitempty"`
	Kind  string         `json:"kind,omitempty"`
	Count *int64         `json:"count,omitempty"`
	Size  *uint8         `json:"size,omitempty"`
	Even  int            `json:"even,omitempty"`
	List  []string       `json:"list,omitempty"`
	Map   map[string]int `json:"map,omitempty"`
}

func init() {
	Register(tableOf(map[reflect.Type]Type{reflect.TypeFor[limited](): {Fields: []Field{
		{Name: "text", MinLength: 2, MaxLength: 3},
		{Name: "kind", Values: []string{"A", "B"}},
		{Name: "count", Minimum: "-0x10", Maximum: "1_000"},
		{Name: "size", Minimum: "-1", Maximum: "9"},
		{Name: "even", Values: []string{"2", "4"}},
		{Name: "list", MinItems: 1, MaxItems: 1},
		{Name: "map", MinItems: 1, MaxItems: 1},
	}}}))
}

// Limits say what the functions of validate say.
func TestLimits(t *testing.T) {
	at, op := field.NewPath, operation.Operation{}
	ctx := t.Context()
	two, none := map[string]int{"a": 1, "b": 2}, map[string]int{}
	tests := []struct {
		rule string
		obj  limited
		want field.ErrorList
	}{
		{"a text of four bytes and two characters", limited{Text: "éé"}, validate.MaxLength(ctx, op, at("text"), new("éé"), nil, 3)},
		{"a text too long", limited{Text: "abcd"}, validate.MaxLength(ctx, op, at("text"), new("abcd"), nil, 3)},
		{"a text too short", limited{Text: "é"}, validate.MinLength(ctx, op, at("text"), new("é"), nil, 2)},
		{"a value of others", limited{Kind: "C"}, validate.Enum(ctx, op, at("kind"), new("C"), nil, sets.New("A", "B"), nil)},
		{"a number too small", limited{Count: new(int64(-17))}, validate.Minimum(ctx, op, at("count"), new(int64(-17)), nil, -16)},
		{"a number too large", limited{Count: new(int64(1001))}, validate.Maximum(ctx, op, at("count"), new(int64(1001)), nil, 1000)},
		{"a number without a sign", limited{Size: new(uint8(0))}, nil},
		{"a number without a sign too large", limited{Size: new(uint8(10))}, validate.Maximum(ctx, op, at("size"), new(uint64(10)), nil, 9)},
		{"a number of some", limited{Even: 4}, nil},
		{"a number of others", limited{Even: 3}, field.ErrorList{field.NotSupported(at("even"), int64(3), []string{"2", "4"})}},
		{"a list too long", limited{List: []string{"", ""}}, validate.MaxItems(ctx, op, at("list"), []string{"", ""}, nil, 1)},
		{"a list too short", limited{List: []string{}}, validate.MinItems(ctx, op, at("list"), []string{}, nil, 1)},
		{"a map too large", limited{Map: two}, validate.MaxProperties(ctx, op, at("map"), two, nil, 1)},
		{"a map too small", limited{Map: none}, validate.MinProperties(ctx, op, at("map"), none, nil, 1)},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if diff := cmp.Diff(test.want.WithOrigin(""), Validate(&test.obj)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
