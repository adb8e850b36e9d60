package types

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

// oven has a field of each way in which encoding/json comes to a name.
type oven struct {
	base
	*Door
	Size   int    `json:"size"`
	Colour string `json:"colour,omitempty"`
	Price  string `json:"price,omitzero"`
	Plain  bool
	Named  base `json:"named,omitempty"`
	//lint:ignore SA5008 this is how JSON has a field called -
	Dash    string `json:"-,"`
	Hidden  string `json:"-"`
	private string //lint:ignore U1000 it must not be listed
}

type base struct {
	Colour string `json:"colour"`
	Feet   int    `json:"feet"`
}

// Door is embedded by a pointer, and embeds itself.
type Door struct {
	*Door
	Handle string `json:"handle"`
}

// SwaggerDoc is what embedding types seem to have as well.
func (Door) SwaggerDoc() map[string]string {
	return map[string]string{"": "A door.", "handle": `Not a \.`}
}

func TestExplainedFields(t *testing.T) {
	var got [][3]string
	for _, f := range explainedFields(reflect.TypeFor[oven]()) {
		required := ""
		if new(explanation).required(f) {
			required = "required"
		}
		got = append(got, [3]string{f.Name, f.Text, required})
	}
	want := [][3]string{
		{"-", "", "required"},
		{"Plain", "", "required"},
		{"colour", "", ""}, // the outer one
		{"feet", "", "required"},
		{"handle", `Not a \\.`, "required"}, // which is what stood in the comment
		{"named", "", ""},
		{"price", "", ""},
		{"size", "", "required"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSwaggerDoc(t *testing.T) {
	type framed struct {
		Door
		Frame string
	}
	for _, tt := range []struct {
		rule string
		t    reflect.Type
		want string
	}{
		{"a type's own", reflect.TypeFor[Door](), "A door."},
		{"what an embedded type says is not about the outer one", reflect.TypeFor[framed](), ""},
		{"nor if a pointer is embedded", reflect.TypeFor[oven](), ""},
		{"embedding does not hide a type's own", reflect.TypeFor[corev1.Volume](),
			"Volume represents a named volume in a pod that may be accessed by any container in the pod."},
		{"most types say nothing", reflect.TypeFor[base](), ""},
		{"strings cannot", reflect.TypeFor[string](), ""},
	} {
		if got := swaggerDoc(tt.t)[""]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
	}
}
