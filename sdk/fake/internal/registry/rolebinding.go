package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// RoleBindings give a role to users, groups and service accounts, in one namespace.
var RoleBindings = &Resource{
	Group: rbacv1.GroupName, Version: "v1", Kind: "RoleBinding", Name: "rolebindings", Singular: "rolebinding", Namespaced: true,
	New:      func() store.Object { return &rbacv1.RoleBinding{} },
	NewList:  func() runtime.Object { return &rbacv1.RoleBindingList{} },
	Default:  func(obj store.Object) { b := obj.(*rbacv1.RoleBinding); defaultBinding(&b.RoleRef, b.Subjects) },
	Validate: func(obj store.Object) field.ErrorList { return roleBindingErrors(obj.(*rbacv1.RoleBinding)) },
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		b, was := obj.(*rbacv1.RoleBinding), old.(*rbacv1.RoleBinding)
		return append(roleBindingErrors(b), bindingUpdateErrors(&b.ObjectMeta, &was.ObjectMeta, b.RoleRef, was.RoleRef)...)
	},
	Columns: bindingColumns(rbacv1.RoleBinding{}.SwaggerDoc()["roleRef"], "roleBinding"),
	Cells: func(obj store.Object) []any {
		b := obj.(*rbacv1.RoleBinding)
		return bindingCells(b, b.RoleRef, b.Subjects)
	},
}

// ClusterRoleBindings give a cluster role to users, groups and service accounts, everywhere.
var ClusterRoleBindings = &Resource{
	Group: rbacv1.GroupName, Version: "v1", Kind: "ClusterRoleBinding", Name: "clusterrolebindings", Singular: "clusterrolebinding",
	New:     func() store.Object { return &rbacv1.ClusterRoleBinding{} },
	NewList: func() runtime.Object { return &rbacv1.ClusterRoleBindingList{} },
	Default: func(obj store.Object) { b := obj.(*rbacv1.ClusterRoleBinding); defaultBinding(&b.RoleRef, b.Subjects) },
	Validate: func(obj store.Object) field.ErrorList {
		return clusterRoleBindingErrors(obj.(*rbacv1.ClusterRoleBinding))
	},
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		b, was := obj.(*rbacv1.ClusterRoleBinding), old.(*rbacv1.ClusterRoleBinding)
		return append(clusterRoleBindingErrors(b), bindingUpdateErrors(&b.ObjectMeta, &was.ObjectMeta, b.RoleRef, was.RoleRef)...)
	},
	Columns: bindingColumns(rbacv1.ClusterRoleBinding{}.SwaggerDoc()["roleRef"], "clusterRoleBinding"),
	Cells: func(obj store.Object) []any {
		b := obj.(*rbacv1.ClusterRoleBinding)
		return bindingCells(b, b.RoleRef, b.Subjects)
	},
}

// defaultBinding is SetDefaults_RoleBinding and SetDefaults_Subject.
func defaultBinding(ref *rbacv1.RoleRef, subjects []rbacv1.Subject) {
	if ref.APIGroup == "" {
		ref.APIGroup = rbacv1.GroupName
	}
	for i := range subjects {
		s := &subjects[i]
		if s.APIGroup == "" && (s.Kind == rbacv1.UserKind || s.Kind == rbacv1.GroupKind) {
			s.APIGroup = rbacv1.GroupName
		}
	}
}
