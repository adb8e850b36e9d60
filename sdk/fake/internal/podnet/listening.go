package podnet

import (
	"cmp"
	"maps"
	"net"
	"slices"
)

// Listening lists the addresses that somebody in the namespace listens on, by port.
func (ns *Namespace) Listening() []net.Addr {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	var all []net.Addr
	for _, port := range slices.Sorted(maps.Keys(ns.listeners)) {
		on := make([]net.Addr, 0, len(ns.listeners[port]))
		for _, l := range ns.listeners[port] {
			on = append(on, l.bound.addr())
		}
		slices.SortFunc(on, func(a, b net.Addr) int { return cmp.Compare(a.String(), b.String()) })
		all = append(all, on...)
	}
	return all
}

// Open counts what is open on the network: the listeners, and the ends of connections that nobody has closed and whose owner lives.
func (n *Network) Open() (listeners, ends int) {
	n.mu.Lock()
	spaces := slices.Collect(maps.Values(n.spaces))
	n.mu.Unlock()
	for _, ns := range spaces {
		ns.mu.Lock()
		for _, on := range ns.listeners {
			listeners += len(on)
		}
		for _, o := range ns.owners {
			ends += len(o.conns)
		}
		ns.mu.Unlock()
	}
	return listeners, ends
}
