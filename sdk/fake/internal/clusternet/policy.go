package clusternet

import (
	"net/netip"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// peer is one end of a connection, as policies see it.
type peer struct {
	ip  netip.Addr
	pod *corev1.Pod // nil if it is none, or one with the network of its node
}

// allows holds a translated request against the policies of both ends: what any policy selects a pod for, some policy must allow. A node
// may always reach its pods, and a pod itself.
func (n *Network) allows(o origin, path podnet.Path) bool {
	from, to := peer{o.ip, o.pod}, peer{path.To.Addr(), n.podAt(path.To.Addr())}
	if from.pod != nil && !n.admits(from.pod, networkingv1.PolicyTypeEgress, to, to.pod, path.To.Port()) {
		return false
	}
	if to.pod == nil {
		return true
	}
	if path.Seen.IsValid() {
		from = peer{ip: path.Seen}
	}
	if from.pod == nil && n.nodeAt(from.ip) == to.pod.Spec.NodeName {
		return true
	}
	return n.admits(to.pod, networkingv1.PolicyTypeIngress, from, to.pod, path.To.Port())
}

// admits says whether the policies of a pod let it speak with other in one direction, at a port of server.
func (n *Network) admits(pod *corev1.Pod, direction networkingv1.PolicyType, other peer, server *corev1.Pod, port uint16) bool {
	selected := false
	objects, _ := n.API.List(registry.NetworkPolicies, pod.Namespace)
	for _, obj := range objects {
		policy := obj.(*networkingv1.NetworkPolicy)
		if !slices.Contains(policyTypes(policy), direction) || !selects(&policy.Spec.PodSelector, pod.Labels) {
			continue
		}
		selected = true
		for _, r := range rulesOf(policy, direction) {
			if r.takesPort(server, port) && n.takesPeer(policy.Namespace, r.peers, other) {
				return true
			}
		}
	}
	return !selected
}

// policyTypes are the directions that a policy is about, by default those that SetDefaults_NetworkPolicy gives it.
func policyTypes(p *networkingv1.NetworkPolicy) []networkingv1.PolicyType {
	switch {
	case len(p.Spec.PolicyTypes) > 0:
		return p.Spec.PolicyTypes
	case len(p.Spec.Egress) > 0:
		return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	}
	return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
}

// rule is one of either direction.
type rule struct {
	ports []networkingv1.NetworkPolicyPort
	peers []networkingv1.NetworkPolicyPeer
}

func rulesOf(p *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) []rule {
	var rules []rule
	if direction == networkingv1.PolicyTypeIngress {
		for _, r := range p.Spec.Ingress {
			rules = append(rules, rule{r.Ports, r.From})
		}
		return rules
	}
	for _, r := range p.Spec.Egress {
		rules = append(rules, rule{r.Ports, r.To})
	}
	return rules
}

// takesPort says whether the rule is about a port of a pod, which may name it. No ports are all.
func (r rule) takesPort(server *corev1.Pod, port uint16) bool {
	return len(r.ports) == 0 || slices.ContainsFunc(r.ports, func(p networkingv1.NetworkPolicyPort) bool {
		switch {
		case p.Protocol != nil && *p.Protocol != corev1.ProtocolTCP:
			return false
		case p.Port == nil:
			return true
		case p.Port.Type == intstr.String:
			return server != nil && hasPort(server, p.Port.StrVal, port)
		case p.EndPort != nil:
			return int32(port) >= p.Port.IntVal && int32(port) <= *p.EndPort
		}
		return int32(port) == p.Port.IntVal
	})
}

func hasPort(pod *corev1.Pod, name string, port uint16) bool {
	for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		for _, p := range c.Ports {
			if p.Name == name && isTCP(p.Protocol) && p.ContainerPort == int32(port) {
				return true
			}
		}
	}
	return false
}

// takesPeer says whether one of the peers of a rule is the other end. No peers are all.
func (n *Network) takesPeer(namespace string, peers []networkingv1.NetworkPolicyPeer, other peer) bool {
	return len(peers) == 0 || slices.ContainsFunc(peers, func(p networkingv1.NetworkPolicyPeer) bool {
		if p.IPBlock != nil {
			return inBlock(p.IPBlock, other.ip)
		}
		if other.pod == nil {
			return false
		}
		if p.NamespaceSelector == nil && other.pod.Namespace != namespace {
			return false
		}
		if p.NamespaceSelector != nil && !selects(p.NamespaceSelector, n.labelsOf(other.pod.Namespace)) {
			return false
		}
		return p.PodSelector == nil || selects(p.PodSelector, other.pod.Labels)
	})
}

func inBlock(b *networkingv1.IPBlock, ip netip.Addr) bool {
	contains := func(cidr string) bool {
		prefix, err := netip.ParsePrefix(cidr)
		return err == nil && prefix.Masked().Contains(ip)
	}
	return contains(b.CIDR) && !slices.ContainsFunc(b.Except, contains)
}

func (n *Network) labelsOf(namespace string) map[string]string {
	obj, err := n.API.Get(registry.Namespaces, "", namespace)
	if err != nil {
		return nil
	}
	return obj.GetLabels()
}

func selects(s *metav1.LabelSelector, set map[string]string) bool {
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && selector.Matches(labels.Set(set))
}
