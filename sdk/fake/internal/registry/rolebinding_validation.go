package registry

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// roleBindingErrors is ValidateRoleBinding, and what the type's own markers declare, which the server reads after its rules.
func roleBindingErrors(b *rbacv1.RoleBinding) field.ErrorList {
	return slices.Concat(metaErrors(&b.ObjectMeta, true), roleRefErrors(b.RoleRef, "Role", "ClusterRole"), subjectsErrors(b.Subjects, true),
		namesErrors(b.RoleRef, b.Subjects))
}

// clusterRoleBindingErrors is ValidateClusterRoleBinding, likewise.
func clusterRoleBindingErrors(b *rbacv1.ClusterRoleBinding) field.ErrorList {
	return slices.Concat(metaErrors(&b.ObjectMeta, false), roleRefErrors(b.RoleRef, "ClusterRole"), subjectsErrors(b.Subjects, false),
		namesErrors(b.RoleRef, b.Subjects))
}

func namesErrors(ref rbacv1.RoleRef, subjects []rbacv1.Subject) field.ErrorList {
	var errs field.ErrorList
	for i := range subjects {
		if subjects[i].Name == "" {
			errs = append(errs, field.Required(field.NewPath("subjects").Index(i).Child("name"), ""))
		}
	}
	if ref.Name == "" {
		errs = append(errs, field.Required(field.NewPath("roleRef", "name"), ""))
	}
	return errs
}

// bindingUpdateErrors say that a binding is for one role as long as it lives.
func bindingUpdateErrors(meta, was *metav1.ObjectMeta, ref, old rbacv1.RoleRef) field.ErrorList {
	return append(metaUpdateErrors(meta, was), apivalidation.ValidateImmutableField(ref, old, field.NewPath("roleRef"))...)
}

func roleRefErrors(ref rbacv1.RoleRef, kinds ...string) field.ErrorList {
	var errs field.ErrorList
	at := field.NewPath("roleRef")
	if ref.APIGroup != rbacv1.GroupName {
		errs = append(errs, field.NotSupported(at.Child("apiGroup"), ref.APIGroup, []string{rbacv1.GroupName}))
	}
	if !slices.Contains(kinds, ref.Kind) {
		errs = append(errs, field.NotSupported(at.Child("kind"), ref.Kind, kinds))
	}
	if ref.Name == "" {
		return errs
	}
	for _, text := range path.ValidatePathSegmentName(ref.Name, false) {
		errs = append(errs, field.Invalid(at.Child("name"), ref.Name, text))
	}
	return errs
}

func subjectsErrors(subjects []rbacv1.Subject, namespaced bool) field.ErrorList {
	var errs field.ErrorList
	for i := range subjects {
		errs = append(errs, subjectErrors(&subjects[i], namespaced, field.NewPath("subjects").Index(i))...)
	}
	return errs
}

// subjectErrors is ValidateRoleBindingSubject.
func subjectErrors(s *rbacv1.Subject, namespaced bool, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		if s.Name != "" {
			for _, text := range apivalidation.ValidateServiceAccountName(s.Name, false) {
				errs = append(errs, field.Invalid(at.Child("name"), s.Name, text))
			}
		}
		if s.APIGroup != "" {
			errs = append(errs, field.NotSupported(at.Child("apiGroup"), s.APIGroup, []string{""}))
		}
		if !namespaced && s.Namespace == "" {
			errs = append(errs, field.Required(at.Child("namespace"), ""))
		}
	case rbacv1.UserKind, rbacv1.GroupKind:
		if s.APIGroup != rbacv1.GroupName {
			errs = append(errs, field.NotSupported(at.Child("apiGroup"), s.APIGroup, []string{rbacv1.GroupName}))
		}
	default:
		errs = append(errs, field.NotSupported(at.Child("kind"), s.Kind, []string{rbacv1.ServiceAccountKind, rbacv1.UserKind, rbacv1.GroupKind}))
	}
	return errs
}
