package registry

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestRulesOfPermissions(t *testing.T) {
	named := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }
	in := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name, Namespace: "x"} }
	view := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "view"}
	for _, c := range []struct {
		rule string
		obj  store.Object
		want []string
	}{
		{"a role without rules", &rbacv1.Role{ObjectMeta: in("a")}, nil},
		{"a name may have colons", &rbacv1.ClusterRole{ObjectMeta: named("system:a")}, nil},
		{"but no slashes", &rbacv1.ClusterRole{ObjectMeta: named("a/b")}, []string{`metadata.name: Invalid value: "a/b": may not contain '/'`}},
		{"a namespace is needed", &rbacv1.Role{ObjectMeta: named("a")}, []string{"metadata.namespace: Required value"}},
		{"verbs are needed", &rbacv1.Role{ObjectMeta: in("a"), Rules: []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"pods"}}}},
			[]string{"rules[0].verbs: Required value"}},
		{"paths are for cluster roles", &rbacv1.Role{ObjectMeta: in("a"), Rules: []rbacv1.PolicyRule{{Verbs: []string{"get"}, NonResourceURLs: []string{"/x"}}}},
			[]string{`rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs`}},
		{"paths or resources", &rbacv1.ClusterRole{ObjectMeta: named("a"), Rules: []rbacv1.PolicyRule{
			{Verbs: []string{"get"}, NonResourceURLs: []string{"/x"}, Resources: []string{"pods"}}}},
			[]string{`rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs`}},
		{"an aggregation selects", &rbacv1.ClusterRole{ObjectMeta: named("a"), AggregationRule: &rbacv1.AggregationRule{}},
			[]string{"aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil"}},
		{"a cluster binding has a cluster role", &rbacv1.ClusterRoleBinding{ObjectMeta: named("a"), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "r"}},
			[]string{`roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"`}},
		{"accounts of everywhere have namespaces", &rbacv1.ClusterRoleBinding{ObjectMeta: named("a"), RoleRef: view,
			Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "default"}}}, []string{"subjects[0].namespace: Required value"}},
		{"those of a namespace need none", &rbacv1.RoleBinding{ObjectMeta: in("a"), RoleRef: view,
			Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "default"}}}, nil},
		{"other subjects", &rbacv1.RoleBinding{ObjectMeta: in("a"), RoleRef: view, Subjects: []rbacv1.Subject{{Kind: "Robot", Name: "r"}}},
			[]string{`subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"`}},
		{"a role is named", &rbacv1.RoleBinding{ObjectMeta: in("a"), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role"}},
			[]string{"roleRef.name: Required value"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var got []string
			for _, row := range []*Resource{Roles, ClusterRoles, RoleBindings, ClusterRoleBindings} {
				if sameType(row.New(), c.obj) {
					for _, e := range row.Errors(c.obj) {
						got = append(got, e.Error())
					}
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func sameType(a, b store.Object) bool { return reflect.TypeOf(a) == reflect.TypeOf(b) }
