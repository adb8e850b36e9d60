package discovery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var core = schema.GroupVersion{Version: "v1"}

// several has two versions of one group, given out of order, a virtual resource, and the core rows.
func several() *registry.Table {
	return registry.NewTable(append([]*registry.Resource{
		{Group: "apps.example", Version: "v2", Kind: "Gadget", Name: "gadgets", Singular: "gadget", Namespaced: true},
		{Group: "apps.example", Version: "v1", Kind: "Gadget", Name: "gadgets", Singular: "gadget", Namespaced: true},
		{Group: "apps.example", Version: "v2", Kind: "Checkup", Name: "checkups", Singular: "checkup", Verbs: []string{"create"}},
		{Group: "other.example", Version: "v1beta1", Kind: "Thing", Name: "things", Singular: "thing"},
	}, registry.Core...)...)
}

func TestResourcesAreThoseOfARealServer(t *testing.T) {
	var recorded metav1.APIResourceList
	readTestdata(t, "api-v1.json", &recorded)
	got := APIResourceList(registry.NewTable(registry.Core...), core)
	served := map[string]bool{}
	for _, r := range got.APIResources {
		served[r.Name] = true
	}
	want := recorded
	want.APIResources = nil
	for _, r := range recorded.APIResources {
		if served[r.Name] {
			want.APIResources = append(want.APIResources, r)
		}
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("resources that the fake serves (-recorded +got):\n%s", diff)
	}
}

func TestResourcesOfAGroup(t *testing.T) {
	want := &metav1.APIResourceList{
		TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, GroupVersion: "apps.example/v2",
		APIResources: []metav1.APIResource{
			{Name: "checkups", SingularName: "checkup", Kind: "Checkup", Verbs: metav1.Verbs{"create"}},
			{Name: "gadgets", SingularName: "gadget", Kind: "Gadget", Namespaced: true, Verbs: registry.AllVerbs, StorageVersionHash: "96fZvMh8D7g="},
		},
	}
	got := APIResourceList(several(), schema.GroupVersion{Group: "apps.example", Version: "v2"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if got := APIResourceList(several(), schema.GroupVersion{Group: "apps.example", Version: "v3"}); got != nil {
		t.Errorf("a version nobody serves has a document: %v", got)
	}
}

// TestResourcesOfEvents: they are in two groups, and stored once, as the hash tells.
func TestResourcesOfEvents(t *testing.T) {
	table := registry.NewTable(registry.Served...)
	for _, gv := range []schema.GroupVersion{core, {Group: "events.k8s.io", Version: "v1"}} {
		want := metav1.APIResource{
			Name: "events", SingularName: "event", Kind: "Event", Namespaced: true, Verbs: registry.AllVerbs, ShortNames: []string{"ev"},
			StorageVersionHash: "r2yiGXH7wu8=",
		}
		list := APIResourceList(table, gv)
		i := slices.IndexFunc(list.APIResources, func(r metav1.APIResource) bool { return r.Name == "events" })
		if i < 0 {
			t.Fatalf("%s has no events", gv)
		}
		if diff := cmp.Diff(want, list.APIResources[i]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", gv, diff)
		}
	}
}

func TestGroups(t *testing.T) {
	v := func(group, version string) metav1.GroupVersionForDiscovery {
		return metav1.GroupVersionForDiscovery{GroupVersion: group + "/" + version, Version: version}
	}
	apps := metav1.APIGroup{
		Name: "apps.example", Versions: []metav1.GroupVersionForDiscovery{v("apps.example", "v2"), v("apps.example", "v1")},
		PreferredVersion: v("apps.example", "v2"),
	}
	other := metav1.APIGroup{
		Name: "other.example", Versions: []metav1.GroupVersionForDiscovery{v("other.example", "v1beta1")}, PreferredVersion: v("other.example", "v1beta1"),
	}
	want := &metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}, Groups: []metav1.APIGroup{apps, other}}
	if diff := cmp.Diff(want, APIGroupList(several())); diff != "" {
		t.Errorf("groups, preferred version first, without the core (-want +got):\n%s", diff)
	}
	apps.TypeMeta = metav1.TypeMeta{Kind: "APIGroup", APIVersion: "v1"}
	if diff := cmp.Diff(&apps, APIGroup(several(), "apps.example")); diff != "" {
		t.Errorf("group (-want +got):\n%s", diff)
	}
	for _, name := range []string{"", "nope.example"} {
		if got := APIGroup(several(), name); got != nil {
			t.Errorf("group %q has a document: %v", name, got)
		}
	}
}

func TestVersions(t *testing.T) {
	want := &metav1.APIVersions{
		TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"},
		ServerAddressByClientCIDRs: []metav1.ServerAddressByClientCIDR{{ClientCIDR: "0.0.0.0/0", ServerAddress: "127.0.0.1:6443"}},
	}
	if diff := cmp.Diff(want, APIVersions(several(), "127.0.0.1:6443")); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// TestAnEmptyTableHasLists: clients read null where they expect a list as a broken server.
func TestAnEmptyTableHasLists(t *testing.T) {
	empty := registry.NewTable()
	for name, doc := range map[string]any{
		`"versions":[]`: APIVersions(empty, ""), `"groups":[]`: APIGroupList(empty), `"items":[]`: Groups(empty),
	} {
		if data, err := json.Marshal(doc); err != nil || !strings.Contains(string(data), name) {
			t.Errorf("%s is not in %s (%v)", name, data, err)
		}
	}
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
