package podnet

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// NamespaceOptions says what a new [Namespace] is like. The zero value is a nameless pod on the first node.
type NamespaceOptions struct {
	// Hostname resolves to the namespace's own address, as the line that the kubelet writes into /etc/hosts does.
	Hostname string
	// Node counts from 0 and selects the subnet of which the address is taken.
	Node int
	// IP, if valid, is the address to have instead: that of a node, or of a machine outside the cluster. It may lie in the
	// pod network or not.
	IP netip.Addr
	// User is what [Namespace.User] returns.
	User any
}

// Namespace is a network namespace: one IP address, one port space and one localhost, shared by the containers of a pod
// or by all that runs on a node. Its methods may be called concurrently.
type Namespace struct {
	network  *Network
	ip       netip.Addr
	hostname string
	user     any
	root     *Owner

	mu        sync.Mutex // guards the fields below, and those of its owners and listeners
	owners    []*Owner
	listeners map[uint16][]*Listener // nil before there is one
	dialing   map[uint16]struct{}    // local ports of connections dialed from here; nil before there is one
	lastPort  uint16
	closed    bool
}

// NewNamespace makes a namespace with an address of its own, which Close frees.
func (n *Network) NewNamespace(opts NamespaceOptions) (*Namespace, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, fmt.Errorf("network namespace %q: %w", opts.Hostname, ErrClosed)
	}
	ip, err := n.address(opts)
	if err != nil {
		return nil, fmt.Errorf("network namespace %q: %w", opts.Hostname, err)
	}
	ns := &Namespace{network: n, ip: ip, hostname: opts.Hostname, user: opts.User, lastPort: firstEphemeral - 1}
	ns.root = ns.NewOwnerFor(opts.User)
	n.spaces[ip] = ns
	return ns, nil
}

// address returns the address for a new namespace. The caller holds n.mu.
func (n *Network) address(opts NamespaceOptions) (netip.Addr, error) {
	if !opts.IP.IsValid() {
		return n.allocate(opts.Node)
	}
	ip := opts.IP.Unmap()
	switch {
	case !podAddress(ip):
		return netip.Addr{}, fmt.Errorf("address %v: not one that a pod or node can have; give an IPv4 unicast address", ip)
	case n.spaces[ip] != nil:
		return netip.Addr{}, fmt.Errorf("address %v: %w", ip, ErrInUse)
	}
	return ip, nil
}

// IP returns the address, also after Close.
func (ns *Namespace) IP() netip.Addr { return ns.ip }

// Hostname returns the name given at the start, also after Close.
func (ns *Namespace) Hostname() string { return ns.hostname }

// User returns whose namespace it is, as [NamespaceOptions.User] said.
func (ns *Namespace) User() any { return ns.user }

// Listen listens on behalf of the namespace itself, as [Owner.Listen] does for a container.
func (ns *Namespace) Listen(network, address string) (net.Listener, error) {
	return ns.root.Listen(network, address)
}

// DialContext dials on behalf of the namespace itself, as [Owner.DialContext] does for a container. A port-forward does
// so with the address localhost.
func (ns *Namespace) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return ns.root.DialContext(ctx, network, address)
}

// Close ends every owner and frees the address. A second Close does nothing.
func (ns *Namespace) Close() error {
	ns.mu.Lock()
	ns.closed = true
	owners := slices.Clone(ns.owners)
	ns.mu.Unlock()
	if len(owners) == 0 {
		return nil
	}
	for _, o := range owners {
		_ = o.Close()
	}
	ns.network.forget(ns)
	return nil
}

// The range of ports for those who ask for none in particular, as in Linux's ip_local_port_range.
const (
	firstEphemeral = 32768
	lastEphemeral  = 60999
)

// freePort returns a port that nobody here uses, or 0 if there is none. The caller holds ns.mu.
func (ns *Namespace) freePort() uint16 {
	for range lastEphemeral - firstEphemeral + 1 {
		ns.lastPort++
		if ns.lastPort > lastEphemeral {
			ns.lastPort = firstEphemeral
		}
		if _, dialing := ns.dialing[ns.lastPort]; !dialing && len(ns.listeners[ns.lastPort]) == 0 {
			return ns.lastPort
		}
	}
	return 0
}
