package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	openapi_v3 "github.com/google/gnostic-models/openapiv3"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/openapi3"
	"k8s.io/client-go/rest"
)

func TestIndexNamesEachDocumentByItsHash(t *testing.T) {
	several := registry.NewTable(append([]*registry.Resource{
		{Group: "stable.example.com", Version: "v1", Kind: "Crontab", Name: "crontabs"},
	}, registry.Core...)...)
	body, hash, err := Index(several)
	if err != nil {
		t.Fatal(err)
	}
	if hash != hashOf(body) {
		t.Errorf("hash %s is not the body's", hash)
	}
	var index struct {
		Paths map[string]struct{ ServerRelativeURL string }
	}
	if err := json.Unmarshal(body, &index); err != nil {
		t.Fatal(err)
	}
	if len(index.Paths) != 2 {
		t.Errorf("%d paths, want 2: %s", len(index.Paths), body)
	}
	for path, at := range index.Paths {
		doc, hash, err := Document(several, path)
		if err != nil {
			t.Errorf("%s is in the index: %v", path, err)
		}
		if want := "/openapi/v3/" + path + "?hash=" + hash; at.ServerRelativeURL != want || hash != hashOf(doc) {
			t.Errorf("%s is at %s, want %s", path, at.ServerRelativeURL, want)
		}
	}
}

// TestEveryGroupHasADocument: that of apps has scales, which are of another group, and every kind's schema.
func TestEveryGroupHasADocument(t *testing.T) {
	served := registry.NewTable(registry.Served...)
	for _, r := range registry.Grouped {
		doc := decoded(t, served, "apis/"+r.GroupVersion().String())
		path := "/apis/" + r.GroupVersion().String() + "/" + r.Name
		if r.Namespaced {
			path = "/apis/" + r.GroupVersion().String() + "/namespaces/{namespace}/" + r.Name
		}
		if doc.Paths[path] == nil {
			t.Errorf("%s is not described", path)
		}
		if scaled := doc.Paths[path+"/{name}/scale"] != nil; scaled != (r.Replicas != nil) {
			t.Errorf("%s has a scale: %t", r.Name, scaled)
		}
	}
	if decoded(t, served, "apis/apps/v1").Components.Schemas["io.k8s.api.autoscaling.v1.Scale"] == nil {
		t.Error("apps/v1 does not describe scales")
	}
}

func TestWhatIsNotServedHasNoDocument(t *testing.T) {
	for _, path := range []string{"", "api", "api/v2", "apis/v1", "apis/apps/v1", "/api/v1"} {
		if _, _, err := Document(table, path); !errors.Is(err, ErrNotServed) {
			t.Errorf("document %q: %v, want ErrNotServed", path, err)
		}
		if _, _, err := DocumentProtobuf(table, path); !errors.Is(err, ErrNotServed) {
			t.Errorf("protobuf document %q: %v, want ErrNotServed", path, err)
		}
	}
}

// TestEqualTablesShareADocument also has many goroutines ask at once, for the race detector.
func TestEqualTablesShareADocument(t *testing.T) {
	bodies := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range bodies {
		wg.Go(func() { bodies[i], _, _ = Document(registry.NewTable(registry.Core...), "api/v1") })
	}
	wg.Wait()
	for i := range bodies {
		if len(bodies[i]) == 0 || &bodies[i][0] != &bodies[0][0] {
			t.Fatal("a second document was made")
		}
	}
	fewer, _, err := Document(registry.NewTable(registry.Pods), "api/v1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(fewer, []byte("/replicationcontrollers")) {
		t.Error("a table of pods has another table's document")
	}
}

func TestProtobufSaysTheSame(t *testing.T) {
	body, hash, err := DocumentProtobuf(table, "api/v1")
	if err != nil {
		t.Fatal(err)
	}
	_, want, err := Document(table, "api/v1")
	if err != nil {
		t.Fatal(err)
	}
	if hash != want {
		t.Errorf("hash %s, want that of the JSON form %s", hash, want)
	}
	var doc openapi_v3.Document
	if err := proto.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	wire := decoded(t, table, "api/v1")
	if got, want := len(doc.GetPaths().GetPath()), len(wire.Paths); got != want {
		t.Errorf("%d paths, want %d", got, want)
	}
	if got, want := len(doc.GetComponents().GetSchemas().GetAdditionalProperties()), len(wire.Components.Schemas); got != want {
		t.Errorf("%d schemas, want %d", got, want)
	}
}

// TestClientGoReadsTheDocument goes the way of kubectl explain: index, document, schema by kind.
func TestClientGoReadsTheDocument(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _, err := Index(table)
		if path, ok := strings.CutPrefix(r.URL.Path, "/openapi/v3/"); ok {
			body, _, err = Document(table, path)
			if r.Header.Get("Accept") == MediaTypeProtobuf {
				body, _, err = DocumentProtobuf(table, path)
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	client, err := discovery.NewDiscoveryClientForConfig(&rest.Config{Host: server.URL, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	documents := openapi3.NewRoot(client.OpenAPIV3())
	doc, err := documents.GVSpec(schema.GroupVersion{Version: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	pod := doc.Components.Schemas["io.k8s.api.core.v1.Pod"]
	if pod == nil || pod.Properties["spec"].Default == nil || len(pod.Properties["spec"].AllOf) != 1 {
		t.Errorf("schema of Pod: %+v", pod)
	}
	takes := map[string]bool{}
	for _, p := range doc.Paths.Paths["/api/v1/namespaces/{namespace}/pods/{name}"].Patch.Parameters {
		takes[p.Name] = true
	}
	if !takes["fieldValidation"] {
		t.Errorf("PATCH of a pod does not advertise fieldValidation, so that kubectl would validate by itself: %v", takes)
	}
}
