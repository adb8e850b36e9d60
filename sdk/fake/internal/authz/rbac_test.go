package authz

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// cluster is a fresh one, in which the account crane may view its namespace and read secrets, and bob has a role that is
// not there.
func cluster() *RBAC {
	clusterRoles, clusterBindings := Bootstrap()
	crane := []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: "crane"}}
	clusterRoles = append(clusterRoles, &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "gadgets", Labels: map[string]string{aggregateTo + "view": "true"}},
		Rules:      []rbacv1.PolicyRule{{Verbs: []string{"get"}, APIGroups: []string{"x.example"}, Resources: []string{"gadgets"}}},
	})
	bindings := map[string][]*rbacv1.RoleBinding{"x": {
		{ObjectMeta: metav1.ObjectMeta{Namespace: "x", Name: "viewers"}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "view"}, Subjects: crane},
		{ObjectMeta: metav1.ObjectMeta{Namespace: "x", Name: "readers"}, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: "reader"}, Subjects: crane},
		{ObjectMeta: metav1.ObjectMeta{Namespace: "x", Name: "bobs"}, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: "missing"},
			Subjects: []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "bob"}}},
	}}
	return &RBAC{
		Roles: func(namespace, name string) (*rbacv1.Role, error) {
			if name != "reader" {
				return nil, fmt.Errorf("role.rbac.authorization.k8s.io %q not found", name)
			}
			return &rbacv1.Role{Rules: []rbacv1.PolicyRule{{
				Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: []string{"one"},
			}}}, nil
		},
		ClusterRoles:        func() []*rbacv1.ClusterRole { return clusterRoles },
		RoleBindings:        func(namespace string) []*rbacv1.RoleBinding { return bindings[namespace] },
		ClusterRoleBindings: func() []*rbacv1.ClusterRoleBinding { return clusterBindings },
	}
}

func TestRBAC(t *testing.T) {
	crane := User{Name: AccountName("x", "crane"), Groups: append(AccountGroups("x"), Authenticated)}
	bob := User{Name: "bob", Groups: []string{Authenticated}}
	nobody := User{Name: Anonymous, Groups: []string{Unauthenticated}}
	viewed := `RBAC: allowed by RoleBinding "viewers/x" of ClusterRole "view" to ServiceAccount "crane/x"`
	for _, c := range []struct {
		rule    string
		a       Attributes
		allowed bool
		reason  string
	}{
		{"a role that selects others", Attributes{User: crane, Verb: "list", Namespace: "x", Resource: "pods"}, true, viewed},
		{"one of a user's among them", Attributes{User: crane, Verb: "get", Namespace: "x", Group: "x.example", Resource: "gadgets"}, true, viewed},
		{"another verb", Attributes{User: crane, Verb: "delete", Namespace: "x", Resource: "pods", Name: "p"}, false, ""},
		{"another namespace", Attributes{User: crane, Verb: "list", Namespace: "y", Resource: "pods"}, false, ""},
		{"all namespaces", Attributes{User: crane, Verb: "list", Resource: "pods"}, false, ""},
		{"a name", Attributes{User: crane, Verb: "get", Namespace: "x", Resource: "secrets", Name: "one"}, true,
			`RBAC: allowed by RoleBinding "readers/x" of Role "reader" to ServiceAccount "crane/x"`},
		{"another name", Attributes{User: crane, Verb: "get", Namespace: "x", Resource: "secrets", Name: "two"}, false, ""},
		{"a role that is missing", Attributes{User: bob, Verb: "get", Namespace: "x", Resource: "pods", Name: "p"}, false,
			`RBAC: role.rbac.authorization.k8s.io "missing" not found`},
		{"discovery", Attributes{User: bob, Verb: "get", Path: "/apis/apps/v1"}, true,
			`RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"`},
		{"discovery for nobody", Attributes{User: nobody, Verb: "get", Path: "/apis/apps/v1"}, false, ""},
		{"health for nobody", Attributes{User: nobody, Verb: "get", Path: "/healthz"}, true, ""},
		{"everything for the masters", Attributes{User: Admin, Verb: "delete", Resource: "nodes"}, true, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			allowed, reason := (&Authorizer{RBAC: cluster()}).Authorize(c.a)
			if allowed != c.allowed {
				t.Errorf("allowed %v, want %v", allowed, c.allowed)
			}
			if diff := cmp.Diff(c.reason, reason); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}
