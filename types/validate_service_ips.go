package types

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/net"
)

// clusterIPs is ValidateServiceClusterIPsRelatedFields: addresses, their families, and the policy of both.
func (r *report) clusterIPs(spec *field.Path, s *corev1.ServiceSpec, old *corev1.Service) {
	if s.Type == corev1.ServiceTypeExternalName {
		return
	}
	at, ips := spec.Child("clusterIPs"), clusterIPs(s)
	switch {
	case s.ClusterIP == "" && len(ips) > 0:
		r.Invalid(at, ips, "must be empty when `clusterIP` is not specified")
	case s.ClusterIP != "" && ips[0] != s.ClusterIP:
		r.Invalid(at, ips, "first value must match `clusterIP`")
	}
	r.families(spec, s)
	var was []string
	maybe(old, func(old *corev1.Service) { was = old.Spec.ClusterIPs })
	if !r.addresses(at, ips, was) {
		return
	}
	if len(ips) > 1 {
		dual, err := net.IsDualStackIPStrings(ips)
		if err != nil {
			r.Add(field.InternalError(at, fmt.Errorf("failed to check for dual stack with error:%w", err)))
		}
		if !dual {
			r.Invalid(at, ips, onePerFamily)
		}
	}
	if !isHeadless(s) {
		r.addressesOfFamilies(at, ips, s.IPFamilies)
	}
}

func (r *report) families(spec *field.Path, s *corev1.ServiceSpec) {
	seen := map[corev1.IPFamily]bool{}
	for i, family := range s.IPFamilies {
		one := spec.Child("ipFamilies").Index(i)
		oneOf(r, one, family, corev1.IPv4Protocol, corev1.IPv6Protocol)
		if seen[family] {
			r.Add(field.Duplicate(one, family))
		}
		seen[family] = true
	}
	if s.IPFamilyPolicy != nil {
		oneOf(r, spec.Child("ipFamilyPolicy"), *s.IPFamilyPolicy,
			corev1.IPFamilyPolicyPreferDualStack, corev1.IPFamilyPolicyRequireDualStack, corev1.IPFamilyPolicySingleStack)
	}
}

// addresses reports whether all are addresses, or the one is None.
func (r *report) addresses(at *field.Path, ips, old []string) bool {
	valid := true
	for i, ip := range ips {
		switch {
		case i > 0 || ip != corev1.ClusterIPNone:
			valid = r.IP(at.Index(i), ip, old...) && valid
		case len(ips) > 1:
			r.Invalid(at, ips, "'None' must be the first and only value")
			valid = false
		}
	}
	if len(ips) > 2 {
		r.Invalid(at, ips, "may only hold up to 2 values")
	}
	return valid
}

func (r *report) addressesOfFamilies(at *field.Path, ips []string, families []corev1.IPFamily) {
	for i, ip := range ips[:min(len(ips), len(families))] {
		six := net.IsIPv6String(ip)
		if six && families[i] == corev1.IPv4Protocol || !six && families[i] == corev1.IPv6Protocol {
			r.Invalid(at.Index(i), ip, fmt.Sprintf("expected an %s value as indicated by `ipFamilies[%d]`", families[i], i))
		}
	}
}
