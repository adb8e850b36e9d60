package authz

import (
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatARequestAsksFor(t *testing.T) {
	for _, c := range []struct {
		rule, method, url string
		want              Attributes
	}{
		{"a list", "GET", "/api/v1/namespaces/x/pods", Attributes{Verb: "list", Namespace: "x", Version: "v1", Resource: "pods"}},
		{"a list of all namespaces", "GET", "/api/v1/pods", Attributes{Verb: "list", Version: "v1", Resource: "pods"}},
		{"a watch", "GET", "/api/v1/pods?watch=1", Attributes{Verb: "watch", Version: "v1", Resource: "pods"}},
		{"no watch", "GET", "/api/v1/pods?watch=false", Attributes{Verb: "list", Version: "v1", Resource: "pods"}},
		{"the older watch", "GET", "/api/v1/watch/namespaces/x/pods/p",
			Attributes{Verb: "watch", Namespace: "x", Version: "v1", Resource: "pods", Name: "p"}},
		{"a list of one name", "GET", "/api/v1/pods?fieldSelector=metadata.name%3Dp", Attributes{Verb: "list", Version: "v1", Resource: "pods", Name: "p"}},
		{"one object", "HEAD", "/apis/apps/v1/namespaces/x/deployments/d",
			Attributes{Verb: "get", Namespace: "x", Group: "apps", Version: "v1", Resource: "deployments", Name: "d"}},
		{"a subresource", "PUT", "/apis/apps/v1/namespaces/x/deployments/d/scale",
			Attributes{Verb: "update", Namespace: "x", Group: "apps", Version: "v1", Resource: "deployments", Name: "d", Subresource: "scale"}},
		{"what is proxied", "POST", "/api/v1/namespaces/x/pods/p:80/proxy/a/b",
			Attributes{Verb: "create", Namespace: "x", Version: "v1", Resource: "pods", Name: "p:80", Subresource: "proxy"}},
		{"a namespace", "DELETE", "/api/v1/namespaces/x", Attributes{Verb: "delete", Namespace: "x", Version: "v1", Resource: "namespaces", Name: "x"}},
		{"its status", "PATCH", "/api/v1/namespaces/x/status",
			Attributes{Verb: "patch", Namespace: "x", Version: "v1", Resource: "namespaces", Name: "x", Subresource: "status"}},
		{"all of them", "DELETE", "/api/v1/namespaces/x/pods", Attributes{Verb: "deletecollection", Namespace: "x", Version: "v1", Resource: "pods"}},
		{"what does not exist", "POST", "/apis/x.example/v9/gadgets", Attributes{Verb: "create", Group: "x.example", Version: "v9", Resource: "gadgets"}},
		{"a path", "GET", "/openapi/v2", Attributes{Verb: "get", Path: "/openapi/v2"}},
		{"a group", "GET", "/apis/apps/v1", Attributes{Verb: "get", Path: "/apis/apps/v1"}},
		{"the root", "POST", "/", Attributes{Verb: "post", Path: "/"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Of(httptest.NewRequest(c.method, c.url, nil), User{})); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForbiddenWords(t *testing.T) {
	u := User{Name: "bob"}
	for _, c := range []struct {
		want   string
		a      Attributes
		reason string
	}{
		{`pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "x"`,
			Attributes{User: u, Verb: "list", Namespace: "x", Resource: "pods"}, ""},
		{`deployments.apps "d" is forbidden: User "bob" cannot update resource "deployments/scale" in API group "apps" in the namespace "x"`,
			Attributes{User: u, Verb: "update", Namespace: "x", Group: "apps", Resource: "deployments", Name: "d", Subresource: "scale"}, ""},
		{`nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope`, Attributes{User: u, Verb: "list", Resource: "nodes"}, ""},
		{`forbidden: User "bob" cannot get path "/metrics": so there`, Attributes{User: u, Verb: "get", Path: "/metrics"}, "so there"},
		{`forbidden: User "&lt;b&gt;" cannot get path "/a&amp;b"`, Attributes{User: User{Name: "<b>"}, Verb: "get", Path: "/a&b"}, ""},
	} {
		if diff := cmp.Diff(c.want, Forbidden(c.a, c.reason).Error()); diff != "" {
			t.Errorf("message (-want +got):\n%s", diff)
		}
	}
}
