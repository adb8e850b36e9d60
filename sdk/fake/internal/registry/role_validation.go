package registry

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	unversioned "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// metaErrors is ValidateObjectMeta for kinds whose names may be all that fits into a path, as ValidateRBACName has it.
func metaErrors(meta *metav1.ObjectMeta, namespaced bool) field.ErrorList {
	return apivalidation.ValidateObjectMeta(meta, namespaced, path.ValidatePathSegmentName, field.NewPath("metadata"))
}

func metaUpdateErrors(meta, was *metav1.ObjectMeta) field.ErrorList {
	return apivalidation.ValidateObjectMetaUpdate(meta, was, field.NewPath("metadata"))
}

// roleErrors is ValidateRole, and what the type's own markers declare, which the server reads after its rules.
func roleErrors(role *rbacv1.Role) field.ErrorList {
	return slices.Concat(metaErrors(&role.ObjectMeta, true), rulesErrors(role.Rules, true), verbsErrors(role.Rules))
}

// clusterRoleErrors is ValidateClusterRole, likewise.
func clusterRoleErrors(role *rbacv1.ClusterRole) field.ErrorList {
	return slices.Concat(metaErrors(&role.ObjectMeta, false), rulesErrors(role.Rules, false), aggregationErrors(role), verbsErrors(role.Rules))
}

func verbsErrors(rules []rbacv1.PolicyRule) field.ErrorList {
	var errs field.ErrorList
	for i := range rules {
		if len(rules[i].Verbs) == 0 {
			errs = append(errs, field.Required(field.NewPath("rules").Index(i).Child("verbs"), ""))
		}
	}
	return errs
}

func aggregationErrors(role *rbacv1.ClusterRole) field.ErrorList {
	var errs field.ErrorList
	if role.AggregationRule == nil {
		return nil
	}
	at := field.NewPath("aggregationRule", "clusterRoleSelectors")
	if len(role.AggregationRule.ClusterRoleSelectors) == 0 {
		errs = append(errs, field.Required(at, "at least one clusterRoleSelector required if aggregationRule is non-nil"))
	}
	for i := range role.AggregationRule.ClusterRoleSelectors {
		s := &role.AggregationRule.ClusterRoleSelectors[i]
		errs = append(errs, unversioned.ValidateLabelSelector(s, unversioned.LabelSelectorValidationOptions{}, at.Index(i))...)
		if parsed, err := metav1.LabelSelectorAsSelector(s); err != nil {
			errs = append(errs, field.Invalid(at.Index(i), parsed, "invalid label selector."))
		}
	}
	return errs
}

func rulesErrors(rules []rbacv1.PolicyRule, namespaced bool) field.ErrorList {
	var errs field.ErrorList
	for i := range rules {
		errs = append(errs, ruleErrors(&rules[i], namespaced, field.NewPath("rules").Index(i))...)
	}
	return errs
}

// ruleErrors is ValidatePolicyRule, but for the verbs.
func ruleErrors(rule *rbacv1.PolicyRule, namespaced bool, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if urls := at.Child("nonResourceURLs"); len(rule.NonResourceURLs) > 0 {
		if namespaced {
			errs = append(errs, field.Invalid(urls, rule.NonResourceURLs, "namespaced rules cannot apply to non-resource URLs"))
		}
		if len(rule.APIGroups) > 0 || len(rule.Resources) > 0 || len(rule.ResourceNames) > 0 {
			errs = append(errs, field.Invalid(urls, rule.NonResourceURLs, "rules cannot apply to both regular resources and non-resource URLs"))
		}
		return errs
	}
	if len(rule.APIGroups) == 0 {
		errs = append(errs, field.Required(at.Child("apiGroups"), "resource rules must supply at least one api group"))
	}
	if len(rule.Resources) == 0 {
		errs = append(errs, field.Required(at.Child("resources"), "resource rules must supply at least one resource"))
	}
	return errs
}
