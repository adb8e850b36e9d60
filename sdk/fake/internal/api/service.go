package api

import (
	"net/netip"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// ServiceCIDR is where services have their addresses, by the default of kubeadm.
var ServiceCIDR = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 96, 0, 0}), 12)

// allocations are the addresses and node ports that services have. They follow the store: what a service has is taken from the moment at
// which the service is there, and free from the moment at which it is gone, so nothing can be lost.
type allocations struct {
	// turn is held from the choice of an address or port until the service that has it is stored.
	turn sync.Mutex

	mu    sync.Mutex
	ips   map[netip.Addr]types.NamespacedName // cluster IPs
	ports map[int32]types.NamespacedName      // node ports, those of health checks too
	outer map[netip.Addr][]types.NamespacedName

	reserved map[netip.Addr]types.NamespacedName // cluster IPs for services that may never come
}

// serveServices has the allocations follow the services in the store.
func (a *API) serveServices() {
	a.services = &allocations{
		ips: map[netip.Addr]types.NamespacedName{}, ports: map[int32]types.NamespacedName{}, outer: map[netip.Addr][]types.NamespacedName{},
		reserved: map[netip.Addr]types.NamespacedName{},
	}
	a.Store.Observe(registry.Services.StoreKey(), a.services.observe)
}

// ReserveIP keeps an address for the service of a name, whether there will be one or not: no other gets it. A service that has it by now
// keeps it.
func (a *API) ReserveIP(ip netip.Addr, service types.NamespacedName) {
	a.services.mu.Lock()
	defer a.services.mu.Unlock()
	a.services.reserved[ip] = service
}

// taken says whether an address is another's. It needs the lock.
func (x *allocations) taken(ip netip.Addr, by types.NamespacedName) bool {
	if _, has := x.ips[ip]; has {
		return true
	}
	owner, reserved := x.reserved[ip]
	return reserved && owner != by
}

func nameOfService(s *corev1.Service) types.NamespacedName {
	return types.NamespacedName{Namespace: s.Namespace, Name: s.Name}
}

func (x *allocations) observe(e store.Event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if old, ok := e.Old.(*corev1.Service); ok {
		x.count(old, false)
	}
	if s, ok := e.Object.(*corev1.Service); ok && e.Type != watch.Deleted {
		x.count(s, true)
	}
}

// count adds what a service has, or takes it away.
func (x *allocations) count(s *corev1.Service, has bool) {
	name := nameOfService(s)
	for _, ip := range clusterIPs(s) {
		if delete(x.ips, ip); has {
			x.ips[ip] = name
		}
	}
	for _, port := range nodePorts(s) {
		if delete(x.ports, port); has {
			x.ports[port] = name
		}
	}
	for _, ip := range outerIPs(s) {
		x.outer[ip] = without(x.outer[ip], name)
		if has {
			x.outer[ip] = append(x.outer[ip], name)
		}
		if len(x.outer[ip]) == 0 {
			delete(x.outer, ip)
		}
	}
}

func without(list []types.NamespacedName, name types.NamespacedName) []types.NamespacedName {
	var rest []types.NamespacedName
	for _, n := range list {
		if n != name {
			rest = append(rest, n)
		}
	}
	return rest
}

// clusterIPs are the addresses that a service has been given.
func clusterIPs(s *corev1.Service) []netip.Addr {
	if s.Spec.Type == corev1.ServiceTypeExternalName {
		return nil
	}
	return parsed(s.Spec.ClusterIPs)
}

// outerIPs are those of the world outside at which the nodes take requests for a service.
func outerIPs(s *corev1.Service) []netip.Addr {
	ips := parsed(s.Spec.ExternalIPs)
	for _, in := range s.Status.LoadBalancer.Ingress {
		if in.IPMode == nil || *in.IPMode == corev1.LoadBalancerIPModeVIP {
			ips = append(ips, parsed([]string{in.IP})...)
		}
	}
	return ips
}

// parsed leaves out what is no address, None above all.
func parsed(texts []string) []netip.Addr {
	var ips []netip.Addr
	for _, text := range texts {
		if ip, err := netip.ParseAddr(text); err == nil {
			ips = append(ips, ip)
		}
	}
	return ips
}

// nodePorts are the ports of every node that a service has.
func nodePorts(s *corev1.Service) []int32 {
	var ports []int32
	for i := range s.Spec.Ports {
		if port := s.Spec.Ports[i].NodePort; port != 0 {
			ports = append(ports, port)
		}
	}
	if needsHealthCheck(s) && s.Spec.HealthCheckNodePort != 0 {
		ports = append(ports, s.Spec.HealthCheckNodePort)
	}
	return ports
}

// ServicesAt are the services that have an address: as their own, or as one of the world outside. They are sorted by how they came.
func (a *API) ServicesAt(ip netip.Addr) []*corev1.Service {
	a.services.mu.Lock()
	names := append([]types.NamespacedName(nil), a.services.outer[ip]...)
	if name, ok := a.services.ips[ip]; ok {
		names = append(names, name)
	}
	a.services.mu.Unlock()
	return a.servicesNamed(names...)
}

// ServiceAtNodePort is the service that has a port of every node, nil if none has it.
func (a *API) ServiceAtNodePort(port int32) *corev1.Service {
	a.services.mu.Lock()
	name, ok := a.services.ports[port]
	a.services.mu.Unlock()
	if !ok {
		return nil
	}
	for _, s := range a.servicesNamed(name) {
		return s
	}
	return nil
}

func (a *API) servicesNamed(names ...types.NamespacedName) []*corev1.Service {
	var services []*corev1.Service
	for _, name := range names {
		if obj, err := a.Get(registry.Services, name.Namespace, name.Name); err == nil {
			services = append(services, obj.(*corev1.Service))
		}
	}
	return services
}

// allocate gives a new service, or an update of old to it, the addresses and ports that it lacks, as the service registry's beginCreate and
// beginUpdate do. The caller calls done once the service is stored or given up. Other objects need nothing.
func (a *API) allocate(r *registry.Resource, obj, old store.Object, o WriteOptions) (done func(), err error) {
	s, ok := obj.(*corev1.Service)
	if !ok || r != registry.Services || o.Subresource != "" {
		return func() {}, nil
	}
	was, _ := old.(*corev1.Service)
	a.services.turn.Lock()
	if err := a.allocateService(s, was, o.DryRun); err != nil {
		a.services.turn.Unlock()
		return nil, err
	}
	return a.services.turn.Unlock, nil
}

func (a *API) allocateService(s, old *corev1.Service, dryRun bool) error {
	if err := initFamilies(s, old); err != nil {
		return err
	}
	if err := a.allocateIPs(s, old, dryRun); err != nil {
		return err
	}
	return a.allocatePorts(s, old, dryRun)
}
