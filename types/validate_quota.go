package types

import (
	"slices"
	"strings"

	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// quota is ValidateResourceQuota.
func (r *report) quota(q *corev1.ResourceQuota) {
	r.Metadata(&q.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.quotaSpec(&q.Spec)
	r.quotaStatus(&q.Status)
}

// quotaUpdate is ValidateResourceQuotaUpdate: what a quota counts stays.
func (r *report) quotaUpdate(q, old *corev1.ResourceQuota) {
	r.MetadataUpdate(&q.ObjectMeta, &old.ObjectMeta)
	r.quotaSpec(&q.Spec)
	if !sets.New(q.Spec.Scopes...).Equal(sets.New(old.Spec.Scopes...)) {
		r.Invalid(field.NewPath("spec", "scopes"), q.Spec.Scopes, apivalidation.FieldImmutableErrorMsg)
	}
}

func (r *report) quotaSpec(spec *corev1.ResourceQuotaSpec) {
	at := field.NewPath("spec")
	r.quotaAmounts(at.Child("hard"), spec.Hard)
	r.scopes(at.Child("scopes"), spec)
	if spec.ScopeSelector != nil {
		r.scopeSelector(at.Child("scopeSelector", "matchExpressions"), spec)
	}
}

// quotaStatus is ValidateResourceQuotaStatus.
func (r *report) quotaStatus(status *corev1.ResourceQuotaStatus) {
	at := field.NewPath("status")
	r.quotaAmounts(at.Child("hard"), status.Hard)
	r.quotaAmounts(at.Child("used"), status.Used)
}

func (r *report) quotaAmounts(at *field.Path, list corev1.ResourceList) {
	for _, name := range sortedKeys(list) {
		one := at.Key(string(name))
		r.ResourceName(one, name)
		if !strings.Contains(string(name), "/") && !check.IsQuotaResource(name) {
			r.Invalid(one, name, "must be a standard resource for quota")
		}
		r.Quantity(one, name, list[name])
	}
}

// The scopes that a quota may have, and those that no quota has both of.
var (
	quotaScopes = []corev1.ResourceQuotaScope{
		corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating, corev1.ResourceQuotaScopeBestEffort, corev1.ResourceQuotaScopeNotBestEffort,
		corev1.ResourceQuotaScopePriorityClass, corev1.ResourceQuotaScopeVolumeAttributesClass, corev1.ResourceQuotaScopeCrossNamespacePodAffinity,
	}
	opposedScopes = [][2]corev1.ResourceQuotaScope{
		{corev1.ResourceQuotaScopeBestEffort, corev1.ResourceQuotaScopeNotBestEffort},
		{corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating},
	}
)

// countsIn is IsResourceQuotaScopeValidForResource: what a scope chooses by must be had by what is counted.
func countsIn(scope corev1.ResourceQuotaScope, name corev1.ResourceName) bool {
	switch scope {
	case corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating, corev1.ResourceQuotaScopeNotBestEffort,
		corev1.ResourceQuotaScopePriorityClass, corev1.ResourceQuotaScopeCrossNamespacePodAffinity:
		return slices.Contains([]corev1.ResourceName{
			corev1.ResourcePods, corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceLimitsCPU, corev1.ResourceLimitsMemory,
			corev1.ResourceRequestsCPU, corev1.ResourceRequestsMemory,
		}, name)
	case corev1.ResourceQuotaScopeBestEffort:
		return name == corev1.ResourcePods
	case corev1.ResourceQuotaScopeVolumeAttributesClass:
		return name == corev1.ResourcePersistentVolumeClaims || name == corev1.ResourceRequestsStorage
	}
	return true
}

// scopes is validateResourceQuotaScopes; it says the same of every scope that it finds wrong.
func (r *report) scopes(at *field.Path, spec *corev1.ResourceQuotaSpec) {
	if len(spec.Scopes) == 0 {
		return
	}
	for _, scope := range spec.Scopes {
		if !slices.Contains(quotaScopes, scope) {
			r.Invalid(at, spec.Scopes, "unsupported scope")
		}
		r.scopeCounts(at, scope, spec, spec.Scopes)
	}
	r.opposed(at, spec.Scopes, spec.Scopes)
}

func (r *report) scopeCounts(at *field.Path, scope corev1.ResourceQuotaScope, spec *corev1.ResourceQuotaSpec, shown any) {
	for _, name := range sortedKeys(spec.Hard) {
		if check.IsQuotaResource(name) && !countsIn(scope, name) {
			r.Invalid(at, shown, "unsupported scope applied to resource")
		}
	}
}

func (r *report) opposed(at *field.Path, scopes, shown []corev1.ResourceQuotaScope) {
	for _, pair := range opposedScopes {
		if slices.Contains(scopes, pair[0]) && slices.Contains(scopes, pair[1]) {
			r.Invalid(at, shown, "conflicting scopes")
		}
	}
}

// scopeSelector is validateScopedResourceSelectorRequirement, whose paths have no index.
func (r *report) scopeSelector(at *field.Path, spec *corev1.ResourceQuotaSpec) {
	var scopes []corev1.ResourceQuotaScope
	for _, req := range spec.ScopeSelector.MatchExpressions {
		scopes = append(scopes, req.ScopeName)
		if !slices.Contains(quotaScopes, req.ScopeName) {
			r.Invalid(at.Child("scopeName"), req.ScopeName, "unsupported scope")
		}
		r.scopeCounts(at, req.ScopeName, spec, internal(spec.ScopeSelector))
		r.scopeOperator(at, &req)
	}
	r.opposed(at, scopes, spec.Scopes)
}

func (r *report) scopeOperator(at *field.Path, req *corev1.ScopedResourceSelectorRequirement) {
	valued := req.ScopeName == corev1.ResourceQuotaScopePriorityClass || req.ScopeName == corev1.ResourceQuotaScopeVolumeAttributesClass
	if slices.Contains(quotaScopes, req.ScopeName) && !valued && req.Operator != corev1.ScopeSelectorOpExists {
		r.Invalid(at.Child("operator"), req.Operator, "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "+
			"ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity")
	}
	switch req.Operator {
	case corev1.ScopeSelectorOpIn, corev1.ScopeSelectorOpNotIn:
		if len(req.Values) == 0 {
			r.Required(at.Child("values"), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
		}
	case corev1.ScopeSelectorOpExists, corev1.ScopeSelectorOpDoesNotExist:
		if len(req.Values) > 0 {
			r.Invalid(at.Child("values"), req.Values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")
		}
	default:
		r.Invalid(at.Child("operator"), req.Operator, "not a valid selector operator")
	}
}
