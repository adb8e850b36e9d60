package discovery

import (
	"cmp"
	"crypto/sha512"
	"encoding/json"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	apidiscoveryv2beta1 "k8s.io/api/apidiscovery/v2beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// LegacyGroup is the aggregated form of /api: the group without a name and everything in it.
func LegacyGroup(t *registry.Table) *apidiscoveryv2.APIGroupDiscoveryList {
	return aggregate(t, func(name string) bool { return name == "" })
}

// Groups is the aggregated form of /apis: all groups that have a name and everything in them.
func Groups(t *registry.Table) *apidiscoveryv2.APIGroupDiscoveryList {
	return aggregate(t, func(name string) bool { return name != "" })
}

// ETag is the HTTP entity tag of a document, quotes included: equal for equal documents, in this process and any other.
func ETag(doc any) (string, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("tag a discovery document: %w", err)
	}
	return fmt.Sprintf("%q", fmt.Sprintf("%X", sha512.Sum512(data))), nil
}

func aggregate(t *registry.Table, take func(group string) bool) *apidiscoveryv2.APIGroupDiscoveryList {
	doc := &apidiscoveryv2.APIGroupDiscoveryList{
		TypeMeta: metav1.TypeMeta{Kind: "APIGroupDiscoveryList", APIVersion: apidiscoveryv2.SchemeGroupVersion.String()},
		Items:    []apidiscoveryv2.APIGroupDiscovery{},
	}
	for _, g := range groups(t) {
		if !take(g.name) {
			continue
		}
		item := apidiscoveryv2.APIGroupDiscovery{ObjectMeta: metav1.ObjectMeta{Name: g.name}}
		for _, v := range g.versions {
			item.Versions = append(item.Versions, aggregateVersion(t, schema.GroupVersion{Group: g.name, Version: v}))
		}
		doc.Items = append(doc.Items, item)
	}
	return doc
}

func aggregateVersion(t *registry.Table, gv schema.GroupVersion) apidiscoveryv2.APIVersionDiscovery {
	doc := apidiscoveryv2.APIVersionDiscovery{Version: gv.Version, Freshness: apidiscoveryv2.DiscoveryFreshnessCurrent}
	for _, r := range rowsOf(t, gv) {
		doc.Resources = append(doc.Resources, aggregateResource(r))
	}
	return doc
}

func aggregateResource(r *registry.Resource) apidiscoveryv2.APIResourceDiscovery {
	doc := apidiscoveryv2.APIResourceDiscovery{
		Resource: r.Name, ResponseKind: &metav1.GroupVersionKind{Kind: r.Kind}, Scope: apidiscoveryv2.ScopeCluster,
		SingularResource: r.Singular, Verbs: r.AllowedVerbs(), ShortNames: r.ShortNames, Categories: r.Categories,
	}
	if r.Namespaced {
		doc.Scope = apidiscoveryv2.ScopeNamespace
	}
	for _, s := range subresourcesOf(r) {
		doc.Subresources = append(doc.Subresources, apidiscoveryv2.APISubresourceDiscovery{
			Subresource:  s.Name,
			ResponseKind: &metav1.GroupVersionKind{Group: s.Group, Version: s.Version, Kind: cmp.Or(s.Kind, r.Kind)},
			Verbs:        s.Verbs,
		})
	}
	return doc
}

// Beta is a document of [LegacyGroup] or [Groups] in version v2beta1, which clients of Kubernetes 1.26 to 1.29 ask for.
// The two versions differ in nothing but the name; what doc points to is shared with the result.
func Beta(doc *apidiscoveryv2.APIGroupDiscoveryList) *apidiscoveryv2beta1.APIGroupDiscoveryList {
	beta := &apidiscoveryv2beta1.APIGroupDiscoveryList{
		TypeMeta: metav1.TypeMeta{Kind: doc.Kind, APIVersion: apidiscoveryv2beta1.SchemeGroupVersion.String()},
		ListMeta: doc.ListMeta,
		Items:    make([]apidiscoveryv2beta1.APIGroupDiscovery, 0, len(doc.Items)),
	}
	for _, g := range doc.Items {
		item := apidiscoveryv2beta1.APIGroupDiscovery{ObjectMeta: g.ObjectMeta}
		for _, v := range g.Versions {
			version := apidiscoveryv2beta1.APIVersionDiscovery{Version: v.Version, Freshness: apidiscoveryv2beta1.DiscoveryFreshness(v.Freshness)}
			for _, r := range v.Resources {
				version.Resources = append(version.Resources, betaResource(r))
			}
			item.Versions = append(item.Versions, version)
		}
		beta.Items = append(beta.Items, item)
	}
	return beta
}

func betaResource(r apidiscoveryv2.APIResourceDiscovery) apidiscoveryv2beta1.APIResourceDiscovery {
	beta := apidiscoveryv2beta1.APIResourceDiscovery{
		Resource: r.Resource, ResponseKind: r.ResponseKind, Scope: apidiscoveryv2beta1.ResourceScope(r.Scope),
		SingularResource: r.SingularResource, Verbs: r.Verbs, ShortNames: r.ShortNames, Categories: r.Categories,
	}
	for _, s := range r.Subresources {
		beta.Subresources = append(beta.Subresources, apidiscoveryv2beta1.APISubresourceDiscovery(s))
	}
	return beta
}
