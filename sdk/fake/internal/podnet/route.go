package podnet

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// Path is where a connection request goes, and how.
type Path struct {
	// To is where it arrives. The dialer goes on to see the address that it dialed, and the listener sees its own.
	To netip.AddrPort
	// Seen, if valid, is the address that the listener sees in place of the dialer's.
	Seen netip.Addr
	// Delay is how long the request and the answer to it take together.
	Delay time.Duration
}

// path asks where a request goes. Errors of [Options.Route] are ErrDropped, an Errno that refuses, or what ends the dial.
func (o *Owner) path(to netip.AddrPort) (Path, error) {
	if o.ns.network.route == nil {
		return Path{To: to}, nil
	}
	return o.ns.network.route(o, to)
}

// travel waits while a request is under way, and says whether the dialer is still there.
func (o *Owner) travel(ctx context.Context, delay time.Duration) bool {
	if delay > 0 {
		o.pause(ctx, delay)
	}
	return ctx.Err() == nil
}

// Relink asks [Options.Link] for every connection, after what it says has changed.
func (n *Network) Relink() {
	if n.link == nil {
		return
	}
	for _, d := range n.dialed() {
		n.relink(d.conn, d.from, d.to)
	}
}

// Break resets every connection between two addresses for which broken holds.
func (n *Network) Break(broken func(from, to netip.Addr) bool) {
	for _, d := range n.dialed() {
		if broken(d.from.ip, d.to.ip) {
			d.conn.Reset()
		}
	}
}

// dialed is a connection and the namespaces of its ends.
type dialed struct {
	conn     *memconn.Conn
	from, to *Namespace
}

// dialed are all connections of the network, in no order.
func (n *Network) dialed() []dialed {
	n.mu.Lock()
	spaces := slices.Collect(maps.Values(n.spaces))
	n.mu.Unlock()
	var all []dialed
	for _, ns := range spaces {
		ns.mu.Lock()
		for _, o := range ns.owners {
			for c, as := range o.conns {
				if as.to != nil {
					all = append(all, dialed{c, ns, as.to})
				}
			}
		}
		ns.mu.Unlock()
	}
	return all
}

// relink has a connection be as the network is now. Nothing happens to one that stays in its namespace. The lock keeps who asked earlier
// from having the last word.
func (n *Network) relink(c *memconn.Conn, from, to *Namespace) {
	if n.link == nil || to == from {
		return
	}
	n.linking.Lock()
	defer n.linking.Unlock()
	c.Impair(n.link(from.ip, to.ip))
}
