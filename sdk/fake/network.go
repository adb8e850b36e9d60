package fake

import (
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/clusternet"
	"github.com/podwright/podwright/sdk/fake/internal/dns"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/memconn"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// Network is that of a cluster, for tests that look at it from outside or break it. Its methods may be called by any goroutine.
//
// A fault is between two places, see [Place]. It meets new connections and those that stand, and lasts until the function that made it is
// undone; undoing it twice is harmless. Faults add up. A node always reaches its own pods, so that probes go on, and what kubelets,
// controllers and clients say to the API server does not go over this network.
type Network struct{ cluster *Cluster }

// Network returns the network of the cluster.
func (c *Cluster) Network() *Network { return &Network{c} }

// DialContext connects from the machine that the nodes run on, which is outside the cluster: to a node at a node port or a host port
// (192.168.49.2:30080), or to a pod by its IP. It knows no names of the cluster.
func (n *Network) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return n.cluster.host.DialContext(ctx, network, address)
}

// Partition parts two places: nothing gets from one to the other any more. Connection requests get no answer, and connections that stand are
// silent; healed, they go on where they were, as TCP does that sends again what was lost.
func (n *Network) Partition(a, b Place) (heal func()) {
	cut := memconn.Impairment{Cut: true}
	return n.add(cut, a, b)
}

// Drop loses everything that goes from one place to the other, but not what comes back. No connection can be made between them, whoever
// dials, since either the request or its answer is lost; of those that stand one direction is silent.
func (n *Network) Drop(from, to Place) (undo func()) {
	x, y := from(n.cluster), to(n.cluster)
	return n.cluster.routes.Faults.Add(n.cluster.network, &clusternet.Fault{From: x, To: y, Impairment: memconn.Impairment{Cut: true}})
}

// Delay has everything between two places take d longer, each way: a connection takes twice as long to be made. In a [Bubble] that is
// virtual time.
func (n *Network) Delay(a, b Place, d time.Duration) (undo func()) {
	return n.add(memconn.Impairment{Delay: d}, a, b)
}

// Reset breaks the connections that stand between two places: both ends get ECONNRESET. New ones can be made.
func (n *Network) Reset(a, b Place) {
	n.cluster.routes.Faults.Break(n.cluster.network, a(n.cluster), b(n.cluster))
}

// add makes a fault in both directions.
func (n *Network) add(what memconn.Impairment, a, b Place) (undo func()) {
	x, y := a(n.cluster), b(n.cluster)
	return n.cluster.routes.Faults.Add(n.cluster.network,
		&clusternet.Fault{From: x, To: y, Impairment: what}, &clusternet.Fault{From: y, To: x, Impairment: what})
}

// openNetwork makes the network of pods, and what decides about it.
func (c *Cluster) openNetwork() (err error) {
	c.routes = clusternet.New(clusternet.Config{
		API: c.api, Seed: c.options.seed, Proxy: c.options.runs(Proxy),
		Pod: func(user any) *corev1.Pod {
			if u, ok := kubelet.UserOf(user); ok {
				return u.Pod()
			}
			return nil
		},
		At:       func(ip netip.Addr) *podnet.Namespace { return c.network.At(ip) },
		HasPower: func(node string) bool { return c.kubelet.HasPower(node) },
		HostPort: func(node string, at netip.AddrPort) (netip.AddrPort, bool) { return c.kubelet.HostPort(node, at) },
	})
	for _, node := range c.nodes {
		c.routes.Nodes = append(c.routes.Nodes, clusternet.Node{Name: node.Name, IP: node.IP})
	}
	if c.names = dns.New(c.api); c.options.runs(DNS) {
		c.api.ReserveIP(netip.MustParseAddr(dns.Address), dns.Service)
	}
	c.network, err = podnet.New(podnet.Options{Resolve: c.resolve, Route: c.routes.Route, Link: c.routes.Faults.Link})
	return err
}
