package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func TestServiceCells(t *testing.T) {
	const clusterIP, externalIP, ports = 2, 3, 4
	balanced := corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{Ingress: []corev1.LoadBalancerIngress{{Hostname: "lb.example"}, {IP: "1.1.1.1"}, {IP: "1.1.1.1"}}}}
	for _, tt := range []struct {
		name string
		svc  corev1.Service
		cell int
		want string
	}{
		{"no cluster IP", corev1.Service{}, clusterIP, "<none>"},
		{"headless", corev1.Service{Spec: corev1.ServiceSpec{ClusterIPs: []string{"None"}}}, clusterIP, "None"},
		{"no type", corev1.Service{}, externalIP, "<unknown>"},
		{"external IPs of a cluster IP service", corev1.Service{Spec: corev1.ServiceSpec{Type: "ClusterIP", ExternalIPs: []string{"1.2.3.4", "5.6.7.8"}}}, externalIP, "1.2.3.4,5.6.7.8"},
		{"a node port service without", corev1.Service{Spec: corev1.ServiceSpec{Type: "NodePort"}}, externalIP, "<none>"},
		{"a name outside", corev1.Service{Spec: corev1.ServiceSpec{Type: "ExternalName", ExternalName: "a.example"}}, externalIP, "a.example"},
		{"a load balancer on its way", corev1.Service{Spec: corev1.ServiceSpec{Type: "LoadBalancer"}}, externalIP, "<pending>"},
		{"a load balancer's addresses, sorted, each once", corev1.Service{Spec: corev1.ServiceSpec{Type: "LoadBalancer", ExternalIPs: []string{"0.0.0.1"}}, Status: balanced}, externalIP, "1.1.1.1,lb.example,0.0.0.1"},
		{"no ports", corev1.Service{}, ports, "<none>"},
		{"ports with and without node port", corev1.Service{Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 80, NodePort: 30080, Protocol: "TCP"}, {Port: 53, Protocol: "UDP"}}}}, ports, "80:30080/TCP,53/UDP"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(any(tt.want), serviceCells(&tt.svc)[tt.cell]); diff != "" {
				t.Errorf("cell (-want +got):\n%s", diff)
			}
		})
	}
}
