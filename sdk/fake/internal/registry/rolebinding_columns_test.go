package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestBindingCells(t *testing.T) {
	b := &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "b"}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "view"}, Subjects: []rbacv1.Subject{
		{Kind: "User", Name: "alice"}, {Kind: "Group", Name: "dev"}, {Kind: "User", Name: "bob"}, {Kind: "ServiceAccount", Namespace: "x", Name: "crane"},
	}}
	want := []any{"b", "ClusterRole/view", "<unknown>", "alice, bob", "dev", "x/crane"}
	if diff := cmp.Diff(want, RoleBindings.Cells(b)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}
