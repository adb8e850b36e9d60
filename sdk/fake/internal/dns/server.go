package dns

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

const (
	// Domain is that of the cluster.
	Domain = "cluster.local"
	// Address is where the server answers.
	Address = "10.96.0.10"
	// maxAliases is how many names a name may be another name for.
	maxAliases = 8
)

// Service is the one whose address that is on a real cluster. There need be none here; the address is kept for it.
var Service = types.NamespacedName{Namespace: metav1.NamespaceSystem, Name: "kube-dns"}

// Server answers for one cluster. Its methods may be called concurrently.
type Server struct{ api *api.API }

// New returns the server of a cluster.
func New(a *api.API) *Server { return &Server{a} }

// LookupHost returns the addresses of a name, as a client finds them; the error is a *net.DNSError.
func (s *Server) LookupHost(c Client, name string) ([]netip.Addr, error) {
	if found := inHosts(c.Hosts, name); len(found) > 0 {
		return found, nil
	}
	r := readResolv(c.Resolv)
	if slices.Contains(r.servers, Address) {
		for _, full := range r.names(name) {
			if found := s.addresses(full, 0); len(found) > 0 {
				return found, nil
			}
		}
	}
	return nil, r.notFound(name)
}

// addresses are the A records of a full name, or of what it is another name for.
func (s *Server) addresses(full string, depth int) []netip.Addr {
	labels, ok := inside(full)
	if !ok || depth > maxAliases {
		return nil
	}
	switch {
	case len(labels) == 3 && labels[2] == "pod":
		return s.podAddress(labels[0], labels[1])
	case len(labels) == 3 && labels[2] == "svc":
		return s.serviceAddresses(labels[1], labels[0], depth)
	case len(labels) == 4 && labels[3] == "svc":
		var found []netip.Addr
		for _, e := range s.endpoints(labels[2], labels[1]) {
			if e.name == labels[0] {
				found = append(found, e.ip)
			}
		}
		return found
	}
	return nil
}

// inside returns the labels of a full name before the cluster's domain, in lower case.
func inside(full string) ([]string, bool) {
	rest, ok := strings.CutSuffix(strings.ToLower(full), "."+Domain+".")
	return strings.Split(rest, "."), ok
}

// podAddress is the record that each address has, whether or not a pod has it, as "pods insecure" of CoreDNS.
func (s *Server) podAddress(dashed, namespace string) []netip.Addr {
	ip, err := netip.ParseAddr(strings.ReplaceAll(dashed, "-", "."))
	if err != nil {
		return nil
	}
	if _, err := s.api.Get(registry.Namespaces, "", namespace); err != nil {
		return nil
	}
	return []netip.Addr{ip}
}

func (s *Server) serviceAddresses(namespace, name string, depth int) []netip.Addr {
	service := s.service(namespace, name)
	switch {
	case service == nil:
		return nil
	case service.Spec.Type == corev1.ServiceTypeExternalName:
		return s.addresses(strings.TrimSuffix(service.Spec.ExternalName, ".")+".", depth+1)
	case service.Spec.ClusterIP != corev1.ClusterIPNone:
		if ip, err := netip.ParseAddr(service.Spec.ClusterIP); err == nil {
			return []netip.Addr{ip}
		}
		return nil
	}
	var found []netip.Addr
	for _, e := range s.endpoints(namespace, name) {
		if !slices.Contains(found, e.ip) {
			found = append(found, e.ip)
		}
	}
	return found
}

func (s *Server) service(namespace, name string) *corev1.Service {
	obj, err := s.api.Get(registry.Services, namespace, name)
	if err != nil {
		return nil
	}
	return obj.(*corev1.Service)
}

// endpoint is an address of a headless service, and its name below that of the service.
type endpoint struct {
	name  string
	ip    netip.Addr
	ports []discoveryv1.EndpointPort
}

// endpoints are the ready ones of a headless service, sorted by address; other services have none with names.
func (s *Server) endpoints(namespace, name string) []endpoint {
	if service := s.service(namespace, name); service == nil || service.Spec.ClusterIP != corev1.ClusterIPNone {
		return nil
	}
	var all []endpoint
	objects, _ := s.api.List(registry.EndpointSlices, namespace)
	for _, obj := range objects {
		slice := obj.(*discoveryv1.EndpointSlice)
		if slice.Labels[discoveryv1.LabelServiceName] != name || slice.AddressType != discoveryv1.AddressTypeIPv4 {
			continue
		}
		for i := range slice.Endpoints {
			e := &slice.Endpoints[i]
			if !ptr.Deref(e.Conditions.Ready, true) {
				continue
			}
			for _, address := range e.Addresses {
				if ip, err := netip.ParseAddr(address); err == nil {
					label := ptr.Deref(e.Hostname, strings.ReplaceAll(address, ".", "-"))
					all = append(all, endpoint{strings.ToLower(label), ip, slice.Ports})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b endpoint) int { return a.ip.Compare(b.ip) })
	return all
}
