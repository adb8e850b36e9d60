package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func policyOf(rule networkingv1.NetworkPolicyIngressRule) *networkingv1.NetworkPolicy {
	return &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "p"},
		Spec:       networkingv1.NetworkPolicySpec{Ingress: []networkingv1.NetworkPolicyIngressRule{rule}},
	}
}

func TestNetworkPolicyErrors(t *testing.T) {
	from := func(p networkingv1.NetworkPolicyPeer) *networkingv1.NetworkPolicy {
		return policyOf(networkingv1.NetworkPolicyIngressRule{From: []networkingv1.NetworkPolicyPeer{p}})
	}
	block := func(cidr string, except ...string) *networkingv1.NetworkPolicy {
		return from(networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{CIDR: cidr, Except: except}})
	}
	port := func(p networkingv1.NetworkPolicyPort) *networkingv1.NetworkPolicy {
		return policyOf(networkingv1.NetworkPolicyIngressRule{Ports: []networkingv1.NetworkPolicyPort{p}})
	}
	all := &metav1.LabelSelector{}
	const peerAt, portAt = "spec.ingress[0].from[0]", "spec.ingress[0].ports[0]"
	for rule, row := range map[string]struct {
		policy *networkingv1.NetworkPolicy
		want   string
	}{
		"nobody": {from(networkingv1.NetworkPolicyPeer{}), peerAt + ": Required value: must specify a peer"},
		"a selector and a block": {from(networkingv1.NetworkPolicyPeer{PodSelector: all, IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8"}}),
			peerAt + ": Forbidden: may not specify both ipBlock and another peer"},
		"both selectors":              {from(networkingv1.NetworkPolicyPeer{PodSelector: all, NamespaceSelector: all}), ""},
		"a block without addresses":   {block(""), peerAt + ".ipBlock.cidr: Required value"},
		"an exception that is inside": {block("10.0.0.0/8", "10.1.0.0/16"), ""},
		"an exception that is outside": {block("10.0.0.0/8", "11.0.0.0/16"),
			peerAt + `.ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of ` + "`cidr`"},
		"a range of ports": {port(networkingv1.NetworkPolicyPort{Port: new(intstr.FromInt32(80)), EndPort: new(int32(90))}), ""},
		"a range backwards": {port(networkingv1.NetworkPolicyPort{Port: new(intstr.FromInt32(80)), EndPort: new(int32(70))}),
			portAt + ".endPort: Invalid value: 70: must be greater than or equal to `port`"},
		"a range from a name": {port(networkingv1.NetworkPolicyPort{Port: new(intstr.FromString("http")), EndPort: new(int32(70))}),
			portAt + ".endPort: Invalid value: 70: may not be specified when `port` is non-numeric"},
		"a range from nowhere": {port(networkingv1.NetworkPolicyPort{EndPort: new(int32(70))}),
			portAt + ".endPort: Invalid value: 70: may not be specified when `port` is not specified"},
		"a protocol that is none": {port(networkingv1.NetworkPolicyPort{Protocol: new(corev1.Protocol("ICMP"))}),
			portAt + `.protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"`},
	} {
		NetworkPolicies.SetDefaults(row.policy)
		got := ""
		for _, err := range NetworkPolicies.Errors(row.policy) {
			got += err.Error()
		}
		if got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", rule, got, row.want)
		}
	}
}

func TestNetworkPolicyDefaults(t *testing.T) {
	p := policyOf(networkingv1.NetworkPolicyIngressRule{Ports: []networkingv1.NetworkPolicyPort{{}}})
	p.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{}}
	NetworkPolicies.SetDefaults(p)
	if diff := cmp.Diff([]networkingv1.PolicyType{"Ingress", "Egress"}, p.Spec.PolicyTypes); diff != "" || *p.Spec.Ingress[0].Ports[0].Protocol != corev1.ProtocolTCP {
		t.Errorf("%v (-want +got)\n%s", p.Spec, diff)
	}
}
