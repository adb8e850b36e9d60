package registry

import (
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func bindingColumns(roleDoc, kind string) []metav1.TableColumnDefinition {
	return []metav1.TableColumnDefinition{
		nameColumn,
		{Name: "Role", Type: "string", Description: roleDoc},
		ageColumn,
		{Name: "Users", Type: "string", Priority: wide, Description: "Users in the " + kind},
		{Name: "Groups", Type: "string", Priority: wide, Description: "Groups in the " + kind},
		{Name: "ServiceAccounts", Type: "string", Priority: wide, Description: "ServiceAccounts in the " + kind},
	}
}

// bindingCells show who has which role, as printRoleBinding does.
func bindingCells(obj store.Object, ref rbacv1.RoleRef, subjects []rbacv1.Subject) []any {
	of := map[string][]string{}
	for _, s := range subjects {
		name := s.Name
		if s.Kind == rbacv1.ServiceAccountKind {
			name = s.Namespace + "/" + s.Name
		}
		of[s.Kind] = append(of[s.Kind], name)
	}
	list := func(kind string) string { return strings.Join(of[kind], ", ") }
	return []any{
		obj.GetName(), ref.Kind + "/" + ref.Name, age(obj),
		list(rbacv1.UserKind), list(rbacv1.GroupKind), list(rbacv1.ServiceAccountKind),
	}
}
