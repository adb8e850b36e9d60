package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Roles say what may be done in a namespace.
var Roles = &Resource{
	Group: rbacv1.GroupName, Version: "v1", Kind: "Role", Name: "roles", Singular: "role", Namespaced: true,
	New:      func() store.Object { return &rbacv1.Role{} },
	NewList:  func() runtime.Object { return &rbacv1.RoleList{} },
	Validate: func(obj store.Object) field.ErrorList { return roleErrors(obj.(*rbacv1.Role)) },
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		role, was := obj.(*rbacv1.Role), old.(*rbacv1.Role)
		return append(roleErrors(role), metaUpdateErrors(&role.ObjectMeta, &was.ObjectMeta)...)
	},
}

// ClusterRoles say what may be done in all namespaces, and outside of them.
var ClusterRoles = &Resource{
	Group: rbacv1.GroupName, Version: "v1", Kind: "ClusterRole", Name: "clusterroles", Singular: "clusterrole",
	New:      func() store.Object { return &rbacv1.ClusterRole{} },
	NewList:  func() runtime.Object { return &rbacv1.ClusterRoleList{} },
	Validate: func(obj store.Object) field.ErrorList { return clusterRoleErrors(obj.(*rbacv1.ClusterRole)) },
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		role, was := obj.(*rbacv1.ClusterRole), old.(*rbacv1.ClusterRole)
		return append(clusterRoleErrors(role), metaUpdateErrors(&role.ObjectMeta, &was.ObjectMeta)...)
	},
}
