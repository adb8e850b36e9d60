package types

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// nodeUpdate is ValidateNodeUpdate, for the node and for its status: addresses of pods and provider are set once. The configuration of
// kubelets by objects, which is gone, is not looked at.
func (r *report) nodeUpdate(node, old *corev1.Node) {
	spec := field.NewPath("spec")
	r.MetadataUpdate(&node.ObjectMeta, &old.ObjectMeta)
	r.nodeResources(&node.Status)
	r.declaredFeatures(field.NewPath("status", "declaredFeatures"), node.Status.DeclaredFeatures)
	r.nodeAddresses(field.NewPath("status", "addresses"), node.Status.Addresses)
	if len(old.Spec.PodCIDRs) > 0 && !slices.Equal(node.Spec.PodCIDRs, old.Spec.PodCIDRs) {
		r.Forbidden(spec.Child("podCIDRs"), "node updates may not change podCIDR except from \"\" to valid")
	}
	switch is, was := node.Spec.ProviderID, old.Spec.ProviderID; {
	case was == "" || is == was:
	case is == "":
		r.Invalid(spec.Child("providerID"), nil, "field cannot be cleared once set")
	default:
		r.Invalid(spec.Child("providerID"), nil, "field cannot be modified once set")
	}
	r.taints(field.NewPath("metadata", "taints"), node.Spec.Taints)
	if node.Spec.DoNotUseExternalID != old.Spec.DoNotUseExternalID {
		r.Forbidden(spec.Child("externalID"), "may not be updated")
	}
}

func (r *report) nodeAddresses(at *field.Path, list []corev1.NodeAddress) {
	seen := map[corev1.NodeAddress]bool{}
	for i, a := range list {
		if seen[a] {
			r.Add(field.Duplicate(at.Index(i), internal(a)))
		}
		seen[a] = true
	}
}
