package fake_test

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	"k8s.io/client-go/discovery"
)

// TestClientsReadTheSchemas: client-go reads the older document as protobuf, and the newer ones by their index.
func TestClientsReadTheSchemas(t *testing.T) {
	client, err := discovery.NewDiscoveryClientForConfig(fake.RunT(t, fake.APIOnly()).RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	old, err := client.OpenAPISchema()
	if err != nil {
		t.Fatal(err)
	}
	definitions := map[string]bool{}
	for _, d := range old.GetDefinitions().GetAdditionalProperties() {
		definitions[d.GetName()] = true
	}
	for _, name := range []string{"io.k8s.api.core.v1.Pod", "io.k8s.api.rbac.v1.Role", "io.k8s.api.authentication.v1.TokenRequest"} {
		if !definitions[name] {
			t.Errorf("there is no definition of %s", name)
		}
	}
	paths, err := client.OpenAPIV3().Paths()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"api/v1", "apis/apps/v1", "apis/rbac.authorization.k8s.io/v1"} {
		if paths[path] == nil {
			t.Errorf("there is no document of %s", path)
			continue
		}
		if _, err := paths[path].Schema("application/com.github.proto-openapi.spec.v3@v1.0+protobuf"); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
