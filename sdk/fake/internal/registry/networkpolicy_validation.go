package registry

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	netutils "k8s.io/utils/net"
)

// networkPolicyErrors is ValidateNetworkPolicy.
func networkPolicyErrors(p *networkingv1.NetworkPolicy) field.ErrorList {
	errs := apivalidation.ValidateObjectMeta(&p.ObjectMeta, true, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	return append(errs, networkPolicySpecErrors(&p.Spec, policyAllowance{})...)
}

// policyAllowance is what an update may keep because it was stored before there was a rule against it.
type policyAllowance struct {
	labels metavalidation.LabelSelectorValidationOptions
	cidrs  []string
}

// networkPolicyUpdateErrors is ValidateNetworkPolicyUpdate.
func networkPolicyUpdateErrors(p, old *networkingv1.NetworkPolicy) field.ErrorList {
	var allow policyAllowance
	allow.labels.AllowInvalidLabelValueInSelector = len(metavalidation.ValidateLabelSelector(&old.Spec.PodSelector, allow.labels, nil)) > 0
	policyBlocks(&old.Spec, func(_ *field.Path, b *networkingv1.IPBlock) {
		allow.cidrs = append(append(allow.cidrs, b.CIDR), b.Except...)
	})
	return append(metaUpdateErrors(&p.ObjectMeta, &old.ObjectMeta), networkPolicySpecErrors(&p.Spec, allow)...)
}

func networkPolicySpecErrors(spec *networkingv1.NetworkPolicySpec, allow policyAllowance) field.ErrorList {
	at := field.NewPath("spec")
	errs := metavalidation.ValidateLabelSelector(&spec.PodSelector, allow.labels, at.Child("podSelector"))
	for i, r := range spec.Ingress {
		one := at.Child("ingress").Index(i)
		errs = append(errs, policyRuleErrors(one, one.Child("from"), r.Ports, r.From, allow)...)
	}
	for i, r := range spec.Egress {
		one := at.Child("egress").Index(i)
		errs = append(errs, policyRuleErrors(one, one.Child("to"), r.Ports, r.To, allow)...)
	}
	types := at.Child("policyTypes")
	allowed := []networkingv1.PolicyType{networkingv1.PolicyTypeEgress, networkingv1.PolicyTypeIngress}
	if len(spec.PolicyTypes) > len(allowed) {
		return append(errs, field.Invalid(types, &spec.PolicyTypes, "may not specify more than two policyTypes"))
	}
	for i, t := range spec.PolicyTypes {
		if !slices.Contains(allowed, t) {
			errs = append(errs, field.NotSupported(types.Index(i), t, allowed))
		}
	}
	return errs
}

func policyRuleErrors(at, peersAt *field.Path, ports []networkingv1.NetworkPolicyPort, peers []networkingv1.NetworkPolicyPeer,
	allow policyAllowance) field.ErrorList {
	var errs field.ErrorList
	for i := range ports {
		errs = append(errs, policyPortErrors(at.Child("ports").Index(i), &ports[i])...)
	}
	for i := range peers {
		errs = append(errs, policyPeerErrors(peersAt.Index(i), &peers[i], allow)...)
	}
	return errs
}

// policyPortErrors is ValidateNetworkPolicyPort.
func policyPortErrors(at *field.Path, p *networkingv1.NetworkPolicyPort) field.ErrorList {
	var errs field.ErrorList
	protocols := []corev1.Protocol{corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP}
	if p.Protocol != nil && !slices.Contains(protocols, *p.Protocol) {
		errs = append(errs, field.NotSupported(at.Child("protocol"), *p.Protocol, protocols))
	}
	port, end := at.Child("port"), at.Child("endPort")
	switch {
	case p.Port == nil && p.EndPort != nil:
		errs = append(errs, field.Invalid(end, *p.EndPort, "may not be specified when `port` is not specified"))
	case p.Port == nil:
	case p.Port.Type == intstr.Int:
		errs = append(errs, invalid(port, p.Port.IntVal, validation.IsValidPortNum(int(p.Port.IntVal)))...)
		if p.EndPort != nil {
			if *p.EndPort < p.Port.IntVal {
				errs = append(errs, field.Invalid(end, *p.EndPort, "must be greater than or equal to `port`"))
			}
			errs = append(errs, invalid(end, *p.EndPort, validation.IsValidPortNum(int(*p.EndPort)))...)
		}
	default:
		if p.EndPort != nil {
			errs = append(errs, field.Invalid(end, *p.EndPort, "may not be specified when `port` is non-numeric"))
		}
		errs = append(errs, invalid(port, p.Port.StrVal, validation.IsValidPortName(p.Port.StrVal))...)
	}
	return errs
}

// policyPeerErrors is ValidateNetworkPolicyPeer.
func policyPeerErrors(at *field.Path, p *networkingv1.NetworkPolicyPeer, allow policyAllowance) field.ErrorList {
	var errs field.ErrorList
	if p.PodSelector != nil {
		errs = append(errs, metavalidation.ValidateLabelSelector(p.PodSelector, allow.labels, at.Child("podSelector"))...)
	}
	if p.NamespaceSelector != nil {
		errs = append(errs, metavalidation.ValidateLabelSelector(p.NamespaceSelector, allow.labels, at.Child("namespaceSelector"))...)
	}
	if p.IPBlock != nil {
		errs = append(errs, ipBlockErrors(at.Child("ipBlock"), p.IPBlock, allow)...)
	}
	switch selects := p.PodSelector != nil || p.NamespaceSelector != nil; {
	case !selects && p.IPBlock == nil:
		errs = append(errs, field.Required(at, "must specify a peer"))
	case selects && p.IPBlock != nil:
		errs = append(errs, field.Forbidden(at, "may not specify both ipBlock and another peer"))
	}
	return errs
}

// ipBlockErrors is ValidateIPBlock.
func ipBlockErrors(at *field.Path, b *networkingv1.IPBlock, allow policyAllowance) field.ErrorList {
	if b.CIDR == "" {
		return field.ErrorList{field.Required(at.Child("cidr"), "")}
	}
	errs := validation.IsValidCIDRForLegacyField(at.Child("cidr"), b.CIDR, true, allow.cidrs)
	_, cidr, err := netutils.ParseCIDRSloppy(b.CIDR)
	if err != nil {
		return errs
	}
	for i, text := range b.Except {
		one := at.Child("except").Index(i)
		errs = append(errs, validation.IsValidCIDRForLegacyField(one, text, true, allow.cidrs)...)
		_, except, err := netutils.ParseCIDRSloppy(text)
		if err != nil {
			continue
		}
		outer, _ := cidr.Mask.Size()
		if inner, _ := except.Mask.Size(); !cidr.Contains(except.IP) || outer >= inner {
			errs = append(errs, field.Invalid(one, text, "must be a strict subset of `cidr`"))
		}
	}
	return errs
}

// networkPolicyWarnings are about blocks of addresses that are not written as they should be.
func networkPolicyWarnings(obj, _ store.Object) []string {
	var warnings []string
	policyBlocks(&obj.(*networkingv1.NetworkPolicy).Spec, func(at *field.Path, b *networkingv1.IPBlock) {
		warnings = append(warnings, validation.GetWarningsForCIDR(at.Child("cidr"), b.CIDR)...)
		for i, except := range b.Except {
			warnings = append(warnings, validation.GetWarningsForCIDR(at.Child("except").Index(i), except)...)
		}
	})
	return warnings
}
