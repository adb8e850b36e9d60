package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	fakeschema "github.com/podwright/podwright/sdk/fake/internal/schema"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// TestTypesAreThoseOfClientGo holds every type against the schema that client-go carries as YAML.
func TestTypesAreThoseOfClientGo(t *testing.T) {
	upstream := clientGo(t)
	for _, got := range fakeschema.Types {
		want, ok := upstream.FindNamedType(got.Name)
		if !ok {
			t.Errorf("client-go has no type %s", got.Name)
			continue
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(schema.Map{}), noMaps); diff != "" {
			t.Errorf("%s (-client-go +ours):\n%s", got.Name, diff)
		}
	}
}

// noMaps makes the empty maps of YAML the nil maps that need no code.
var noMaps = cmpopts.AcyclicTransformer("noMaps", func(f schema.StructField) schema.StructField {
	if m, ok := f.Default.(map[any]any); ok && len(m) == 0 {
		f.Default = map[string]any(nil)
	}
	return f
})

// clientGo is the schema that every value carries which client-go's converter makes.
func clientGo(t *testing.T) *schema.Schema {
	t.Helper()
	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}}
	v, err := applyconfigurations.NewTypeConverter(scheme.Scheme).ObjectToTyped(pod)
	if err != nil {
		t.Fatal(err)
	}
	return v.Schema()
}

func TestTypesAreSortedAndKnown(t *testing.T) {
	byName := func(a, b schema.TypeDef) int { return strings.Compare(a.Name, b.Name) }
	named := slices.Clone(fakeschema.Types[:len(fakeschema.Types)-2]) // the two untyped ones come last
	if !slices.IsSortedFunc(named, byName) {
		t.Error("the types are not sorted by name")
	}
	all := schema.Schema{Types: fakeschema.Types}
	var known func(at string, atom schema.Atom)
	refers := func(at string, ref schema.TypeRef) {
		if ref.NamedType == nil {
			known(at, ref.Inlined)
		} else if _, ok := all.FindNamedType(*ref.NamedType); !ok {
			t.Errorf("%s refers to %s, which is missing", at, *ref.NamedType)
		}
	}
	known = func(at string, atom schema.Atom) {
		if atom.List != nil {
			refers(at, atom.List.ElementType)
		}
		if atom.Map != nil {
			refers(at, atom.Map.ElementType)
			for _, f := range atom.Map.Fields {
				refers(at+"."+f.Name, f.Type)
			}
		}
	}
	for _, def := range fakeschema.Types {
		known(def.Name, def.Atom)
	}
}
