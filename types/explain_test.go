package types_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/facts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// TestExplainRecorded holds Explain against what kubectl printed for a real cluster. The module sdk/fake/conformance
// does so for every field there is.
func TestExplainRecorded(t *testing.T) {
	for _, tt := range []struct{ path, file string }{
		{"pods", "explain-pods.txt"},
		{"rc.spec", "explain-rc-spec.txt"},
	} {
		want, err := os.ReadFile(filepath.Join("testdata", "explain", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := types.Explain(tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.path, diff)
		}
	}
}

func TestExplainErrors(t *testing.T) {
	for _, tt := range []struct{ rule, path, want string }{
		{"the nearest field is named, and the type", "pod.spec.containres",
			`explain pod.spec.containres: PodSpec has no field "containres", did you mean "containers"?`},
		{"through lists and embedded structs", "po.spec.volumes.emptydir",
			`explain po.spec.volumes.emptydir: Volume has no field "emptydir", did you mean "emptyDir"?`},
		{"case counts in fields", "pod.Spec", `explain pod.Spec: Pod has no field "Spec", did you mean "spec"?`},
		{"nothing may be near", "pod.spec.replicas", `explain pod.spec.replicas: PodSpec has no field "replicas"`},
		{"text has no fields", "pod.kind.of", `explain pod.kind.of: kind is of type string, which has no field "of"`},
		{"nor has a map of text", "cm.data.key", `explain cm.data.key: data is of type map[string]string, which has no field "key"`},
		{"nor has a quantity", "po.spec.overhead.cpu", `explain po.spec.overhead.cpu: overhead is of type map[string]Quantity, which has no field "cpu"`},
		{"the nearest kind is named by its singular", "serviceacounts", `explain serviceacounts: no kind of core/v1 is called "serviceacounts", did you mean "serviceaccount"?`},
		{"if any is near", "deployments", `explain deployments: no kind of core/v1 is called "deployments"`},
		{"an empty path", "", "explain: the path is empty"},
		{"a dot", ".", "explain .: the path begins with a dot"},
		{"a dot at the start", ".pod", "explain .pod: the path begins with a dot"},
		{"a dot at the end", "pod.spec.", "explain pod.spec.: the path ends with a dot"},
		{"two dots at the end", "pod..", `explain pod..: no name stands between the dots after "pod"`},
		{"two dots", "pod..spec", `explain pod..spec: no name stands between the dots after "pod"`},
		{"an index", "pod.spec.containers[0].image",
			`explain pod.spec.containers[0].image: a path has no brackets, "containers" is the items of a list too`},
	} {
		text, err := types.Explain(tt.path)
		if diff := cmp.Diff(tt.want, message(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
		if (err == nil) == (text == "") {
			t.Errorf("%s: either a text or an error, not %q and %v", tt.rule, text, err)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Cake is a custom resource, with a text for some of it.
type Cake struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              CakeSpec `json:"spec"`
}

// CakeSpec is made of cakes.
type CakeSpec struct {
	Flour  string            `json:"flour"`
	Icing  *string           `json:"icing,omitempty"`
	Layers []CakeSpec        `json:"layers,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
	Baked  metav1.Time       `json:"baked,omitempty"`
	Inside struct {
		Fruit any `json:"fruit"`
	} `json:"inside,omitzero"`
}

// SwaggerDoc describes a cake.
func (CakeSpec) SwaggerDoc() map[string]string {
	return map[string]string{
		"":       "CakeSpec says what to bake.",
		"flour":  "What it is made of.",
		"layers": strings.Repeat("One on the other. ", 5) + "\n\n- none is no cake",
	}
}

var cakes = schema.GroupVersionKind{Group: "bakery.example.com", Version: "v1", Kind: "Cake"}

func explainCake(t *testing.T, path string, opts ...types.ExplainOption) string {
	t.Helper()
	text, err := types.ExplainType(reflect.TypeFor[*Cake](), cakes, path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The facts of cakes, as generated code registers them.
func init() {
	facts.Register(facts.Table{{Name: "github.com/podwright/podwright/types_test.CakeSpec", Fields: []facts.Field{
		{Name: "flour", Required: true, Values: []string{"wheat", "rye", "", "oat", "maize"}},
	}}})
}

func TestExplainType(t *testing.T) {
	for _, tt := range []struct{ rule, path, want string }{
		{"fields of a list are those of its items", "spec.layers", `GROUP:      bakery.example.com
KIND:       Cake
VERSION:    v1

FIELD: layers <[]CakeSpec>


DESCRIPTION:
    One on the other. One on the other. One on the other. One on the other. One
    on the other. 
    
    - none is no cake
    CakeSpec says what to bake.
    
FIELDS:
  baked	<string>
    <no description>

  flour	<string> -required-
  enum: wheat, rye, "", oat, ....
    What it is made of.

  icing	<string>
    <no description>

  inside	<Object>
    <no description>

  labels	<map[string]string>
    <no description>

  layers	<[]CakeSpec>
    One on the other. One on the other. One on the other. One on the other. One
    on the other. 
    
    - none is no cake


`},
		{"all allowed values stand below the field", "spec.layers.flour", `GROUP:      bakery.example.com
KIND:       Cake
VERSION:    v1

FIELD: flour <string>
ENUM:
    wheat
    rye
    ""
    oat
    maize

DESCRIPTION:
    What it is made of.
    

`},
		{"without a text", "spec.inside.fruit", `GROUP:      bakery.example.com
KIND:       Cake
VERSION:    v1

FIELD: fruit <Object>


DESCRIPTION:
    <empty>

`},
	} {
		if diff := cmp.Diff(tt.want, explainCake(t, tt.path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestExplainRecursive(t *testing.T) {
	const header = "GROUP:      bakery.example.com\nKIND:       Cake\nVERSION:    v1\n\nFIELD: spec <CakeSpec>\n\n\n" +
		"DESCRIPTION:\n    CakeSpec says what to bake.\n    \nFIELDS:\n"
	all := `  baked	<string>
  flour	<string> -required-
  enum: wheat, rye, "", oat, ....
  icing	<string>
  inside	<Object>
    fruit	<Object> -required-
  labels	<map[string]string>
  layers	<[]CakeSpec>

`
	for _, tt := range []struct {
		rule string
		opt  types.ExplainOption
		want string
	}{
		{"a type is not entered from inside itself", types.Recursive(), all},
		{"no limit is none", types.RecursiveTo(0), all},
		{"nor is less", types.RecursiveTo(-1), all},
		{"two levels are all there are", types.RecursiveTo(2), all},
		{"one level is the fields alone", types.RecursiveTo(1), strings.Replace(all, "    fruit\t<Object> -required-\n", "", 1)},
	} {
		if diff := cmp.Diff(header+tt.want, explainCake(t, "spec", tt.opt)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
	const first, second = "    layers\t<[]CakeSpec>\n", "      layers\t<[]CakeSpec>\n"
	if text := explainCake(t, "", types.Recursive()); !strings.Contains(text, first) || strings.Contains(text, second) {
		t.Errorf("below a kind a type is entered once:\n%s", text)
	}
}

func TestExplainTypeErrors(t *testing.T) {
	for _, tt := range []struct {
		rule string
		t    reflect.Type
		path string
		want string
	}{
		{"no type", nil, "", "explain Cake: the type <nil> has no fields"},
		{"text", reflect.TypeFor[string](), "spec", "explain Cake.spec: the type string has no fields"},
		{"a field that is not there", reflect.TypeFor[Cake](), "spec.flower", `explain Cake.spec.flower: CakeSpec has no field "flower", did you mean "flour"?`},
		{"below a struct without a name", reflect.TypeFor[Cake](), "spec.inside.fruits",
			`explain Cake.spec.inside.fruits: Object has no field "fruits", did you mean "fruit"?`},
		{"dots", reflect.TypeFor[Cake](), "spec..flour", `explain Cake.spec..flour: no name stands between the dots after "spec"`},
	} {
		_, err := types.ExplainType(tt.t, cakes, tt.path)
		if diff := cmp.Diff(tt.want, message(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func FuzzExplain(f *testing.F) {
	for _, path := range []string{"", ".", "pod", "pod.", "pod..spec", "rc.spec.template.spec.volumes.emptyDir", "pod.spec.containers[0]", "\xff.\x00", "PoD.spec"} {
		f.Add(path, 0)
	}
	f.Fuzz(func(t *testing.T, path string, depth int) {
		text, err := types.Explain(path, types.RecursiveTo(depth))
		switch {
		case err != nil && (text != "" || !strings.HasPrefix(err.Error(), "explain")):
			t.Errorf("%q: %q and %v", path, text, err)
		case err == nil && (!strings.HasPrefix(text, "KIND:       ") || !strings.HasSuffix(text, "\n")):
			t.Errorf("%q: %q", path, text)
		}
	})
}
