package conformance

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/crd"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// inSchemas are what is put wherever a definition has something.
var inSchemas = []any{
	"x", "", -1.0, true, map[string]any{}, []any{}, nil, "spec", "self.x", "atomic", "object", "integer", "array", []any{"a", "a"},
	map[string]any{"type": "string"}, map[string]any{"type": "string", "default": "x", "nullable": true},
}

// keywords are what is added to every object of a definition.
var keywords = map[string][]any{
	"nullable":                             {true},
	"uniqueItems":                          {true},
	"default":                              {true, "x", map[string]any{"type": "string"}},
	"x-kubernetes-list-type":               {"map", "set", "x"},
	"x-kubernetes-map-type":                {"atomic", "x"},
	"additionalProperties":                 {true, map[string]any{"type": "string"}},
	"x-kubernetes-embedded-resource":       {true},
	"x-kubernetes-preserve-unknown-fields": {true, false},
	"x-kubernetes-int-or-string":           {true},
	"id":                                   {"x"},
	"$ref":                                 {"x"},
	"not":                                  {map[string]any{"type": "string"}, map[string]any{"minLength": 1}},
	"anyOf":                                {[]any{map[string]any{"type": "string"}}, []any{map[string]any{"minLength": 1}}},
	"format":                               {"x", "date"},
	"x-kubernetes-validations": {
		[]any{map[string]any{"rule": "self == oldSelf"}},
		[]any{map[string]any{"rule": "true", "optionalOldSelf": true, "message": "a\nb"}},
		[]any{map[string]any{"rule": "size(self) > 1 &&", "fieldPath": ".nope", "messageExpression": "1", "reason": "x"}},
	},
}

// TestDefinitionErrors holds what the fake says of a definition against what the real validation says, for thousands of definitions that
// have something wrong with them.
func TestDefinitionErrors(t *testing.T) {
	for _, file := range []string{"stable.example.com_crontabs.yaml", "stable.example.com_planets.yaml"} {
		t.Run(file, func(t *testing.T) {
			tried := 0
			try := func(name string, doc any) {
				d, ok := into[apiextensionsv1.CustomResourceDefinition](t, doc)
				if !ok {
					return
				}
				tried++
				prepareDefinition(d)
				want, ok := realDefinitionErrors(t, d)
				if !ok {
					return
				}
				if diff := cmp.Diff(want, anonymous(texts(crd.Errors(d)))); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			doc := readYAML(t, "../testdata/crds/"+file)
			mutated(doc, inSchemas, try)
			each(doc, nil, func(at place) {
				if _, ok := value(doc, at).(map[string]any); !ok {
					return
				}
				for name, values := range keywords {
					for _, v := range values {
						try(fmt.Sprintf("with %v.%s = %v", at, name, v), with(doc, append(at, name), v))
					}
				}
			})
			if tried < 500 {
				t.Errorf("only %d definitions were tried", tried)
			}
		})
	}
}

// prepareDefinition does what a server does before it validates.
func prepareDefinition(d *apiextensionsv1.CustomResourceDefinition) {
	apiextensionsv1.SetObjectDefaults_CustomResourceDefinition(d)
	d.UID, d.CreationTimestamp = "uid", metav1.Unix(1, 0)
	d.Status = apiextensionsv1.CustomResourceDefinitionStatus{}
	crd.Store(d)
}

// realDefinitionErrors are those of a real server, unless it panics, as it does at some selectable fields.
func realDefinitionErrors(t *testing.T, d *apiextensionsv1.CustomResourceDefinition) (errs []string, ok bool) {
	t.Helper()
	internal := &apiextensions.CustomResourceDefinition{}
	if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(d.DeepCopy(), internal, nil); err != nil {
		return nil, false
	}
	defer func() { ok = recover() == nil }()
	return anonymous(texts(validation.ValidateCustomResourceDefinition(context.Background(), internal))), true
}

// A real server calls the type of self by the time at which it compiles a rule.
var selfType = regexp.MustCompile(`selfType\d+`)

func anonymous(texts []string) []string {
	for i := range texts {
		texts[i] = selfType.ReplaceAllString(texts[i], "selfType")
	}
	return texts
}

func readYAML(t *testing.T, file string) any {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// value is what stands at a place.
func value(x any, at place) any {
	for _, k := range at {
		switch k := k.(type) {
		case string:
			x = x.(map[string]any)[k]
		case int:
			x = x.([]any)[k]
		}
	}
	return x
}
