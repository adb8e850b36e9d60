package podnet

import (
	"context"
	"fmt"
	"net/netip"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// Options sets up a [Network]. The zero value is the network of a default cluster.
type Options struct {
	// CIDR holds the pods' addresses; an invalid prefix means 10.244.0.0/16. It must be IPv4 and not loopback, which
	// the endpoints of a service refuse.
	CIDR netip.Prefix
	// NodeBits is the prefix length of one node's part of the CIDR; 0 means 24, as kube-controller-manager's
	// --node-cidr-mask-size does, or the length of the CIDR if that is greater.
	NodeBits int
	// Backlog is how many connections may wait for Accept at one listener; 0 means 4096, Linux's somaxconn.
	Backlog int
	// Resolve finds the addresses of names that the namespace itself does not know: it is the cluster's DNS. It may block
	// until the context ends. Nil knows no name.
	Resolve func(ctx context.Context, from *Owner, name string) ([]netip.Addr, error)
	// Route says where a connection request goes, each time it is sent. It must not block. Nil sends it where it is addressed to.
	Route func(from *Owner, to netip.AddrPort) (Path, error)
	// Link says what the network does to a connection between two addresses: to what goes from one to other, and to what comes back. It is
	// asked when a connection is made, and for all connections by [Network.Relink]. It must not block. Nil is a network without fault.
	Link func(from, to netip.Addr) (there, back memconn.Impairment)
}

// Network is a flat network of namespaces. Its methods may be called concurrently.
type Network struct {
	cidr     netip.Prefix
	nodeBits int
	backlog  int
	resolve  func(ctx context.Context, from *Owner, name string) ([]netip.Addr, error)
	route    func(from *Owner, to netip.AddrPort) (Path, error)
	link     func(from, to netip.Addr) (there, back memconn.Impairment)

	linking sync.Mutex // held while a connection is told what the network does to it

	mu     sync.Mutex
	spaces map[netip.Addr]*Namespace
	pools  map[int]*pool
	closed bool
}

// New returns a network without namespaces. It starts no goroutine and no timer.
func New(opts Options) (*Network, error) {
	n := &Network{cidr: opts.CIDR, nodeBits: opts.NodeBits, backlog: opts.Backlog, resolve: opts.Resolve, route: opts.Route, link: opts.Link,
		spaces: map[netip.Addr]*Namespace{}, pools: map[int]*pool{}}
	if !n.cidr.IsValid() {
		n.cidr = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 244, 0, 0}), 16)
	}
	n.cidr = n.cidr.Masked()
	if n.nodeBits == 0 {
		n.nodeBits = max(24, n.cidr.Bits())
	}
	if n.backlog <= 0 {
		n.backlog = 4096
	}
	if err := n.check(); err != nil {
		return nil, fmt.Errorf("pod network %v: %w", n.cidr, err)
	}
	return n, nil
}

func (n *Network) check() error {
	base := n.cidr.Addr()
	switch {
	case !base.Is4():
		return fmt.Errorf("pods have IPv4 addresses only; give an IPv4 prefix")
	case !podAddress(base.Next()):
		return fmt.Errorf("not for pods, since services refuse such endpoints; give a private unicast prefix")
	case n.nodeBits < n.cidr.Bits() || n.nodeBits > 30:
		return fmt.Errorf("a node's part of %d bits must be at least as long as the prefix and at most 30", n.nodeBits)
	}
	return nil
}

// podAddress says whether a namespace may have the address: validation of endpoints refuses the others.
func podAddress(ip netip.Addr) bool {
	return ip.Is4() && !ip.IsUnspecified() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() && !ip.IsMulticast() &&
		ip != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// Close closes every namespace and makes later calls fail with [ErrClosed]. A second Close does nothing.
func (n *Network) Close() error {
	n.mu.Lock()
	n.closed = true
	spaces := make([]*Namespace, 0, len(n.spaces))
	for _, ns := range n.spaces {
		spaces = append(spaces, ns)
	}
	n.mu.Unlock()
	for _, ns := range spaces {
		_ = ns.Close()
	}
	return nil
}

// At returns the namespace that has an address, nil if there is none.
func (n *Network) At(ip netip.Addr) *Namespace { return n.lookup(ip) }

// lookup returns the namespace that has the address, or nil.
func (n *Network) lookup(ip netip.Addr) *Namespace {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.spaces[ip]
}

// forget frees the address of a namespace, unless a concurrent Close did and another has it now.
func (n *Network) forget(ns *Namespace) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.spaces[ns.ip] == ns {
		delete(n.spaces, ns.ip)
	}
}
