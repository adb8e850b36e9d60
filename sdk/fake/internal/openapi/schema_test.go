package openapi

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var table = registry.NewTable(registry.Core...)

// TestSchemasAreThoseOfARealServer holds every schema but its texts against a recorded document.
func TestSchemasAreThoseOfARealServer(t *testing.T) {
	var recorded map[string]any
	readTestdata(t, "schemas.json", &recorded)
	got := map[string]any{}
	for name, schema := range decoded(t, table, "api/v1").Components.Schemas {
		got[name] = withoutTexts(schema, false)
	}
	for name, want := range recorded {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-recorded +got):\n%s", name, diff)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is not among the recorded schemas", name)
	}
}

// TestSchemasOfNewerEvents holds those of the second version of events against what Kubernetes publishes.
func TestSchemasOfNewerEvents(t *testing.T) {
	var want map[string]any
	readTestdata(t, "schemas-events.json", &want)
	got := decoded(t, registry.NewTable(registry.Events, registry.NewerEvents), "apis/events.k8s.io/v1").Components.Schemas
	for name := range want {
		if diff := cmp.Diff(want[name], withoutTexts(got[name], false)); diff != "" {
			t.Errorf("%s (-published +got):\n%s", name, diff)
		}
	}
}

// withoutTexts drops descriptions, which differ in white space, but keeps properties of that name.
func withoutTexts(v any, properties bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if key != "description" || properties {
				out[key] = withoutTexts(value, key == "properties")
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withoutTexts(v[i], false)
		}
		return out
	}
	return v
}

// TestEverySchemaIsDescribed: explain prints nothing where a description is missing.
func TestEverySchemaIsDescribed(t *testing.T) {
	for name, schema := range decoded(t, table, "api/v1").Components.Schemas {
		schema := schema.(map[string]any)
		if schema["description"] == nil {
			t.Errorf("%s has no description", name)
		}
		properties, _ := schema["properties"].(map[string]any)
		for property, p := range properties {
			if p.(map[string]any)["description"] == nil && short(name) != "apis.meta.v1.WatchEvent" {
				t.Errorf("%s.%s has no description", name, property)
			}
		}
	}
}

// Thing is a type of a user, with one field of each form.
type Thing struct {
	metav1.TypeMeta `json:",inline"`
	Named           string            `json:"named"`
	Maybe           *int32            `json:"maybe,omitempty"`
	Part            Part              `json:"part,omitempty"`
	MaybePart       *Part             `json:"maybePart,omitempty" patchStrategy:"retainKeys"`
	Parts           []Part            `json:"parts,omitempty" patchStrategy:"merge" patchMergeKey:"id"`
	Words           []string          `json:"words,omitempty"`
	Each            []string          `json:"each,omitempty" patchStrategy:"merge"`
	Bytes           []byte            `json:"bytes,omitempty"`
	Sizes           map[string]int64  `json:"sizes,omitempty"`
	When            metav1.Time       `json:"when,omitempty"`
	Anything        any               `json:"anything,omitempty"`
	Loose           struct{ X bool }  `json:"loose,omitzero"`
	Hidden          string            `json:"-"`
	Self            map[string]*Thing `json:"self,omitempty"`
	unexported      string            //lint:ignore U1000 the schema must leave it out
}

// Part is part of a Thing.
type Part struct {
	ID string `json:"id"`
}

// SwaggerDoc describes a part.
func (Part) SwaggerDoc() map[string]string {
	return map[string]string{"": "A part.", "id": "Which part."}
}

func TestSchemaOfAUsersType(t *testing.T) {
	const (
		ref = refPrefix + "com.github.podwright.podwright.sdk.fake.internal.openapi."
	)
	got := schemas{}
	got.of(reflect.TypeFor[*Thing]())
	thing := generic(t, got["com.github.podwright.podwright.sdk.fake.internal.openapi.Thing"]).(map[string]any)
	if diff := cmp.Diff([]any{"named"}, thing["required"]); diff != "" {
		t.Errorf("required (-want +got):\n%s", diff)
	}
	properties := thing["properties"].(map[string]any)
	for name, want := range map[string]string{
		"apiVersion": "", // inline: checked below
		"named":      `{"type":"string","default":""}`,
		"maybe":      `{"type":"integer","format":"int32"}`,
		"part":       `{"default":{},"allOf":[{"$ref":"` + ref + `Part"}]}`,
		"maybePart":  `{"allOf":[{"$ref":"` + ref + `Part"}],"x-kubernetes-patch-strategy":"retainKeys"}`,
		"parts": `{"type":"array","items":{"$ref":"` + ref + `Part"},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],
			"x-kubernetes-patch-strategy":"merge","x-kubernetes-patch-merge-key":"id"}`,
		"words":    `{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"atomic"}`,
		"each":     `{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set","x-kubernetes-patch-strategy":"merge"}`,
		"bytes":    `{"type":"string","format":"byte"}`,
		"sizes":    `{"type":"object","additionalProperties":{"type":"integer","format":"int64"}}`,
		"when":     `{"allOf":[{"$ref":"` + refPrefix + `io.k8s.apimachinery.pkg.apis.meta.v1.Time"}]}`,
		"anything": `{"type":"object"}`,
		"self":     `{"type":"object","additionalProperties":{"$ref":"` + ref + `Thing"}}`,
	} {
		if want == "" {
			if properties[name] == nil {
				t.Errorf("%s of the embedded struct is missing", name)
			}
			continue
		}
		var w any
		if err := json.Unmarshal([]byte(want), &w); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(w, properties[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, name := range []string{"Hidden", "-", "unexported"} {
		if properties[name] != nil {
			t.Errorf("%s is not JSON, but described", name)
		}
	}
}

func TestATypeThatEmbedsAPointerIsNamedAfterItself(t *testing.T) {
	type Wrapped struct {
		*metav1.TypeMeta `json:",inline"`
	}
	if got, want := modelName(reflect.TypeFor[Wrapped]()), "com.github.podwright.podwright.sdk.fake.internal.openapi.Wrapped"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func generic(t *testing.T, v any) (out any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func readTestdata(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
}
