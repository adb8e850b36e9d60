package dns

import (
	"fmt"
	"net"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"
)

// LookupSRV returns the canonical name and the targets of a port of a service, as [net.Resolver.LookupSRV] does: of service and protocol
// "http" and "tcp", those of "_http._tcp." and the name; if both are empty those of the name itself. The error is a *net.DNSError.
func (s *Server) LookupSRV(c Client, service, proto, name string) (string, []*net.SRV, error) {
	target := name
	if service != "" || proto != "" {
		target = "_" + service + "._" + proto + "." + name
	}
	r := readResolv(c.Resolv)
	if slices.Contains(r.servers, Address) {
		for _, full := range r.names(target) {
			if found := s.targets(full); len(found) > 0 {
				return strings.ToLower(full), found, nil
			}
		}
	}
	return "", nil, r.notFound(target)
}

// targets are the SRV records of a full name.
func (s *Server) targets(full string) []*net.SRV {
	labels, ok := inside(full)
	if !ok || len(labels) != 5 || labels[4] != "svc" {
		return nil
	}
	port, proto := strings.TrimPrefix(labels[0], "_"), strings.TrimPrefix(labels[1], "_")
	namespace, name := labels[3], labels[2]
	service := s.service(namespace, name)
	if service == nil {
		return nil
	}
	base := fmt.Sprintf("%s.%s.svc.%s.", name, namespace, Domain)
	var found []*net.SRV
	if service.Spec.ClusterIP != corev1.ClusterIPNone {
		for _, p := range service.Spec.Ports {
			if service.Spec.Type != corev1.ServiceTypeExternalName && p.Name == port && strings.EqualFold(string(p.Protocol), proto) {
				found = append(found, &net.SRV{Target: base, Port: uint16(p.Port)})
			}
		}
		return weighted(found)
	}
	for _, e := range s.endpoints(namespace, name) {
		for _, p := range e.ports {
			if ptr.Deref(p.Name, "") == port && strings.EqualFold(string(ptr.Deref(p.Protocol, corev1.ProtocolTCP)), proto) && p.Port != nil {
				found = append(found, &net.SRV{Target: e.name + "." + base, Port: uint16(*p.Port)})
			}
		}
	}
	return weighted(found)
}

// weighted gives all targets the same share.
func weighted(all []*net.SRV) []*net.SRV {
	for _, t := range all {
		t.Weight = uint16(max(1, 100/len(all)))
	}
	return all
}
