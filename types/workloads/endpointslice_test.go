package workloads_test

import (
	"testing"

	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/podwright/podwright/types"
)

func TestEndpointSliceErrors(t *testing.T) {
	refuses[discoveryv1.EndpointSlice](t, []made{
		{"a slice", named + "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1]}]\nports: [{port: 80}]", nil},
		{"it says what its addresses are", named + "endpoints: [{}]", []string{"addressType: Required value", "endpoints[0].addresses: Required value"}},
		{"they are that", named + "addressType: IPv4\nendpoints: [{addresses: ['::2']}]", []string{`endpoints[0].addresses: Invalid value: "::2": must be an IPv4 address`}},
		{"and can be reached", named + "addressType: IPv4\nendpoints: [{addresses: [127.0.0.1]}]", []string{
			`endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)`}},
		{"ports have different names", named + "addressType: IPv4\nports: [{port: 1}, {port: 2}]", []string{`ports[1].name: Duplicate value: ""`}},
	})
	refusesChange[discoveryv1.EndpointSlice](t, []changed{
		{"the type stays", named + "addressType: IPv4", "IPv4", "IPv6", []string{"addressType: Invalid value: null: field is immutable"}},
	})
}

func TestEndpointSliceForgetsItsTopology(t *testing.T) {
	const endpoint = "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], deprecatedTopology: {kubernetes.io/hostname: node}}]"
	old := decoded[discoveryv1.EndpointSlice](t, endpoint)
	s := old.DeepCopy()
	s.Endpoints[0].Addresses = []string{"10.0.0.2"}
	types.PrepareUpdate(s, old)
	if e := s.Endpoints[0]; e.NodeName == nil || *e.NodeName != "node" || e.DeprecatedTopology != nil {
		t.Errorf("the node of an endpoint is %v beside %v", e.NodeName, e.DeprecatedTopology)
	}
	odd := decoded[discoveryv1.EndpointSlice](t, "addressType: IPv6\nendpoints: [{addresses: ['2001:0db8::1']}]")
	equal(t, []string{`endpoints[0].addresses[0]: IPv6 address "2001:0db8::1" should be in RFC 5952 canonical format ("2001:db8::1")`}, types.Warnings(odd))
}
