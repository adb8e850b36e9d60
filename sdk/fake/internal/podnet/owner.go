package podnet

import (
	"net"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// Owner is one user of a [Namespace], such as a container instance: what it opens ends with it. Its methods may be called
// concurrently; after Close they fail with [ErrClosed].
type Owner struct {
	ns   *Namespace
	done chan struct{} // closed by Close, for dials that wait

	// Guarded by ns.mu.
	closed bool
	conns  map[*memconn.Conn]uint16 // with the port to free, if it was dialed
}

// NewOwner returns a new user of the namespace. In a closed namespace it is closed from the start.
func (ns *Namespace) NewOwner() *Owner {
	o := &Owner{ns: ns, done: make(chan struct{}), conns: map[*memconn.Conn]uint16{}}
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.closed {
		o.closed = true
		close(o.done)
		return o
	}
	ns.owners[o] = struct{}{}
	return o
}

// Namespace returns the namespace that the owner uses.
func (o *Owner) Namespace() *Namespace { return o.ns }

// ListenPacket always fails: the network carries no UDP.
func (o *Owner) ListenPacket(network, _ string) (net.PacketConn, error) {
	return nil, &net.OpError{Op: "listen", Net: network, Err: ErrNotTCP}
}

// Close closes the owner's listeners, resets its connections, also those that wait for Accept, and ends its dials.
// A second Close does nothing.
func (o *Owner) Close() error {
	ns := o.ns
	ns.mu.Lock()
	if o.closed {
		ns.mu.Unlock()
		return nil
	}
	o.closed = true
	close(o.done)
	delete(ns.owners, o)
	for _, l := range ns.listenersOf(o) {
		l.shut()
	}
	conns := o.conns
	o.conns = nil
	for _, port := range conns {
		delete(ns.dialing, port)
	}
	ns.mu.Unlock()
	for c := range conns {
		c.Reset()
	}
	return nil
}

// listenersOf collects what an owner listens on. The caller holds ns.mu.
func (ns *Namespace) listenersOf(o *Owner) []*Listener {
	var found []*Listener
	for _, listeners := range ns.listeners {
		for _, l := range listeners {
			if l.owner == o {
				found = append(found, l)
			}
		}
	}
	return found
}

// adopt makes c one of the owner's connections until it is closed; port is the one it was dialed from, or 0.
// The caller holds ns.mu, and the owner is open.
func (o *Owner) adopt(c *memconn.Conn, port uint16) {
	o.conns[c] = port
	if port != 0 {
		o.ns.dialing[port] = struct{}{}
	}
	c.OnClose(func() { o.release(c) })
}

// release forgets a connection and frees its port.
func (o *Owner) release(c *memconn.Conn) {
	o.ns.mu.Lock()
	defer o.ns.mu.Unlock()
	if port, ok := o.conns[c]; ok {
		delete(o.conns, c)
		delete(o.ns.dialing, port)
	}
}
