package types

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// UpdateErrors is [ValidateUpdate] as a list. Each problem stands in it once, though several rules may have found it.
func UpdateErrors(obj, old runtime.Object) field.ErrorList {
	r := &report{}
	if obj == nil || old == nil || reflect.TypeOf(obj) != reflect.TypeOf(old) {
		return field.ErrorList{field.Invalid(field.NewPath("kind"), "", "the kind of an object cannot change")}
	}
	switch obj := obj.(type) {
	case *corev1.Pod:
		r.add(podUpdateErrors(obj, old.(*corev1.Pod))...)
	case *corev1.ReplicationController:
		r.metadataUpdate(&obj.ObjectMeta, &old.(*corev1.ReplicationController).ObjectMeta)
		r.replicationControllerSpec(&obj.Spec)
		r.errors = declaredLast(r.errors, &obj.ObjectMeta)
	case *corev1.Namespace:
		r.metadataUpdate(&obj.ObjectMeta, &old.(*corev1.Namespace).ObjectMeta)
	case *corev1.ConfigMap:
		r.metadataUpdate(&obj.ObjectMeta, &old.(*corev1.ConfigMap).ObjectMeta)
		r.configMapUpdate(obj, old.(*corev1.ConfigMap))
		r.add(Errors(obj)...)
	case *corev1.Secret:
		r.metadataUpdate(&obj.ObjectMeta, &old.(*corev1.Secret).ObjectMeta)
		r.secretUpdate(obj, old.(*corev1.Secret))
		r.add(Errors(obj)...)
	case *corev1.Service:
		r.metadataUpdate(&obj.ObjectMeta, &old.(*corev1.Service).ObjectMeta)
		r.serviceUpdate(obj, old.(*corev1.Service))
		r.add(Errors(obj)...)
	case *corev1.Node:
		r.metadataUpdate(&obj.ObjectMeta, &old.(*corev1.Node).ObjectMeta)
		r.nodeUpdate(obj, old.(*corev1.Node))
	case metav1.ObjectMetaAccessor:
		meta, ok := obj.GetObjectMeta().(*metav1.ObjectMeta)
		before, ok2 := old.(metav1.ObjectMetaAccessor).GetObjectMeta().(*metav1.ObjectMeta)
		if ok && ok2 {
			r.metadataUpdate(meta, before)
		}
		r.add(Errors(obj.(runtime.Object))...)
	}
	return distinct(r.errors)
}

// distinct drops repetitions, as the server's answers do.
func distinct(list field.ErrorList) field.ErrorList {
	var kept field.ErrorList
	seen := map[string]bool{}
	for _, e := range list {
		if text := e.Error(); !seen[text] {
			seen[text] = true
			kept = append(kept, e)
		}
	}
	return kept
}

const frozen = "field is immutable when `immutable` is set"

// configMapUpdate is ValidateConfigMapUpdate: one that is immutable keeps its data, and stays immutable.
func (r *report) configMapUpdate(m, old *corev1.ConfigMap) {
	if !isTrue(old.Immutable) {
		return
	}
	if !isTrue(m.Immutable) {
		r.forbidden(field.NewPath("immutable"), frozen)
	}
	if !reflect.DeepEqual(m.Data, old.Data) {
		r.forbidden(field.NewPath("data"), frozen)
	}
	if !reflect.DeepEqual(m.BinaryData, old.BinaryData) {
		r.forbidden(field.NewPath("binaryData"), frozen)
	}
}

// secretUpdate is ValidateSecretUpdate.
func (r *report) secretUpdate(s, old *corev1.Secret) {
	r.add(apivalidation.ValidateImmutableField(s.Type, old.Type, field.NewPath("type"))...)
	if !isTrue(old.Immutable) {
		return
	}
	if !isTrue(s.Immutable) {
		r.forbidden(field.NewPath("immutable"), frozen)
	}
	if !reflect.DeepEqual(s.Data, old.Data) {
		r.forbidden(field.NewPath("data"), frozen)
	}
}

func isTrue(p *bool) bool { return p != nil && *p }

// serviceUpdate keeps the first address of a service that has one, as validateUpgradeDowngradeClusterIPs does.
func (r *report) serviceUpdate(s, old *corev1.Service) {
	none := corev1.ServiceTypeExternalName
	if s.Spec.Type == none || old.Spec.Type == none || len(old.Spec.ClusterIPs) == 0 {
		return
	}
	at := field.NewPath("spec", "clusterIPs").Index(0)
	switch {
	case len(s.Spec.ClusterIPs) == 0:
		r.invalid(at, s.Spec.ClusterIPs, "primary clusterIP can not be unset")
	case s.Spec.ClusterIPs[0] != old.Spec.ClusterIPs[0]:
		r.invalid(at, s.Spec.ClusterIPs, "may not change once set")
	}
}

// nodeUpdate is ValidateNodeUpdate: addresses and provider are set once.
func (r *report) nodeUpdate(node, old *corev1.Node) {
	if len(old.Spec.PodCIDRs) > 0 && !equality.Semantic.DeepEqual(node.Spec.PodCIDRs, old.Spec.PodCIDRs) {
		r.forbidden(field.NewPath("spec", "podCIDRs"), "node updates may not change podCIDR except from \"\" to valid")
	}
	if old.Spec.ProviderID != "" && node.Spec.ProviderID != old.Spec.ProviderID {
		r.forbidden(field.NewPath("spec", "providerID"), "node updates may not change providerID except from \"\" to valid")
	}
	r.taints(field.NewPath("metadata", "taints"), node.Spec.Taints)
}
