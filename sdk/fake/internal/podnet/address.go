package podnet

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

var (
	localhost4 = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	localhost6 = netip.IPv6Loopback()
)

// servicePorts are the port names that package net knows on every machine and that programs use.
var servicePorts = map[string]uint16{"": 0, "domain": 53, "http": 80, "https": 443}

// checkNetwork refuses what is not TCP: known networks as a gap of the fake, others as package net does.
func checkNetwork(network string) error {
	switch kind, _, _ := strings.Cut(network, ":"); kind {
	case "tcp", "tcp4", "tcp6":
		if kind == network {
			return nil
		}
	case "udp", "udp4", "udp6", "unix", "unixgram", "unixpacket", "ip", "ip4", "ip6":
		return ErrNotTCP
	}
	return net.UnknownNetworkError(network)
}

// splitAddress takes "host:port" apart. The host may be empty, the port a number or one of servicePorts.
func splitAddress(network, address string) (string, uint16, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	if port, ok := servicePorts[service]; ok {
		return host, port, nil
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err == nil {
		return host, uint16(port), nil
	}
	if _, isInt := strconv.ParseInt(service, 10, 64); isInt == nil {
		return "", 0, &net.AddrError{Err: "invalid port", Addr: service}
	}
	return "", 0, &net.DNSError{Err: "unknown port", Name: network + "/" + service, IsNotFound: true}
}

// known returns the addresses of a host that needs no DNS: a literal, localhost, or the namespace's own name.
// The empty host is the unspecified address.
func (ns *Namespace) known(host string) []netip.Addr {
	if host == "" {
		return []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}
	}
	switch name := strings.ToLower(strings.TrimSuffix(host, ".")); name {
	case "localhost":
		return []netip.Addr{localhost4, localhost6}
	case "":
		return nil
	case strings.ToLower(ns.hostname):
		return []netip.Addr{ns.ip}
	}
	return nil
}

// find returns the addresses of a host that suit the network, by DNS if need be. It is never empty without an error.
func (o *Owner) find(ctx context.Context, network, host string) ([]netip.Addr, error) {
	addrs := o.ns.known(host)
	if addrs == nil && o.ns.network.resolve != nil {
		found, err := o.ns.network.resolve(ctx, o, host)
		if err != nil {
			return nil, err
		}
		for _, ip := range found {
			if ip.IsValid() {
				addrs = append(addrs, ip.Unmap())
			}
		}
	}
	if len(addrs) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return suitable(network, host, addrs)
}

// suitable keeps the addresses of the network's family: "tcp4" and "tcp6" want one, "tcp" takes both.
func suitable(network, host string, addrs []netip.Addr) ([]netip.Addr, error) {
	addrs = slices.DeleteFunc(addrs, func(ip netip.Addr) bool {
		return network == "tcp4" && !ip.Is4() || network == "tcp6" && !ip.Is6()
	})
	if len(addrs) == 0 {
		return nil, &net.AddrError{Err: "no suitable address found", Addr: host}
	}
	return addrs, nil
}

// isLocal says whether the address leads back into the namespace.
func (ns *Namespace) isLocal(ip netip.Addr) bool { return ip.IsLoopback() || ip == ns.ip }

// LookupHost returns the addresses of a name, as a dial finds them. Its error is a *net.DNSError.
func (o *Owner) LookupHost(ctx context.Context, host string) ([]netip.Addr, error) {
	return o.find(ctx, "tcp", host)
}

func tcpAddr(ip netip.Addr, port uint16) *net.TCPAddr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(ip, port))
}
