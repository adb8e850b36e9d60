package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"k8s.io/apimachinery/pkg/types"
)

// wire is as much of a document as the tests read, in the form in which it goes over the wire.
type wire struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]any }
}

type wireParameter struct {
	Name, In string
	Schema   struct{ Type string }
}

type wireContent map[string]struct {
	Schema struct {
		Ref  string `json:"$ref"`
		Type string
	}
}

type wireOperation struct {
	OperationID string `json:"operationId"`
	Description string
	Action      string                                `json:"x-kubernetes-action"`
	Kind        struct{ Group, Version, Kind string } `json:"x-kubernetes-group-version-kind"`
	Parameters  []wireParameter
	RequestBody *struct {
		Required bool
		Content  wireContent
	}
	Responses map[string]struct{ Content wireContent }
}

// TestOperationsAreThoseOfARealServer holds every path and verb that the rows have against a recorded document.
func TestOperationsAreThoseOfARealServer(t *testing.T) {
	data, err := os.ReadFile("testdata/operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	doc := decoded(t, table, "api/v1")
	var got []string
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, verb := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			got = append(got, path+" "+line(t, verb, doc.Paths[path][verb]))
		}
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(data)), "\n"), got); diff != "" {
		t.Errorf("operations (-recorded +got):\n%s", diff)
	}
}

// line says in one line what a path, or a verb on it, takes and answers.
func line(t *testing.T, verb string, raw json.RawMessage) string {
	t.Helper()
	if verb == "parameters" {
		var parameters []wireParameter
		if err := json.Unmarshal(raw, &parameters); err != nil {
			t.Fatal(err)
		}
		return "takes " + parameterList(parameters)
	}
	var op wireOperation
	if err := json.Unmarshal(raw, &op); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %q action=%s kind=%s/%s/%s takes=%s", verb, op.OperationID, op.Description, op.Action,
		op.Kind.Group, op.Kind.Version, op.Kind.Kind, parameterList(op.Parameters))
	if op.RequestBody != nil {
		b.WriteString(" body=" + contentList(op.RequestBody.Content))
		if op.RequestBody.Required {
			b.WriteString(" required")
		}
	}
	for _, code := range slices.Sorted(maps.Keys(op.Responses)) {
		fmt.Fprintf(&b, " %s=%s", code, contentList(op.Responses[code].Content))
	}
	return b.String()
}

func parameterList(parameters []wireParameter) string {
	var out []string
	for _, p := range parameters {
		out = append(out, p.In[:1]+":"+p.Name+":"+p.Schema.Type)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

func contentList(content wireContent) string {
	if len(content) == 0 {
		return ""
	}
	schemas := map[string]bool{}
	for _, c := range content {
		name := c.Schema.Ref[strings.LastIndex(c.Schema.Ref, ".")+1:]
		schemas[name+c.Schema.Type] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(content)), "|") + "=" + strings.Join(slices.Sorted(maps.Keys(schemas)), ",")
}

// TestARowOfOneVerb: a virtual resource has no storage, and its type comes from client-go.
func TestARowOfOneVerb(t *testing.T) {
	reviews := registry.NewTable(&registry.Resource{
		Group: "authorization.k8s.io", Version: "v1", Kind: "SelfSubjectAccessReview", Name: "selfsubjectaccessreviews", Verbs: []string{"create"},
	})
	doc := decoded(t, reviews, "apis/authorization.k8s.io/v1")
	want := []string{"/apis/authorization.k8s.io/v1/", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(doc.Paths))); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	if doc.Components.Schemas["io.k8s.api.authorization.v1.SelfSubjectAccessReview"] == nil {
		t.Error("the kind has no schema")
	}
}

func TestAKindWithoutAGoTypeIsAnyObject(t *testing.T) {
	custom := registry.NewTable(&registry.Resource{Group: "stable.example.com", Version: "v1", Kind: "Crontab", Name: "crontabs", Namespaced: true})
	schema := decoded(t, custom, "apis/stable.example.com/v1").Components.Schemas["com.example.stable.v1.Crontab"]
	want := map[string]any{
		"type": "object", "x-kubernetes-preserve-unknown-fields": true,
		"x-kubernetes-group-version-kind": []any{map[string]any{"group": "stable.example.com", "version": "v1", "kind": "Crontab"}},
	}
	if diff := cmp.Diff(any(want), schema); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

// TestPatchesOfARow: a client sends the patches that the document has, so that a kind without strategic merge patches is sent none.
func TestPatchesOfARow(t *testing.T) {
	for _, tc := range []struct {
		row  registry.Resource
		want string
	}{
		{registry.Resource{}, "application/apply-patch+yaml|application/json-patch+json|application/merge-patch+json|application/strategic-merge-patch+json=Patch"},
		{registry.Resource{PatchTypes: []types.PatchType{types.JSONPatchType, types.MergePatchType}}, "application/json-patch+json|application/merge-patch+json=Patch"},
	} {
		tc.row.Group, tc.row.Version, tc.row.Kind, tc.row.Name = "stable.example.com", "v1", "Crontab", "crontabs"
		path := decoded(t, registry.NewTable(&tc.row), "apis/stable.example.com/v1").Paths["/apis/stable.example.com/v1/crontabs/{name}"]
		if got := line(t, "patch", path["patch"]); !strings.Contains(got, " body="+tc.want+" ") {
			t.Errorf("%v: %s, want %s", tc.row.PatchTypes, got, tc.want)
		}
	}
}

func decoded(t *testing.T, table *registry.Table, path string) wire {
	t.Helper()
	body, _, err := Document(table, path)
	if err != nil {
		t.Fatal(err)
	}
	var doc wire
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}
