package podnet

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// pool hands out the addresses of one node's subnet in turn, as the host-local CNI plugin does: an address that was
// freed comes back only after all others, so that a late packet for a dead pod reaches nobody.
type pool struct {
	subnet netip.Prefix
	next   uint32 // offset to try next
}

// Subnet returns the part of the pod CIDR that the node, counted from 0, has.
func (n *Network) Subnet(node int) (netip.Prefix, error) {
	if count := 1 << (n.nodeBits - n.cidr.Bits()); node < 0 || node >= count {
		return netip.Prefix{}, fmt.Errorf("subnet of node %d: the pod network %v has room for %d nodes", node, n.cidr, count)
	}
	offset := uint32(node) << (32 - n.nodeBits)
	return netip.PrefixFrom(add(n.cidr.Addr(), offset), n.nodeBits), nil
}

// allocate returns a free address of the node's subnet. The first and the last stay free: they name the subnet and its
// broadcast. The caller holds n.mu.
func (n *Network) allocate(node int) (netip.Addr, error) {
	p := n.pools[node]
	if p == nil {
		subnet, err := n.Subnet(node)
		if err != nil {
			return netip.Addr{}, err
		}
		p = &pool{subnet: subnet, next: 1}
		n.pools[node] = p
	}
	last := uint32(1)<<(32-p.subnet.Bits()) - 2
	for range last {
		ip := add(p.subnet.Addr(), p.next)
		p.next = p.next%last + 1
		if n.spaces[ip] == nil {
			return ip, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("pod address from %v: %w", p.subnet, ErrExhausted)
}

// add returns the IPv4 address that lies offset after ip.
func add(ip netip.Addr, offset uint32) netip.Addr {
	b := ip.As4()
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])+offset)
	return netip.AddrFrom4(b)
}
