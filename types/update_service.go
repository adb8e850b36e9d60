package types

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const onceSet = "may not change once set"

// serviceUpdate is ValidateServiceUpdate: addresses and families stay, but that a second may come and go; so do the class of a load
// balancer and the port of its health check.
func (r *report) serviceUpdate(s, old *corev1.Service) {
	at := field.NewPath("spec")
	r.MetadataUpdate(&s.ObjectMeta, &old.ObjectMeta)
	if none := corev1.ServiceTypeExternalName; s.Spec.Type != none && old.Spec.Type != none {
		r.addressUpdate(at, &s.Spec, &old.Spec)
		r.familyUpdate(at, &s.Spec, &old.Spec)
	}
	balanced := corev1.ServiceTypeLoadBalancer
	class := at.Child("loadBalancerClass")
	if s.Spec.Type == balanced && old.Spec.Type == balanced && !equality.Semantic.DeepEqual(s.Spec.LoadBalancerClass, old.Spec.LoadBalancerClass) {
		r.Invalid(class, s.Spec.LoadBalancerClass, onceSet)
	}
	r.balancerClass(class, &s.Spec)
	if hasHealthCheck(&s.Spec) && hasHealthCheck(&old.Spec) && s.Spec.HealthCheckNodePort != old.Spec.HealthCheckNodePort {
		r.Forbidden(at.Child("healthCheckNodePort"), "field is immutable")
	}
	r.service(s, old)
}

// addressUpdate is validateUpgradeDowngradeClusterIPs.
func (r *report) addressUpdate(spec *field.Path, s, old *corev1.ServiceSpec) {
	ips, was, at := s.ClusterIPs, old.ClusterIPs, spec.Child("clusterIPs")
	switch {
	case isHeadless(s) && isHeadless(old):
	case len(ips) == len(was):
		for i, ip := range was {
			if ips[i] != ip {
				r.Invalid(at.Index(i), ips, onceSet)
			}
		}
	case len(ips) < len(was):
		if len(ips) == 0 {
			r.Invalid(at.Index(0), ips, "primary clusterIP can not be unset")
			return
		}
		r.firstStays(at, ips[0] == was[0], ips)
		r.onlySingle(spec, s, len(ips), "clusterIP")
	case len(was) > 0:
		r.firstStays(at, ips[0] == was[0], ips)
	}
}

// familyUpdate is validateUpgradeDowngradeIPFamilies, which shows the addresses where it means the families.
func (r *report) familyUpdate(spec *field.Path, s, old *corev1.ServiceSpec) {
	is, was, at := s.IPFamilies, old.IPFamilies, spec.Child("ipFamilies")
	switch {
	case isHeadless(s) || isHeadless(old):
	case len(is) == len(was):
		if !slices.Equal(is, was) {
			for i := range was {
				if is[i] != was[i] {
					r.Invalid(at.Index(0), is, onceSet)
				}
			}
		}
	case len(is) < len(was):
		if len(s.ClusterIPs) == 0 {
			r.Invalid(at.Index(0), is, "primary ipFamily can not be unset")
		}
		if len(is) > 0 {
			r.firstStays(at, is[0] == was[0], s.ClusterIPs)
		}
		r.onlySingle(spec, s, len(is), "ipFamily")
	case len(was) > 0:
		r.firstStays(at, is[0] == was[0], s.ClusterIPs)
	}
}

func (r *report) firstStays(at *field.Path, stays bool, shown any) {
	if !stays {
		r.Invalid(at.Index(0), shown, onceSet)
	}
}

// onlySingle wants who gives up a second address to say so by the policy.
func (r *report) onlySingle(spec *field.Path, s *corev1.ServiceSpec, left int, what string) {
	if left == 1 && (s.IPFamilyPolicy == nil || *s.IPFamilyPolicy != corev1.IPFamilyPolicySingleStack) {
		r.Invalid(spec.Child("ipFamilyPolicy"), s.IPFamilyPolicy, "must be set to 'SingleStack' when releasing the secondary "+what)
	}
}
