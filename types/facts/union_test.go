package facts

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/operation"
	"k8s.io/apimachinery/pkg/api/validate"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

type Choice struct {
	A *int   `json:"a,omitempty"`
	B string `json:"b,omitempty"`
	T Timer  `json:"t,omitempty"`
}

type chosen struct {
	Name string `json:"name,omitempty"`
	Choice
}

type mayChoose struct{ *Choice }

func init() {
	Register(tableOf(map[reflect.Type]Type{reflect.TypeFor[Choice](): {Union: true}}))
}

// Unions say what Union of validate says.
func TestUnion(t *testing.T) {
	want := func(at *field.Path, c Choice) field.ErrorList {
		members := validate.NewUnionMembership(validate.NewUnionMember("a"), validate.NewUnionMember("b"), validate.NewUnionMember("t"))
		return validate.Union(t.Context(), operation.Operation{}, at, c, Choice{}, members,
			func(c Choice) bool { return c.A != nil }, func(c Choice) bool { return c.B != "" }, func(c Choice) bool { return c.T.Zone != "" })
	}
	zone := Timer{Zone: "x"}
	tests := []struct {
		rule string
		c    Choice
	}{
		{"none", Choice{}},
		{"one", Choice{B: "b"}},
		{"a pointer is a member, whatever it points to", Choice{A: new(0)}},
		{"two", Choice{A: new(0), B: "b"}},
		{"three", Choice{A: new(0), B: "b", T: zone}},
		{"a struct", Choice{T: zone}},
		{"a struct that has only defaults is no member", Choice{A: new(0), T: Timer{Seconds: 60, Loud: new(true)}}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if diff := cmp.Diff(want(nil, test.c).WithOrigin(""), Validate(&test.c)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			type outer struct {
				In chosen `json:"in"`
			}
			if diff := cmp.Diff(want(field.NewPath("in"), test.c).WithOrigin(""), Validate(&outer{chosen{"x", test.c}})); diff != "" {
				t.Errorf("embedded (-want +got):\n%s", diff)
			}
		})
	}
	if got := Validate(&mayChoose{}); got != nil {
		t.Errorf("an embedded union that is nil: %v", got)
	}
}
