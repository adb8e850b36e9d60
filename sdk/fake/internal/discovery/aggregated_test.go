package discovery

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAggregatedGroups(t *testing.T) {
	gadgets := apidiscoveryv2.APIResourceDiscovery{
		Resource: "gadgets", ResponseKind: &metav1.GroupVersionKind{Kind: "Gadget"}, Scope: "Namespaced", SingularResource: "gadget", Verbs: registry.AllVerbs,
	}
	checkups := apidiscoveryv2.APIResourceDiscovery{
		Resource: "checkups", ResponseKind: &metav1.GroupVersionKind{Kind: "Checkup"}, Scope: "Cluster", SingularResource: "checkup", Verbs: []string{"create"},
	}
	things := apidiscoveryv2.APIResourceDiscovery{
		Resource: "things", ResponseKind: &metav1.GroupVersionKind{Kind: "Thing"}, Scope: "Cluster", SingularResource: "thing", Verbs: registry.AllVerbs,
	}
	want := &apidiscoveryv2.APIGroupDiscoveryList{
		TypeMeta: metav1.TypeMeta{Kind: "APIGroupDiscoveryList", APIVersion: "apidiscovery.k8s.io/v2"},
		Items: []apidiscoveryv2.APIGroupDiscovery{
			{ObjectMeta: metav1.ObjectMeta{Name: "apps.example"}, Versions: []apidiscoveryv2.APIVersionDiscovery{
				{Version: "v2", Freshness: "Current", Resources: []apidiscoveryv2.APIResourceDiscovery{checkups, gadgets}},
				{Version: "v1", Freshness: "Current", Resources: []apidiscoveryv2.APIResourceDiscovery{gadgets}},
			}},
			{ObjectMeta: metav1.ObjectMeta{Name: "other.example"}, Versions: []apidiscoveryv2.APIVersionDiscovery{
				{Version: "v1beta1", Freshness: "Current", Resources: []apidiscoveryv2.APIResourceDiscovery{things}},
			}},
		},
	}
	if diff := cmp.Diff(want, Groups(several())); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestAggregatedSubresourcesNameAForeignKind(t *testing.T) {
	doc := LegacyGroup(registry.NewTable(registry.ReplicationControllers))
	want := []apidiscoveryv2.APISubresourceDiscovery{
		{Subresource: "scale", ResponseKind: &metav1.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}, Verbs: []string{"get", "patch", "update"}},
		{Subresource: "status", ResponseKind: &metav1.GroupVersionKind{Kind: "ReplicationController"}, Verbs: []string{"get", "patch", "update"}},
	}
	if diff := cmp.Diff(want, doc.Items[0].Versions[0].Resources[0].Subresources); diff != "" {
		t.Errorf("subresources (-want +got):\n%s", diff)
	}
}

// TestBetaDiffersInNothingButItsName compares what goes over the wire.
func TestBetaDiffersInNothingButItsName(t *testing.T) {
	doc := LegacyGroup(several())
	beta := Beta(doc)
	if beta.APIVersion != "apidiscovery.k8s.io/v2beta1" {
		t.Errorf("apiVersion %q", beta.APIVersion)
	}
	beta.APIVersion = doc.APIVersion
	if diff := cmp.Diff(generic(t, doc), generic(t, beta)); diff != "" {
		t.Errorf("documents (-v2 +v2beta1):\n%s", diff)
	}
}

func TestETag(t *testing.T) {
	tag := func(doc any) string {
		t.Helper()
		tag, err := ETag(doc)
		if err != nil {
			t.Fatal(err)
		}
		return tag
	}
	a := tag(Groups(several()))
	if len(a) != 2+128 || a[0] != '"' || a[len(a)-1] != '"' {
		t.Errorf("not a quoted SHA-512: %s", a)
	}
	if b := tag(Groups(several())); b != a {
		t.Errorf("equal tables, other tags: %s, %s", a, b)
	}
	if b := tag(LegacyGroup(several())); b == a {
		t.Error("other documents, equal tags")
	}
	if _, err := ETag(func() {}); err == nil {
		t.Error("no error for what has no JSON form")
	}
}

func generic(t *testing.T, doc any) (out any) {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
