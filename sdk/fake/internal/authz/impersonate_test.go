package authz

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestWhoIsWanted(t *testing.T) {
	header := http.Header{
		"Accept": {"*/*"}, "Impersonate-User": {"bob"}, "Impersonate-Uid": {"1"}, "Impersonate-Group": {"a", "b"},
		"Impersonate-Extra-Example.com%2fteam": {"red"},
	}
	got, ok, err := Wanted(header)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	want := User{Name: "bob", UID: "1", Groups: []string{"a", "b"}, Extra: map[string][]string{"example.com/team": {"red"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("user (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(http.Header{"Accept": {"*/*"}}, header); diff != "" {
		t.Errorf("headers left (-want +got):\n%s", diff)
	}
	if _, ok, err := Wanted(http.Header{}); ok || err != nil {
		t.Error("somebody is wanted without headers", err)
	}
	if _, _, err := Wanted(http.Header{"Impersonate-Group": {"a"}}); err == nil {
		t.Error("a group without a user is no error")
	}
}

func TestImpersonation(t *testing.T) {
	pods := Attributes{User: Admin, Verb: "list", Namespace: "x", Resource: "pods"}
	for _, c := range []struct {
		rule   string
		forbid []Rule
		wanted User
		groups []string
		err    string
	}{
		{"somebody who is known", nil, User{Name: "bob"}, []string{Authenticated}, ""},
		{"groups", nil, User{Name: "bob", Groups: []string{"a"}}, []string{"a", Authenticated}, ""},
		{"nobody", nil, User{Name: Anonymous}, []string{Unauthenticated}, ""},
		{"a service account", nil, User{Name: "system:serviceaccount:x:y"}, []string{accounts, accounts + ":x", Authenticated}, ""},
		{"a node", nil, User{Name: "system:node:minikube"}, []string{nodes, Authenticated}, ""},
		{"the masters, by the oldest way only", nil, User{Name: "bob", Groups: []string{Masters}}, []string{Masters, Authenticated}, ""},
		{"what the constrained ways refuse", []Rule{{Verbs: []string{"impersonate:user-info"}}}, User{Name: "bob"}, []string{Authenticated}, ""},
		{"what all ways refuse", []Rule{{Verbs: []string{"impersonate", "impersonate-on:user-info:list"}}}, User{Name: "bob"}, nil,
			`pods is forbidden: User "kubernetes-admin" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "x"`},
		{"a name", []Rule{{Verbs: []string{"impersonate:user-info", "impersonate"}}}, User{Name: "bob"}, nil,
			`users.authentication.k8s.io "bob" is forbidden: User "kubernetes-admin" cannot impersonate:user-info resource "users" ` +
				`in API group "authentication.k8s.io" at the cluster scope`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, err := (&Authorizer{Forbidden: c.forbid}).Impersonate(pods, c.wanted)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if diff := cmp.Diff(c.err, text); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.groups, got.Groups, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}
