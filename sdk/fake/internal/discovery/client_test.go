package discovery

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clientdiscovery "k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

// serve is the smallest server of the documents; aggregated says whether it knows the newer form.
func serve(t *testing.T, table *registry.Table, aggregated bool) *clientdiscovery.DiscoveryClient {
	t.Helper()
	plain := map[string]any{
		"/api": APIVersions(table, "server:443"), "/apis": APIGroupList(table), "/version": Version(), "/api/v1": APIResourceList(table, core),
	}
	for _, g := range APIGroupList(table).Groups {
		for _, v := range g.Versions {
			plain["/apis/"+v.GroupVersion] = APIResourceList(table, schema.GroupVersion{Group: g.Name, Version: v.Version})
		}
	}
	newer := map[string]any{"/api": LegacyGroup(table), "/apis": Groups(table)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		doc, contentType := plain[r.URL.Path], "application/json"
		if newer[r.URL.Path] != nil && aggregated && strings.Contains(r.Header.Get("Accept"), "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList") {
			doc, contentType = newer[r.URL.Path], "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
		}
		w.Header().Set("Content-Type", contentType)
		if err := json.NewEncoder(w).Encode(doc); err != nil {
			t.Errorf("answer %s: %v", r.URL.Path, err)
		}
	}))
	t.Cleanup(server.Close)
	client, err := clientdiscovery.NewDiscoveryClientForConfig(&rest.Config{Host: server.URL, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestClientGoReadsBothFormsAlike: what a client learns must not depend on which form it asks for.
func TestClientGoReadsBothFormsAlike(t *testing.T) {
	learned := map[bool][]string{}
	for _, aggregated := range []bool{true, false} {
		groups, lists, err := serve(t, several(), aggregated).ServerGroupsAndResources()
		if err != nil {
			t.Fatalf("aggregated %v: %v", aggregated, err)
		}
		if len(groups) != 3 {
			t.Errorf("aggregated %v: %d groups, want 3", aggregated, len(groups))
		}
		for _, list := range lists {
			for _, r := range list.APIResources {
				learned[aggregated] = append(learned[aggregated], list.GroupVersion+" "+summary(t, r))
			}
		}
		slices.Sort(learned[aggregated])
	}
	if diff := cmp.Diff(learned[false], learned[true]); diff != "" {
		t.Errorf("resources (-plain +aggregated):\n%s", diff)
	}
	if len(learned[true]) < 15 {
		t.Errorf("only %d resources learned: %v", len(learned[true]), learned[true])
	}
}

// summary leaves out what only one of the forms carries: the hash, the group and version of a resource's own kind, and
// the singular name that client-go gives subresources in the aggregated form.
func summary(t *testing.T, r metav1.APIResource) string {
	t.Helper()
	r.StorageVersionHash, r.Group, r.Version = "", "", ""
	if strings.Contains(r.Name, "/") {
		r.SingularName = ""
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestClientGoReadsTheVersion(t *testing.T) {
	got, err := serve(t, several(), true).ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Version(), got); diff != "" {
		t.Errorf("version (-want +got):\n%s", diff)
	}
}
