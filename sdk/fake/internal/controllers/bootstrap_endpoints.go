package controllers

import (
	"net/netip"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// apiEndpoints are where the service "kubernetes" leads, which the API server writes itself, as its endpoint reconciler does.
func apiEndpoints(server netip.Addr) []store.Object {
	if !server.IsValid() {
		return nil
	}
	meta := metav1.ObjectMeta{Namespace: metav1.NamespaceDefault, Name: "kubernetes"}
	endpoints := &corev1.Endpoints{ObjectMeta: meta, Subsets: []corev1.EndpointSubset{{
		Addresses: []corev1.EndpointAddress{{IP: server.String()}},
		Ports:     []corev1.EndpointPort{{Name: "https", Port: securePort, Protocol: corev1.ProtocolTCP}},
	}}}
	endpoints.Labels = map[string]string{discoveryv1.LabelSkipMirror: "true"}
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: meta, AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints: []discoveryv1.Endpoint{{
			Addresses: []string{server.String()}, Conditions: discoveryv1.EndpointConditions{Ready: ptr.To(true)},
		}},
		Ports: []discoveryv1.EndpointPort{{
			Name: ptr.To("https"), Port: ptr.To[int32](securePort), Protocol: ptr.To(corev1.ProtocolTCP),
		}},
	}
	slice.Labels = map[string]string{discoveryv1.LabelServiceName: "kubernetes"}
	return []store.Object{of(registry.Endpoints, endpoints), of(registry.EndpointSlices, slice)}
}
