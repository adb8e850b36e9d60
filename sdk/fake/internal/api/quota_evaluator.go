package api

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// evaluator measures the objects of one resource for quotas, as quota.Evaluator does. A nil func means that the resource has nothing
// special there.
type evaluator struct {
	// counts says whether a quota's amount of that name is about the resource.
	counts func(corev1.ResourceName) bool
	usage  func(store.Object) corev1.ResourceList
	// updates says whether an update can change the usage, so that it is charged for; nil: only creation is.
	updates func(obj, old store.Object, subresource string) bool
	// inScope says whether an object is one that a scope chooses; nil: none is.
	inScope func(corev1.ScopedResourceSelectorRequirement, store.Object) bool
	// missing is why an object that says too little cannot be charged for.
	missing func(required []corev1.ResourceName, obj store.Object) error
}

// evaluators are those of the resources that are not merely counted.
var evaluators = map[schema.GroupResource]*evaluator{
	registry.Pods.GroupResource():                   podEvaluator,
	registry.Services.GroupResource():               serviceEvaluator,
	registry.PersistentVolumeClaims.GroupResource(): claimEvaluator,
	registry.ConfigMaps.GroupResource():             countEvaluator(registry.ConfigMaps.GroupResource(), corev1.ResourceConfigMaps),
	registry.ResourceQuotas.GroupResource():         countEvaluator(registry.ResourceQuotas.GroupResource(), corev1.ResourceQuotas),
	registry.ReplicationControllers.GroupResource(): countEvaluator(registry.ReplicationControllers.GroupResource(), corev1.ResourceReplicationControllers),
	registry.Secrets.GroupResource():                countEvaluator(registry.Secrets.GroupResource(), corev1.ResourceSecrets),
}

// evaluatorFor finds how objects of a resource are measured; nil if no quota is about them: events never are, and what is in no namespace
// is not either.
func evaluatorFor(r *registry.Resource) *evaluator {
	gr := r.GroupResource()
	if !r.Namespaced || gr.Resource == registry.Events.Name && (gr.Group == "" || gr.Group == "events.k8s.io") || !r.Can("list") {
		return nil
	}
	if e := evaluators[gr]; e != nil {
		return e
	}
	return countEvaluator(gr)
}

// countName is what a quota calls the number of objects of a resource.
func countName(gr schema.GroupResource) corev1.ResourceName {
	if gr.Group == "" {
		return corev1.ResourceName("count/" + gr.Resource)
	}
	return corev1.ResourceName("count/" + gr.Resource + "." + gr.Group)
}

// countEvaluator counts objects, also under an older name.
func countEvaluator(gr schema.GroupResource, aliases ...corev1.ResourceName) *evaluator {
	names := append([]corev1.ResourceName{countName(gr)}, aliases...)
	usage := corev1.ResourceList{}
	for _, name := range names {
		usage[name] = *resource.NewQuantity(1, resource.DecimalSI)
	}
	return &evaluator{
		counts: func(name corev1.ResourceName) bool { return slices.Contains(names, name) },
		usage:  func(store.Object) corev1.ResourceList { return usage },
	}
}

// matching are those of names that the evaluator counts.
func (e *evaluator) matching(names []corev1.ResourceName) []corev1.ResourceName {
	var matches []corev1.ResourceName
	for _, name := range names {
		if e.counts(name) {
			matches = append(matches, name)
		}
	}
	return matches
}

// chooses says whether an object is in all scopes of a quota.
func (e *evaluator) chooses(q *corev1.ResourceQuota, obj store.Object) bool {
	for _, s := range scopesOf(q) {
		if e.inScope == nil || !e.inScope(s, obj) {
			return false
		}
	}
	return true
}

// scopesOf are the scopes of a quota in one form, as getScopeSelectorsFromQuota.
func scopesOf(q *corev1.ResourceQuota) []corev1.ScopedResourceSelectorRequirement {
	var all []corev1.ScopedResourceSelectorRequirement
	for _, scope := range q.Spec.Scopes {
		all = append(all, corev1.ScopedResourceSelectorRequirement{ScopeName: scope, Operator: corev1.ScopeSelectorOpExists})
	}
	if q.Spec.ScopeSelector != nil {
		all = append(all, q.Spec.ScopeSelector.MatchExpressions...)
	}
	return all
}
