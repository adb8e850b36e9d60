package discovery

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// APIVersions is what /api answers: the versions of the group without a name. Clients are told to reach the server at
// serverAddress (host:port), whatever network they are in.
func APIVersions(t *registry.Table, serverAddress string) *metav1.APIVersions {
	doc := &metav1.APIVersions{
		TypeMeta:                   metav1.TypeMeta{Kind: "APIVersions"},
		Versions:                   []string{},
		ServerAddressByClientCIDRs: []metav1.ServerAddressByClientCIDR{{ClientCIDR: "0.0.0.0/0", ServerAddress: serverAddress}},
	}
	for _, g := range groups(t) {
		if g.name == "" {
			doc.Versions = g.versions
		}
	}
	return doc
}

// APIGroupList is what /apis answers: the groups that have a name, in the order of the table.
func APIGroupList(t *registry.Table) *metav1.APIGroupList {
	doc := &metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}, Groups: []metav1.APIGroup{}}
	for _, g := range groups(t) {
		if g.name != "" {
			doc.Groups = append(doc.Groups, apiGroup(g))
		}
	}
	return doc
}

// APIGroup is what /apis/GROUP answers, or nil when the table has no such group. The group without a name has no such
// document.
func APIGroup(t *registry.Table, name string) *metav1.APIGroup {
	for _, g := range groups(t) {
		if g.name == name && name != "" {
			doc := apiGroup(g)
			doc.TypeMeta = metav1.TypeMeta{Kind: "APIGroup", APIVersion: "v1"}
			return &doc
		}
	}
	return nil
}

// APIResourceList is what /api/VERSION and /apis/GROUP/VERSION answer, or nil when nothing is served under gv.
func APIResourceList(t *registry.Table, gv schema.GroupVersion) *metav1.APIResourceList {
	rows := rowsOf(t, gv)
	if len(rows) == 0 {
		return nil
	}
	doc := &metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList"}, GroupVersion: gv.String()}
	if gv.Group != "" {
		doc.APIVersion = "v1" // which the oldest group's document lacks
	}
	for _, r := range rows {
		doc.APIResources = append(doc.APIResources, apiResource(r))
		for _, s := range subresourcesOf(r) {
			doc.APIResources = append(doc.APIResources, metav1.APIResource{
				Name: r.Name + "/" + s.Name, Namespaced: r.Namespaced,
				Group: s.Group, Version: s.Version, Kind: cmp.Or(s.Kind, r.Kind), Verbs: s.Verbs,
			})
		}
	}
	return doc
}

func apiGroup(g group) metav1.APIGroup {
	doc := metav1.APIGroup{Name: g.name}
	for _, v := range g.versions {
		gv := schema.GroupVersion{Group: g.name, Version: v}
		doc.Versions = append(doc.Versions, metav1.GroupVersionForDiscovery{GroupVersion: gv.String(), Version: v})
	}
	doc.PreferredVersion = doc.Versions[0]
	return doc
}

func apiResource(r *registry.Resource) metav1.APIResource {
	doc := metav1.APIResource{
		Name: r.Name, SingularName: r.Singular, Namespaced: r.Namespaced, Kind: r.Kind,
		Verbs: r.AllowedVerbs(), ShortNames: r.ShortNames, Categories: r.Categories,
	}
	if stored := r.Can("watch"); stored {
		doc.StorageVersionHash = storageVersionHash(r.KeptKind())
	}
	return doc
}

// storageVersionHash tells clients when a resource is stored in another version than before; it is made as upstream's
// StorageVersionHash makes it.
func storageVersionHash(gvk schema.GroupVersionKind) string {
	sum := sha256.Sum256([]byte(gvk.Group + "/" + gvk.Version + "/" + gvk.Kind))
	return base64.StdEncoding.EncodeToString(sum[:8])
}

// group is an API group with its versions, the preferred one first.
type group struct {
	name     string
	versions []string
}

// groups lists the table's groups and their versions, both in the order in which rows name them first.
func groups(t *registry.Table) []group {
	var out []group
	for _, r := range t.Rows() {
		i := slices.IndexFunc(out, func(g group) bool { return g.name == r.Group })
		if i < 0 {
			i, out = len(out), append(out, group{name: r.Group})
		}
		if !slices.Contains(out[i].versions, r.Version) {
			out[i].versions = append(out[i].versions, r.Version)
		}
	}
	return out
}

// rowsOf are the rows of a version, sorted by name as the real server sorts them.
func rowsOf(t *registry.Table, gv schema.GroupVersion) []*registry.Resource {
	var rows []*registry.Resource
	for _, r := range t.Rows() {
		if r.GroupVersion() == gv {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b *registry.Resource) int { return cmp.Compare(a.Name, b.Name) })
	return rows
}

func subresourcesOf(r *registry.Resource) []registry.Subresource {
	return slices.SortedFunc(slices.Values(r.Subresources), func(a, b registry.Subresource) int { return cmp.Compare(a.Name, b.Name) })
}
