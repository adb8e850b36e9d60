package registry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var ingressColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Class", Type: "string", Description: ingressDoc["ingressClassName"]},
	{Name: "Hosts", Type: "string", Description: ingressDoc["rules"]},
	{Name: "Address", Type: "string", Description: networkingv1.IngressStatus{}.SwaggerDoc()["loadBalancer"]},
	{Name: "Ports", Type: "string", Description: "The ports that the rules are for."},
	ageColumn,
}

var ingressDoc = networkingv1.IngressSpec{}.SwaggerDoc()

func ingressCells(obj store.Object) []any {
	i := obj.(*networkingv1.Ingress)
	class, ports := cellNone, "80"
	if i.Spec.IngressClassName != nil {
		class = *i.Spec.IngressClassName
	}
	if len(i.Spec.TLS) > 0 {
		ports = "80, 443"
	}
	return []any{i.Name, class, ingressHosts(i.Spec.Rules), ingressAddress(i.Status.LoadBalancer.Ingress), ports, age(i)}
}

// ingressHosts is formatHosts: of the first rules that name a host, three.
func ingressHosts(rules []networkingv1.IngressRule) string {
	const most = 3
	var hosts []string
	for _, rule := range rules {
		if len(hosts) == most {
			return fmt.Sprintf("%s + %d more...", strings.Join(hosts, ","), len(rules)-most)
		}
		if rule.Host != "" {
			hosts = append(hosts, rule.Host)
		}
	}
	return orElse(strings.Join(hosts, ","), "*")
}

// ingressAddress lists where the ingress is reached, as ingressLoadBalancerStatusStringer does.
func ingressAddress(points []networkingv1.IngressLoadBalancerIngress) string {
	var all []string
	for _, p := range points {
		if point := orElse(p.IP, p.Hostname); point != "" {
			all = append(all, point)
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ",")
}
