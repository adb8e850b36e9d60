package types

import (
	"github.com/podwright/podwright/types/facts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// defaultReplicationController takes selector and labels from the template, as SetDefaults_ReplicationController does, as copies.
func defaultReplicationController(rc *corev1.ReplicationController) {
	if t := rc.Spec.Template; t != nil {
		if t.Labels != nil {
			if len(rc.Spec.Selector) == 0 {
				rc.Spec.Selector = copyMap(t.Labels)
			}
			if len(rc.Labels) == 0 {
				rc.Labels = copyMap(t.Labels)
			}
		}
		defaultPodSpec(&t.Spec)
	}
}

func copyMap(m map[string]string) map[string]string {
	c := make(map[string]string, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// defaultNamespace labels a namespace with its name, as SetDefaults_Namespace does; one that waits for a generated name is left alone.
func defaultNamespace(ns *corev1.Namespace) {
	if ns.Name != "" {
		if ns.Labels == nil {
			ns.Labels = map[string]string{}
		}
		ns.Labels[corev1.LabelMetadataName] = ns.Name
	}
}

// defaultNode makes all of a node's capacity allocatable, as SetDefaults_NodeStatus does, and podCIDR the first of podCIDRs, as the
// conversions of NodeSpec between v1 and the internal version do. Of two that differ podCIDR counts.
func defaultNode(node *corev1.Node) {
	switch spec := &node.Spec; {
	case spec.PodCIDR != "" && (len(spec.PodCIDRs) == 0 || spec.PodCIDRs[0] != spec.PodCIDR):
		spec.PodCIDRs = []string{spec.PodCIDR}
	case spec.PodCIDR == "" && len(spec.PodCIDRs) > 0:
		spec.PodCIDR = spec.PodCIDRs[0]
	}
	roundUp(node.Status.Capacity)
	roundUp(node.Status.Allocatable)
	if node.Status.Allocatable == nil && node.Status.Capacity != nil {
		node.Status.Allocatable = node.Status.Capacity.DeepCopy()
	}
}

func defaultEndpoints(e *corev1.Endpoints) {
	each(e.Subsets, func(s *corev1.EndpointSubset) {
		each(s.Ports, func(p *corev1.EndpointPort) { orElse(&p.Protocol, corev1.ProtocolTCP) })
	})
}

// defaultClaim rounds quantities as defaultClaimSpec does, those of the status too.
func defaultClaim(c *corev1.PersistentVolumeClaim) {
	defaultClaimSpec(&c.Spec)
	roundUp(c.Status.Capacity)
	roundUp(c.Status.AllocatedResources)
}

// defaultQuota rounds as SetDefaults_ResourceList does.
func defaultQuota(q *corev1.ResourceQuota) {
	roundUp(q.Spec.Hard)
	roundUp(q.Status.Hard)
	roundUp(q.Status.Used)
}

// defaultLimit is SetDefaults_LimitRangeItem: what containers get who ask for nothing follows from the bounds.
func defaultLimit(l *corev1.LimitRangeItem) {
	if l.Type == corev1.LimitTypeContainer {
		if l.Default == nil {
			l.Default = corev1.ResourceList{}
		}
		if l.DefaultRequest == nil {
			l.DefaultRequest = corev1.ResourceList{}
		}
		all := func(corev1.ResourceName) bool { return true }
		addMissing(l.Default, l.Max, all)
		addMissing(l.DefaultRequest, l.Default, all)
		addMissing(l.DefaultRequest, l.Min, all)
	}
	for _, list := range []corev1.ResourceList{l.Max, l.Min, l.Default, l.DefaultRequest, l.MaxLimitRequestRatio} {
		roundUp(list)
	}
}

// defaultService is SetDefaults_Service. Addresses and node ports are given out by the server, not here.
func defaultService(s *corev1.Service) {
	spec := &s.Spec
	switch spec.SessionAffinity {
	case corev1.ServiceAffinityNone:
		spec.SessionAffinityConfig = nil
	case corev1.ServiceAffinityClientIP:
		orPointer(&spec.SessionAffinityConfig, corev1.SessionAffinityConfig{})
		orPointer(&spec.SessionAffinityConfig.ClientIP, corev1.ClientIPConfig{})
		facts.Default(spec.SessionAffinityConfig)
	}
	each(spec.Ports, func(p *corev1.ServicePort) {
		if p.TargetPort == intstr.FromInt32(0) || p.TargetPort == intstr.FromString("") {
			p.TargetPort = intstr.FromInt32(p.Port)
		}
	})
	balanced := spec.Type == corev1.ServiceTypeLoadBalancer
	if isExternal(spec) {
		orElse(&spec.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyCluster)
	}
	if spec.Type != corev1.ServiceTypeExternalName {
		orPointer(&spec.InternalTrafficPolicy, corev1.ServiceInternalTrafficPolicyCluster)
	}
	if balanced {
		orPointer(&spec.AllocateLoadBalancerNodePorts, true)
		each(s.Status.LoadBalancer.Ingress, func(i *corev1.LoadBalancerIngress) {
			if i.IP != "" {
				orPointer(&i.IPMode, corev1.LoadBalancerIPModeVIP)
			}
		})
	}
}
