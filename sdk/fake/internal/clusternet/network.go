package clusternet

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"syscall"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// Node is a machine of the cluster.
type Node struct {
	Name string
	IP   netip.Addr
}

// Config is what a Network works with. All but Seed and Proxy is needed.
type Config struct {
	API   *api.API
	Seed  uint64
	Nodes []Node
	// Pod is the pod that uses a network, nil for a node or a machine outside.
	Pod func(user any) *corev1.Pod
	// At is what [podnet.Network.At] answers.
	At func(netip.Addr) *podnet.Namespace
	// HostPort is where a port of a node leads.
	HostPort func(node string, at netip.AddrPort) (netip.AddrPort, bool)
	// HasPower says whether a node is on.
	HasPower func(node string) bool
	// Proxy says whether kube-proxy runs.
	Proxy bool
}

// Network decides about connection requests. Its methods may be called concurrently.
type Network struct {
	Config
	Faults Faults

	mu       sync.Mutex
	turns    map[servicePort]int
	affinity map[client]fellow
}

// New returns the network of a cluster.
func New(c Config) *Network {
	n := &Network{Config: c, turns: map[servicePort]int{}, affinity: map[client]fellow{}}
	n.Faults.network = n
	return n
}

// Route implements [podnet.Options.Route].
func (n *Network) Route(from *podnet.Owner, to netip.AddrPort) (podnet.Path, error) {
	origin := n.originOf(from)
	path := podnet.Path{To: to}
	if node := n.machine(origin, to.Addr()); node != "" && !n.HasPower(node) {
		return path, podnet.ErrDropped
	}
	if n.Proxy {
		translated, found, err := n.toService(origin, to)
		if err != nil {
			return path, err
		}
		if found {
			path = translated
		}
	}
	if path.To == to {
		if target, ok := n.toHostPort(origin, to); ok {
			path.To = target
		}
	}
	target := path.To.Addr()
	if target.IsLoopback() || target == origin.ip {
		return path, nil
	}
	if !n.allows(origin, path) {
		return path, podnet.ErrDropped
	}
	there, back := n.Faults.Link(origin.ip, target)
	if there.Cut || back.Cut {
		return path, podnet.ErrDropped
	}
	if n.At(target) == nil && n.nodeAt(target) != "" { // a node on which nobody has listened yet
		return path, refused
	}
	path.Delay = there.Delay + back.Delay
	return path, nil
}

// origin is where a request comes from.
type origin struct {
	ip   netip.Addr
	pod  *corev1.Pod // whose address it is; nil for a node, a pod with the network of its node, or a machine outside
	node string      // "" outside
}

func (n *Network) originOf(from *podnet.Owner) origin {
	space := from.Namespace()
	o := origin{ip: space.IP(), pod: n.Pod(space.User())}
	if o.pod != nil {
		o.node = o.pod.Spec.NodeName
	} else {
		o.node = n.nodeAt(o.ip)
	}
	return o
}

// nodeAt is the node that has an address, "" if none has.
func (n *Network) nodeAt(ip netip.Addr) string {
	for i := range n.Nodes {
		if n.Nodes[i].IP == ip {
			return n.Nodes[i].Name
		}
	}
	return ""
}

// addressOf is that of a node.
func (n *Network) addressOf(node string) netip.Addr {
	i := slices.IndexFunc(n.Nodes, func(has Node) bool { return has.Name == node })
	if i < 0 {
		return netip.Addr{}
	}
	return n.Nodes[i].IP
}

// podAt is the pod that has an address of its own.
func (n *Network) podAt(ip netip.Addr) *corev1.Pod {
	if space := n.At(ip); space != nil {
		return n.Pod(space.User())
	}
	return nil
}

// machine is the node on which a request is translated that is addressed to a node: that node, or the own one for loopback.
func (n *Network) machine(o origin, to netip.Addr) string {
	if to.IsLoopback() && o.pod == nil {
		return o.node
	}
	return n.nodeAt(to)
}

// toHostPort is the pod behind a port of a node.
func (n *Network) toHostPort(o origin, to netip.AddrPort) (netip.AddrPort, bool) {
	node := n.machine(o, to.Addr())
	if node == "" {
		return netip.AddrPort{}, false
	}
	return n.HostPort(node, to)
}

// compareEndpoints sorts by address and port.
func compareEndpoints(a, b endpoint) int {
	return cmp.Or(a.at.Addr().Compare(b.at.Addr()), cmp.Compare(a.at.Port(), b.at.Port()))
}

// refused is what an iptables rule with the target REJECT makes of a connection request.
const refused = syscall.ECONNREFUSED
