package clusternet

import (
	"hash/fnv"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/utils/ptr"
)

// servicePort is a port of a service; several addresses and node ports lead to it.
type servicePort struct {
	namespace, service, port string
}

// endpoint is where a port of a service leads.
type endpoint struct {
	at                          netip.AddrPort
	node                        string
	ready, serving, terminating bool
}

// way is how a request meets a service.
type way int

const (
	byClusterIP way = iota
	byOuterIP       // an external IP, or that of a load balancer
	byNodePort
)

// toService translates a request for a service, as the rules of kube-proxy do. It answers false for one that is for none.
func (n *Network) toService(o origin, to netip.AddrPort) (podnet.Path, bool, error) {
	s, p, by := n.serviceFor(o, to)
	if s == nil {
		return podnet.Path{}, false, nil
	}
	all := usable(n.endpoints(s, p))
	mine, masquerade := all, by != byClusterIP
	switch {
	case by == byClusterIP && ptr.Deref(s.Spec.InternalTrafficPolicy, "") == corev1.ServiceInternalTrafficPolicyLocal:
		mine = onNode(all, o.node)
	case by != byClusterIP && s.Spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal:
		masquerade = false
		if by == byNodePort && o.node == "" { // who comes from inside has all endpoints
			mine = onNode(all, n.machine(o, to.Addr()))
		}
	}
	switch {
	case len(all) == 0:
		return podnet.Path{}, false, refused
	case len(mine) == 0: // there are some on other nodes only, and the policy is Local
		return podnet.Path{}, false, podnet.ErrDropped
	}
	path := podnet.Path{To: n.choose(s, p, o, mine)}
	switch node := n.machine(o, to.Addr()); {
	case path.To.Addr() == o.ip, masquerade && node == "":
		path.Seen = n.addressOf(o.node)
	case masquerade:
		path.Seen = n.addressOf(node)
	}
	return path, true, nil
}

// serviceFor finds the port of a service that an address is of, nil if it is of none.
func (n *Network) serviceFor(o origin, to netip.AddrPort) (*corev1.Service, *corev1.ServicePort, way) {
	port := int32(to.Port())
	for _, s := range n.API.ServicesAt(to.Addr()) {
		for i := range s.Spec.Ports {
			if p := &s.Spec.Ports[i]; p.Port == port && isTCP(p.Protocol) {
				if s.Spec.ClusterIP == to.Addr().String() {
					return s, p, byClusterIP
				}
				return s, p, byOuterIP
			}
		}
	}
	if n.machine(o, to.Addr()) == "" {
		return nil, nil, 0
	}
	if s := n.API.ServiceAtNodePort(port); s != nil {
		for i := range s.Spec.Ports {
			if p := &s.Spec.Ports[i]; p.NodePort == port && isTCP(p.Protocol) {
				return s, p, byNodePort
			}
		}
	}
	return nil, nil, 0
}

func isTCP(p corev1.Protocol) bool { return p == corev1.ProtocolTCP || p == "" }

// endpoints are those of a port of a service, sorted: what its EndpointSlices say.
func (n *Network) endpoints(s *corev1.Service, p *corev1.ServicePort) []endpoint {
	var all []endpoint
	objects, _ := n.API.List(registry.EndpointSlices, s.Namespace)
	for _, obj := range objects {
		slice := obj.(*discoveryv1.EndpointSlice)
		if slice.Labels[discoveryv1.LabelServiceName] != s.Name || slice.AddressType != discoveryv1.AddressTypeIPv4 {
			continue
		}
		number := portNamed(slice.Ports, p.Name)
		if number == 0 {
			continue
		}
		for i := range slice.Endpoints {
			e := &slice.Endpoints[i]
			if len(e.Addresses) == 0 {
				continue
			}
			ip, err := netip.ParseAddr(e.Addresses[0])
			if err != nil {
				continue
			}
			ready := ptr.Deref(e.Conditions.Ready, true)
			all = append(all, endpoint{netip.AddrPortFrom(ip, uint16(number)), ptr.Deref(e.NodeName, ""),
				ready, ptr.Deref(e.Conditions.Serving, ready), ptr.Deref(e.Conditions.Terminating, false)})
		}
	}
	slices.SortFunc(all, compareEndpoints)
	return slices.CompactFunc(all, func(a, b endpoint) bool { return a.at == b.at })
}

func portNamed(ports []discoveryv1.EndpointPort, name string) int32 {
	for _, p := range ports {
		if ptr.Deref(p.Name, "") == name && isTCP(ptr.Deref(p.Protocol, "")) {
			return ptr.Deref(p.Port, 0)
		}
	}
	return 0
}

// usable are the ready endpoints, or, if there are none, those that still serve while they terminate, as CategorizeEndpoints has it.
func usable(all []endpoint) []endpoint {
	ready := filter(all, func(e endpoint) bool { return e.ready })
	if len(ready) > 0 {
		return ready
	}
	return filter(all, func(e endpoint) bool { return e.serving && e.terminating })
}

func onNode(all []endpoint, node string) []endpoint {
	return filter(all, func(e endpoint) bool { return e.node == node })
}

func filter(all []endpoint, keep func(endpoint) bool) []endpoint {
	var some []endpoint
	for _, e := range all {
		if keep(e) {
			some = append(some, e)
		}
	}
	return some
}

// client is who has affinity, and fellow to whom.
type client struct {
	servicePort
	ip netip.Addr
}

type fellow struct {
	at    netip.AddrPort
	until time.Time
}

// choose takes the endpoint that the client had last, if the service wants that, or the next in turn. Where a turn begins depends on the
// seed.
func (n *Network) choose(s *corev1.Service, p *corev1.ServicePort, o origin, among []endpoint) netip.AddrPort {
	key := servicePort{s.Namespace, s.Name, p.Name}
	n.mu.Lock()
	defer n.mu.Unlock()
	var keep time.Duration
	who := client{key, o.ip}
	if s.Spec.SessionAffinity == corev1.ServiceAffinityClientIP {
		keep = affinityOf(s)
		was := n.affinity[who]
		if time.Now().Before(was.until) && slices.ContainsFunc(among, func(e endpoint) bool { return e.at == was.at }) {
			n.affinity[who] = fellow{was.at, time.Now().Add(keep)}
			return was.at
		}
	}
	turn, ok := n.turns[key]
	if !ok {
		turn = n.firstTurn(key)
	}
	n.turns[key] = turn + 1
	at := among[turn%len(among)].at
	if keep > 0 {
		n.affinity[who] = fellow{at, time.Now().Add(keep)}
	}
	return at
}

// affinityOf is how long a client keeps its endpoint after its last request.
func affinityOf(s *corev1.Service) time.Duration {
	seconds := int32(corev1.DefaultClientIPServiceAffinitySeconds)
	if c := s.Spec.SessionAffinityConfig; c != nil && c.ClientIP != nil && c.ClientIP.TimeoutSeconds != nil {
		seconds = *c.ClientIP.TimeoutSeconds
	}
	return time.Duration(seconds) * time.Second
}

func (n *Network) firstTurn(key servicePort) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strconv.FormatUint(n.Seed, 10) + key.namespace + "/" + key.service + ":" + key.port))
	return int(h.Sum32() >> 1)
}
