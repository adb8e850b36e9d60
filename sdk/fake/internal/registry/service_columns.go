package registry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var serviceColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Type", Type: "string", Description: serviceDoc["type"]},
	{Name: "Cluster-IP", Type: "string", Description: serviceDoc["clusterIP"]},
	{Name: "External-IP", Type: "string", Description: serviceDoc["externalIPs"]},
	{Name: "Port(s)", Type: "string", Description: serviceDoc["ports"]},
	ageColumn,
	{Name: "Selector", Type: "string", Priority: wide, Description: serviceDoc["selector"]},
}

var serviceDoc = corev1.ServiceSpec{}.SwaggerDoc()

func serviceCells(obj store.Object) []any {
	svc := obj.(*corev1.Service)
	clusterIP := cellNone
	if len(svc.Spec.ClusterIPs) > 0 {
		clusterIP = svc.Spec.ClusterIPs[0]
	}
	return []any{
		svc.Name,
		string(svc.Spec.Type),
		clusterIP,
		serviceExternalIP(svc),
		servicePorts(svc.Spec.Ports),
		age(svc),
		labelsCell(svc.Spec.Selector),
	}
}

// serviceExternalIP is where the service is reached from outside, which each type keeps in another place.
func serviceExternalIP(svc *corev1.Service) string {
	switch svc.Spec.Type {
	case corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort:
		return joined(svc.Spec.ExternalIPs)
	case corev1.ServiceTypeLoadBalancer:
		return orElse(strings.Join(append(ingressPoints(svc), svc.Spec.ExternalIPs...), ","), "<pending>")
	case corev1.ServiceTypeExternalName:
		return svc.Spec.ExternalName
	}
	return cellUnknown
}

func ingressPoints(svc *corev1.Service) []string {
	var points []string
	for _, in := range svc.Status.LoadBalancer.Ingress {
		if point := orElse(in.IP, in.Hostname); point != "" {
			points = append(points, point)
		}
	}
	slices.Sort(points)
	return slices.Compact(points)
}

func servicePorts(ports []corev1.ServicePort) string {
	var cells []string
	for _, p := range ports {
		if p.NodePort > 0 {
			cells = append(cells, fmt.Sprintf("%d:%d/%s", p.Port, p.NodePort, p.Protocol))
			continue
		}
		cells = append(cells, fmt.Sprintf("%d/%s", p.Port, p.Protocol))
	}
	return joined(cells)
}
