package types

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/net"
)

// balancerStatus is ValidateLoadBalancerStatus. Addresses that were there before may stay as they are.
func (r *report) balancerStatus(at *field.Path, s, old *corev1.Service) {
	at = at.Child("ingress")
	ingress := s.Status.LoadBalancer.Ingress
	if s.Spec.Type != corev1.ServiceTypeLoadBalancer && len(ingress) > 0 {
		r.Forbidden(at, "may only be used when `spec.type` is 'LoadBalancer'")
		return
	}
	var was []string
	for _, i := range old.Status.LoadBalancer.Ingress {
		was = append(was, i.IP)
	}
	for i := range ingress {
		r.balancerIngress(at.Index(i), &ingress[i], was)
	}
}

func (r *report) balancerIngress(at *field.Path, i *corev1.LoadBalancerIngress, was []string) {
	if i.IP != "" {
		r.IP(at.Child("ip"), i.IP, was...)
	}
	switch mode := at.Child("ipMode"); {
	case i.IPMode == nil && i.IP != "":
		r.Required(mode, "must be specified when `ip` is set")
	case i.IPMode == nil:
	case i.IP == "":
		r.Forbidden(mode, "may not be specified when `ip` is not set")
	default:
		oneOf(r, mode, *i.IPMode, corev1.LoadBalancerIPModeProxy, corev1.LoadBalancerIPModeVIP)
	}
	if i.Hostname != "" {
		r.Messages(at.Child("hostname"), i.Hostname, validation.IsDNS1123Subdomain(i.Hostname))
		if net.ParseIPSloppy(i.Hostname) != nil {
			r.Invalid(at.Child("hostname"), i.Hostname, "must be a DNS name, not an IP address")
		}
	}
}
