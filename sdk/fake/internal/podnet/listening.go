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
