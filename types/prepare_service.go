package types

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
)

// prepareService completes the addresses, of which older clients know but one, as normalizeClusterIPs does on creation.
func prepareService(spec *corev1.ServiceSpec) { spec.ClusterIPs = clusterIPs(spec) }

// prepareServiceUpdate gives back what was given out and the update has left out, and keeps the two fields for addresses equal, as
// patchAllocatedValues and normalizeClusterIPs do.
func prepareServiceUpdate(s, old *corev1.Service) {
	spec, was := &s.Spec, &old.Spec
	if none := corev1.ServiceTypeExternalName; spec.Type != none && was.Type != none {
		orElse(&spec.ClusterIP, was.ClusterIP)
		if len(spec.ClusterIPs) == 0 {
			spec.ClusterIPs = slices.Clone(was.ClusterIPs)
		}
	}
	if hasNodePorts(spec) && hasNodePorts(was) {
		keepNodePorts(spec.Ports, was.Ports)
	}
	if hasHealthCheck(spec) && hasHealthCheck(was) {
		orElse(&spec.HealthCheckNodePort, was.HealthCheckNodePort)
	}
	normalizeAddresses(spec, was)
	dropTypeDependent(s, old)
}

// keepNodePorts gives ports of a name their number again, unless another port has it.
func keepNodePorts(ports, was []corev1.ServicePort) {
	taken, named := map[int32]bool{}, map[string]int32{}
	each(ports, func(p *corev1.ServicePort) { taken[p.NodePort] = true })
	each(was, func(p *corev1.ServicePort) { named[p.Name] = p.NodePort })
	each(ports, func(p *corev1.ServicePort) {
		if number := named[p.Name]; p.NodePort == 0 && !taken[number] {
			p.NodePort = number
		}
	})
}

// normalizeAddresses changes the addresses of a client that knows but the first one, as it has changed that one.
func normalizeAddresses(spec, was *corev1.ServiceSpec) {
	if len(spec.ClusterIPs) == 0 && spec.ClusterIP == was.ClusterIP {
		spec.ClusterIPs = slices.Clone(was.ClusterIPs)
	}
	if spec.ClusterIP == was.ClusterIP || !slices.Equal(spec.ClusterIPs, was.ClusterIPs) {
		return
	}
	spec.ClusterIPs = nil
	if spec.ClusterIP != "" {
		spec.ClusterIPs = []string{spec.ClusterIP}
	}
}

// dropTypeDependent clears what a service of another type than before has no use for, if the update did not set it, as
// dropTypeDependentFields does. What the update did set is left for validation to refuse.
func dropTypeDependent(s, old *corev1.Service) {
	spec, was := &s.Spec, &old.Spec
	if was.Type != corev1.ServiceTypeExternalName && spec.Type == corev1.ServiceTypeExternalName {
		dropAddresses(spec, was)
	}
	balanced, wasBalanced := spec.Type == corev1.ServiceTypeLoadBalancer, was.Type == corev1.ServiceTypeLoadBalancer
	if hasNodePorts(was) && !hasNodePorts(spec) && noNewNodePorts(spec.Ports, was.Ports) {
		each(spec.Ports, func(p *corev1.ServicePort) { p.NodePort = 0 })
	}
	if hasHealthCheck(was) && !hasHealthCheck(spec) && spec.HealthCheckNodePort == was.HealthCheckNodePort {
		spec.HealthCheckNodePort = 0
	}
	if wasBalanced && !balanced {
		dropSame(&spec.AllocateLoadBalancerNodePorts, was.AllocateLoadBalancerNodePorts)
		dropSame(&spec.LoadBalancerClass, was.LoadBalancerClass)
	}
	if isExternal(was) && !isExternal(spec) && spec.ExternalTrafficPolicy == was.ExternalTrafficPolicy {
		spec.ExternalTrafficPolicy = ""
	}
	if !balanced {
		s.Status.LoadBalancer = corev1.LoadBalancerStatus{}
	}
}

func dropAddresses(spec, was *corev1.ServiceSpec) {
	if spec.ClusterIP == was.ClusterIP && slices.Equal(spec.ClusterIPs, was.ClusterIPs) {
		spec.ClusterIP, spec.ClusterIPs = "", nil
	}
	if equality.Semantic.DeepEqual(spec.IPFamilies, was.IPFamilies) {
		spec.IPFamilies = nil
	}
	if equality.Semantic.DeepEqual(spec.IPFamilyPolicy, was.IPFamilyPolicy) {
		spec.IPFamilyPolicy = nil
	}
}

func dropSame[T comparable](field **T, was *T) {
	if *field != nil && was != nil && **field == *was {
		*field = nil
	}
}

func hasNodePorts(spec *corev1.ServiceSpec) bool {
	return spec.Type == corev1.ServiceTypeNodePort || spec.Type == corev1.ServiceTypeLoadBalancer
}

// noNewNodePorts reports whether every node port was there before.
func noNewNodePorts(ports, was []corev1.ServicePort) bool {
	for _, p := range ports {
		if p.NodePort != 0 && !slices.ContainsFunc(was, func(w corev1.ServicePort) bool { return w.NodePort == p.NodePort }) {
			return false
		}
	}
	return true
}

// hasHealthCheck is NeedsHealthCheck: nodes without pods of the service tell the load balancer.
func hasHealthCheck(spec *corev1.ServiceSpec) bool {
	return spec.Type == corev1.ServiceTypeLoadBalancer && spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal
}

// isExternal is ExternallyAccessible.
func isExternal(spec *corev1.ServiceSpec) bool {
	return hasNodePorts(spec) || spec.Type == corev1.ServiceTypeClusterIP && len(spec.ExternalIPs) > 0
}
