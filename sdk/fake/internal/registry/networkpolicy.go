package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
)

// NetworkPolicies say which pods may be reached, and which may reach others. The network of the cluster asks them.
var NetworkPolicies = &Resource{
	Group: networkingv1.GroupName, Version: "v1", Kind: "NetworkPolicy", Name: "networkpolicies", Singular: "networkpolicy",
	ShortNames: []string{"netpol"}, Namespaced: true,
	New:      func() store.Object { return &networkingv1.NetworkPolicy{} },
	NewList:  func() runtime.Object { return &networkingv1.NetworkPolicyList{} },
	Spec:     func(obj store.Object) any { return &obj.(*networkingv1.NetworkPolicy).Spec },
	Default:  func(obj store.Object) { defaultNetworkPolicy(&obj.(*networkingv1.NetworkPolicy).Spec) },
	Validate: func(obj store.Object) field.ErrorList { return networkPolicyErrors(obj.(*networkingv1.NetworkPolicy)) },
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		return networkPolicyUpdateErrors(obj.(*networkingv1.NetworkPolicy), old.(*networkingv1.NetworkPolicy))
	},
	Warnings: networkPolicyWarnings,
	Columns: []metav1.TableColumnDefinition{
		nameColumn, {Name: "Pod-Selector", Type: "string", Description: networkingv1.NetworkPolicySpec{}.SwaggerDoc()["podSelector"]}, ageColumn,
	},
	Cells: func(obj store.Object) []any {
		p := obj.(*networkingv1.NetworkPolicy)
		return []any{p.Name, metav1.FormatLabelSelector(&p.Spec.PodSelector), age(p)}
	},
}

// defaultNetworkPolicy is SetDefaults_NetworkPolicy and SetDefaults_NetworkPolicyPort.
func defaultNetworkPolicy(spec *networkingv1.NetworkPolicySpec) {
	if len(spec.PolicyTypes) == 0 {
		spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
		if len(spec.Egress) > 0 {
			spec.PolicyTypes = append(spec.PolicyTypes, networkingv1.PolicyTypeEgress)
		}
	}
	for _, ports := range policyPorts(spec) {
		for i := range ports {
			if ports[i].Protocol == nil {
				ports[i].Protocol = ptr.To(corev1.ProtocolTCP)
			}
		}
	}
}

// policyPorts are the ports of each rule.
func policyPorts(spec *networkingv1.NetworkPolicySpec) [][]networkingv1.NetworkPolicyPort {
	var all [][]networkingv1.NetworkPolicyPort
	for i := range spec.Ingress {
		all = append(all, spec.Ingress[i].Ports)
	}
	for i := range spec.Egress {
		all = append(all, spec.Egress[i].Ports)
	}
	return all
}

// policyBlocks calls f for each block of addresses, and where it is.
func policyBlocks(spec *networkingv1.NetworkPolicySpec, f func(at *field.Path, b *networkingv1.IPBlock)) {
	each := func(at *field.Path, peers []networkingv1.NetworkPolicyPeer) {
		for i := range peers {
			if b := peers[i].IPBlock; b != nil {
				f(at.Index(i).Child("ipBlock"), b)
			}
		}
	}
	at := field.NewPath("spec")
	for i := range spec.Ingress {
		each(at.Child("ingress").Index(i).Child("from"), spec.Ingress[i].From)
	}
	for i := range spec.Egress {
		each(at.Child("egress").Index(i).Child("to"), spec.Egress[i].To)
	}
}
