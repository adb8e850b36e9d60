package api

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// TestOwnershipIsThatOfClientGo takes upstream's objects with every field filled in, as structs and as maps.
func TestOwnershipIsThatOfClientGo(t *testing.T) {
	upstream := applyconfigurations.NewTypeConverter(scheme.Scheme)
	for _, r := range registry.Core {
		t.Run(r.Kind, func(t *testing.T) {
			mapped, object := &unstructured.Unstructured{}, r.New()
			if err := runtime.DecodeInto(unstructured.UnstructuredJSONScheme, everyField(t, r.Kind), mapped); err != nil {
				t.Fatal(err)
			}
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(mapped.Object, object); err != nil {
				t.Fatal(err)
			}
			for _, obj := range []runtime.Object{mapped, object} {
				if diff := cmp.Diff(owned(t, upstream, obj), owned(t, converter, obj)); diff != "" {
					t.Errorf("%T (-client-go +ours):\n%s", obj, diff)
				}
			}
		})
	}
}

// everyField is the JSON of an object of core/v1 in which no field is empty.
func everyField(t *testing.T, kind string) []byte {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata/HEAD/core.v1."+kind+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func owned(t *testing.T, c managedfields.TypeConverter, obj runtime.Object) string {
	t.Helper()
	v, err := c.ObjectToTyped(obj)
	if err != nil {
		t.Fatal(err)
	}
	set, err := v.ToFieldSet()
	if err != nil {
		t.Fatal(err)
	}
	return set.String()
}

func TestAppliedMapsAreHeldAgainstTheSchema(t *testing.T) {
	for _, tc := range []struct {
		rule    string
		content map[string]any
		problem string // "" if there is none
	}{
		{"a field of the wrong type", object("v1", "ConfigMap", "data", []any{}), "expected map"},
		{"a field that does not exist", object("v1", "Pod", "speck", map[string]any{}), "field not declared in schema"},
		{"a kind without a Go type may hold anything", object("example.com/v1", "Bakery", "spec", []any{"x", int64(1)}), ""},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			_, err := converter.ObjectToTyped(&unstructured.Unstructured{Object: tc.content})
			switch {
			case tc.problem == "" && err != nil:
				t.Error(err)
			case tc.problem != "" && (err == nil || !strings.Contains(err.Error(), tc.problem)):
				t.Errorf("got %v, want %s", err, tc.problem)
			}
		})
	}
}

func object(apiVersion, kind, field string, value any) map[string]any {
	return map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": "x"}, field: value}
}

func TestListsOfUnknownKindsHaveOneOwner(t *testing.T) {
	v, err := converter.ObjectToTyped(&unstructured.Unstructured{Object: object("example.com/v1", "Bakery", "trays", []any{"a", "b"})})
	if err != nil {
		t.Fatal(err)
	}
	set, err := v.ToFieldSet()
	if err != nil {
		t.Fatal(err)
	}
	if !set.Has(fieldpath.MakePathOrDie("trays")) {
		t.Errorf("owned is %s, want all of .trays", set)
	}
	back, err := converter.TypedToObject(v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("Bakery", back.GetObjectKind().GroupVersionKind().Kind); diff != "" {
		t.Error(diff)
	}
}
