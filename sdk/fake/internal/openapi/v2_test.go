package openapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"github.com/podwright/podwright/sdk/fake/internal/openapi"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"google.golang.org/protobuf/proto"
	"k8s.io/kube-openapi/pkg/util/proto/validation"

	protoschema "k8s.io/kube-openapi/pkg/util/proto"
)

// The Swagger document holds the kinds that are served, refers to nothing that it does not hold, and says the same in
// protobuf, in which kubectl reads it.
func TestV2(t *testing.T) {
	table := registry.NewTable(registry.Core...)
	body, _, err := openapi.V2(table)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Definitions map[string]any
		Paths       map[string]any
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"io.k8s.api.core.v1.Pod", "io.k8s.api.core.v1.ReplicationController"} {
		if doc.Definitions[name] == nil {
			t.Errorf("%s is not defined", name)
		}
	}
	for _, part := range strings.Split(string(body), `"$ref":"`)[1:] {
		ref, _, _ := strings.Cut(part, `"`)
		if name, ok := strings.CutPrefix(ref, "#/definitions/"); !ok || doc.Definitions[name] == nil {
			t.Fatalf("%s leads nowhere", ref)
		}
	}
	binary, _, err := openapi.V2Protobuf(table)
	if err != nil {
		t.Fatal(err)
	}
	parsed := &openapi_v2.Document{}
	if err := proto.Unmarshal(binary, parsed); err != nil {
		t.Fatal(err)
	}
	models, err := protoschema.NewOpenAPIData(parsed)
	if err != nil {
		t.Fatal(err)
	}
	pod := models.LookupModel("io.k8s.api.core.v1.Pod")
	good := map[string]any{"apiVersion": "v1", "kind": "Pod", "spec": map[string]any{"containers": []any{map[string]any{"name": "c", "image": "i"}}}}
	if errs := validation.ValidateModel(good, pod, "Pod"); len(errs) > 0 {
		t.Errorf("a good pod: %v", errs)
	}
	bad := map[string]any{"apiVersion": "v1", "kind": "Pod", "spec": map[string]any{"containers": "c", "nope": true}}
	if errs := validation.ValidateModel(bad, pod, "Pod"); len(errs) != 2 {
		t.Errorf("a bad pod: %v, want two errors", errs)
	}
}
