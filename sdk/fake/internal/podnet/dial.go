package podnet

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// A connection request that gets no answer is sent again after a second, and then after twice as long each time, as
// with Linux's tcp_syn_retries of 6: without a deadline a dial gives up after 127 seconds.
const (
	synTries   = 7
	synTimeout = time.Second
)

// DialContext connects to "host:port" from the namespace's address. The host may be an IP address, localhost or the own
// hostname, which stay in the namespace, or a name that [Options.Resolve] knows; its addresses are tried in turn.
// A closed port is ECONNREFUSED, an address without a route ENETUNREACH. One that nobody has gives no answer: the dial
// waits for the context, or for two minutes, which ends in ETIMEDOUT. A listener whose backlog is full gives none either.
func (o *Owner) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	targets, err := o.targets(ctx, network, address)
	if err != nil {
		if ctx.Err() != nil {
			err = contextError(ctx)
		}
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	var first error
	for _, target := range targets {
		c, err := o.connect(ctx, network, target)
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// targets returns where a dial is to go. An unspecified address is the machine itself, as for connect on Linux.
func (o *Owner) targets(ctx context.Context, network, address string) ([]netip.AddrPort, error) {
	if err := checkNetwork(network); err != nil {
		return nil, err
	}
	host, port, err := splitAddress(network, address)
	if err != nil {
		return nil, err
	}
	addrs, err := o.find(ctx, network, host)
	if err != nil {
		return nil, err
	}
	targets := make([]netip.AddrPort, len(addrs))
	for i, ip := range addrs {
		switch ip {
		case netip.IPv4Unspecified():
			ip = localhost4
		case netip.IPv6Unspecified():
			ip = localhost6
		}
		targets[i] = netip.AddrPortFrom(ip, port)
	}
	return targets, nil
}

// connect tries one target until it answers.
func (o *Owner) connect(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	addr := net.TCPAddrFromAddrPort(to)
	wait := synTimeout
	for range synTries {
		if ctx.Err() != nil {
			return nil, &net.OpError{Op: "dial", Net: network, Addr: addr, Err: contextError(ctx)}
		}
		c, err := o.request(ctx, to)
		switch errno, refused := err.(syscall.Errno); {
		case err == nil:
			return c, nil
		case refused:
			return nil, socketError("dial", network, addr, "connect", errno)
		case !errors.Is(err, ErrDropped):
			return nil, &net.OpError{Op: "dial", Net: network, Addr: addr, Err: err}
		}
		o.pause(ctx, wait)
		wait *= 2
	}
	return nil, socketError("dial", network, addr, "connect", syscall.ETIMEDOUT)
}

// pause waits until the next try is due, or in vain.
func (o *Owner) pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-o.ended():
	}
}

// request sends one connection request: it is answered with a connection, refused with an Errno, or dropped.
func (o *Owner) request(ctx context.Context, to netip.AddrPort) (*memconn.Conn, error) {
	path, err := o.path(to)
	if err != nil {
		return nil, err
	}
	target := o.ns
	if !o.ns.isLocal(path.To.Addr()) {
		if !podAddress(path.To.Addr()) {
			return nil, syscall.ENETUNREACH
		}
		target = o.ns.network.lookup(path.To.Addr())
	}
	if !o.travel(ctx, path.Delay) {
		return nil, ErrDropped
	}
	near, far, err := o.open(to, path, target)
	if err != nil {
		return nil, err
	}
	err = ErrDropped
	if target != nil {
		o.ns.network.relink(near, o.ns, target)
		err = target.deliver(path.To, far)
	}
	if err != nil {
		_ = near.Close()
		return nil, err
	}
	return near, nil
}

// open makes a connection from a free port; its near end is the owner's.
func (o *Owner) open(to netip.AddrPort, path Path, target *Namespace) (near, far *memconn.Conn, err error) {
	from := o.ns.ip
	switch {
	case to.Addr() == o.ns.ip || !to.Addr().IsLoopback():
	case to.Addr().Is4():
		from = localhost4
	default:
		from = localhost6
	}
	o.ns.mu.Lock()
	defer o.ns.mu.Unlock()
	if o.closed {
		return nil, nil, ErrClosed
	}
	port := o.ns.freePort()
	if port == 0 {
		return nil, nil, syscall.EADDRNOTAVAIL
	}
	seen := from
	if path.Seen.IsValid() {
		seen = path.Seen
	}
	near, far = memconn.Translated(tcpAddr(from, port), net.TCPAddrFromAddrPort(to),
		net.TCPAddrFromAddrPort(path.To), tcpAddr(seen, port), memconn.Bounded(0))
	o.adopt(near, held{port, target})
	return near, far, nil
}

// deliver hands the far end of a connection to the listener it is for.
func (ns *Namespace) deliver(to netip.AddrPort, far *memconn.Conn) error {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.closed {
		return ErrDropped
	}
	l := ns.listenerFor(to)
	switch {
	case l == nil:
		return syscall.ECONNREFUSED
	case len(l.waiting) >= ns.network.backlog:
		return ErrDropped
	}
	l.owner.adopt(far, held{})
	l.waiting = append(l.waiting, far)
	l.ready.Signal()
	return nil
}
