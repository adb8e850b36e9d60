package podnet

import (
	"net"
	"net/netip"
	"slices"
	"sync"
	"syscall"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// Listener accepts the connections to one port. Its methods may be called concurrently.
type Listener struct {
	owner *Owner
	bound binding
	net   string

	// Guarded by the namespace's mutex.
	ready   sync.Cond
	waiting []*memconn.Conn
	closed  bool
}

// binding is what a listener listens on: one address, all of a family (the unspecified address), or both families.
type binding struct {
	ip    netip.Addr
	dual  bool
	port  uint16
	asked netip.Addr // what the caller named, the zero Addr for no host: errors of package net say that
}

// covers says whether a connection to the address is for this binding.
func (b binding) covers(ip netip.Addr) bool {
	return b.dual || b.ip == ip || b.ip.IsUnspecified() && b.ip.Is4() == ip.Is4()
}

// overlaps says whether Linux refuses to have listeners on both.
func (b binding) overlaps(other binding) bool {
	return b.port == other.port && (b.covers(other.ip) || other.covers(b.ip))
}

func (b binding) addr() net.Addr { return tcpAddr(b.ip, b.port) }

func (b binding) askedAddr() net.Addr { return tcpAddr(b.asked, b.port) }

// Listen announces the owner on an address of the namespace, as [net.Listen] does: an empty or unspecified host is all
// addresses, port 0 is a free one. A port that another container of the pod uses is EADDRINUSE, an address that the pod
// does not have is EADDRNOTAVAIL.
func (o *Owner) Listen(network, address string) (net.Listener, error) {
	want, err := o.ns.bindingFor(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	if !want.ip.IsUnspecified() && !o.ns.isLocal(want.ip) {
		return nil, socketError("listen", network, want.askedAddr(), "bind", syscall.EADDRNOTAVAIL)
	}
	o.ns.mu.Lock()
	defer o.ns.mu.Unlock()
	if o.closed {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: want.askedAddr(), Err: ErrClosed}
	}
	if want.port == 0 {
		want.port = o.ns.freePort()
	}
	if want.port == 0 || o.ns.taken(want) {
		return nil, socketError("listen", network, want.askedAddr(), "bind", syscall.EADDRINUSE)
	}
	l := &Listener{owner: o, bound: want, net: network}
	l.ready.L = &o.ns.mu
	if o.ns.listeners == nil {
		o.ns.listeners = map[uint16][]*Listener{}
	}
	o.ns.listeners[want.port] = append(o.ns.listeners[want.port], l)
	return l, nil
}

// bindingFor reads what Listen was asked for. With the network "tcp" an unspecified host of either family means both.
func (ns *Namespace) bindingFor(network, address string) (binding, error) {
	if err := checkNetwork(network); err != nil {
		return binding{}, err
	}
	host, port, err := splitAddress(network, address)
	if err != nil {
		return binding{}, err
	}
	addrs := ns.known(host)
	if addrs == nil {
		return binding{}, &net.AddrError{Err: "not an IP address, localhost or the own hostname", Addr: host}
	}
	if addrs, err = suitable(network, host, addrs); err != nil {
		return binding{}, err
	}
	b := binding{ip: addrs[0], port: port}
	if host != "" {
		b.asked = b.ip
	}
	if network == "tcp" && b.ip.IsUnspecified() {
		b.ip, b.dual = netip.IPv6Unspecified(), true
	}
	return b, nil
}

// taken says whether a listener is in the way. The caller holds ns.mu.
func (ns *Namespace) taken(want binding) bool {
	return slices.ContainsFunc(ns.listeners[want.port], func(l *Listener) bool { return l.bound.overlaps(want) })
}

// listenerFor returns the listener for connections to the address, or nil. The caller holds ns.mu.
func (ns *Namespace) listenerFor(to netip.AddrPort) *Listener {
	for _, l := range ns.listeners[to.Port()] {
		if l.bound.covers(to.Addr()) {
			return l
		}
	}
	return nil
}

// Accept waits for the next connection. After Close, and when the owner ends, it fails with net.ErrClosed.
func (l *Listener) Accept() (net.Conn, error) {
	l.owner.ns.mu.Lock()
	defer l.owner.ns.mu.Unlock()
	for !l.closed {
		if len(l.waiting) > 0 {
			c := l.waiting[0]
			l.waiting[0] = nil
			l.waiting = l.waiting[1:]
			return c, nil
		}
		l.ready.Wait()
	}
	return nil, &net.OpError{Op: "accept", Net: l.net, Addr: l.Addr(), Err: net.ErrClosed}
}

// Addr returns the address, with the port that was found if 0 was asked for.
func (l *Listener) Addr() net.Addr { return l.bound.addr() }

// Close frees the port and resets the connections that nobody accepted; accepted ones go on. A second Close, or one after
// the owner's end, is net.ErrClosed.
func (l *Listener) Close() error {
	ns := l.owner.ns
	ns.mu.Lock()
	if l.closed {
		ns.mu.Unlock()
		return &net.OpError{Op: "close", Net: l.net, Addr: l.Addr(), Err: net.ErrClosed}
	}
	refused := l.shut()
	ns.mu.Unlock()
	for _, c := range refused {
		c.Reset()
		_ = c.Close()
	}
	return nil
}

// shut takes the listener out of its namespace and returns the connections left in it. The caller holds ns.mu.
func (l *Listener) shut() []*memconn.Conn {
	l.closed = true
	listeners := l.owner.ns.listeners
	rest := slices.DeleteFunc(listeners[l.bound.port], func(other *Listener) bool { return other == l })
	if listeners[l.bound.port] = rest; len(rest) == 0 {
		delete(listeners, l.bound.port)
	}
	left := l.waiting
	l.waiting = nil
	l.ready.Broadcast()
	return left
}
