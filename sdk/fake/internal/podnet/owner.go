package podnet

import (
	"net"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// Owner is one user of a [Namespace], such as a container instance: what it opens ends with it. Its methods may be called
// concurrently; after Close they fail with [ErrClosed].
type Owner struct {
	ns   *Namespace
	user any

	// Guarded by ns.mu.
	closed bool
	done   chan struct{}          // closed by Close, for dials that wait; nil before one does
	conns  map[*memconn.Conn]held // nil before there is one
}

// held is what an owner knows of a connection that it dialed; of others, nothing.
type held struct {
	port uint16 // to free
	to   *Namespace
}

// NewOwner returns a new user of the namespace. In a closed namespace it is closed from the start.
func (ns *Namespace) NewOwner() *Owner { return ns.NewOwnerFor(nil) }

// NewOwnerFor is [Namespace.NewOwner] for a user that [Options.Resolve] and [Options.Route] can ask for.
func (ns *Namespace) NewOwnerFor(user any) *Owner {
	o := &Owner{ns: ns, user: user}
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if o.closed = ns.closed; !o.closed {
		ns.owners = append(ns.owners, o)
	}
	return o
}

// Namespace returns the namespace that the owner uses.
func (o *Owner) Namespace() *Namespace { return o.ns }

// User returns what [Namespace.NewOwnerFor] was given, nil for those made without.
func (o *Owner) User() any { return o.user }

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
	if o.done != nil {
		close(o.done)
	}
	ns.owners = slices.DeleteFunc(ns.owners, func(other *Owner) bool { return other == o })
	for _, l := range ns.listenersOf(o) {
		l.shut()
	}
	conns := o.conns
	o.conns = nil
	for _, c := range conns {
		delete(ns.dialing, c.port)
	}
	ns.mu.Unlock()
	for c := range conns {
		c.Reset()
	}
	return nil
}

// ended returns a channel that is closed when the owner is.
func (o *Owner) ended() <-chan struct{} {
	o.ns.mu.Lock()
	defer o.ns.mu.Unlock()
	if o.done == nil {
		o.done = make(chan struct{})
		if o.closed {
			close(o.done)
		}
	}
	return o.done
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

// adopt makes c one of the owner's connections until it is closed. The caller holds ns.mu, and the owner is open.
func (o *Owner) adopt(c *memconn.Conn, as held) {
	if o.conns == nil {
		o.conns = map[*memconn.Conn]held{}
	}
	o.conns[c] = as
	if as.port != 0 {
		if o.ns.dialing == nil {
			o.ns.dialing = map[uint16]struct{}{}
		}
		o.ns.dialing[as.port] = struct{}{}
	}
	c.OnClose(func() { o.release(c) })
}

// release forgets a connection and frees its port.
func (o *Owner) release(c *memconn.Conn) {
	o.ns.mu.Lock()
	defer o.ns.mu.Unlock()
	if as, ok := o.conns[c]; ok {
		delete(o.conns, c)
		delete(o.ns.dialing, as.port)
	}
}
