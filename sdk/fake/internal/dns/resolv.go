package dns

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Client is who asks: the text of its /etc/hosts and /etc/resolv.conf.
type Client struct {
	Hosts, Resolv string
}

// resolv is what /etc/resolv.conf says.
type resolv struct {
	servers []string
	search  []string
	ndots   int
}

// readResolv reads the keywords that Go's resolver knows; of several lines with a search path the last counts.
func readResolv(text string) resolv {
	r := resolv{ndots: 1}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		switch fields[0] {
		case "nameserver":
			r.servers = append(r.servers, fields[1])
		case "search", "domain":
			r.search = fields[1:]
		case "options":
			for _, option := range fields[1:] {
				if number, ok := strings.CutPrefix(option, "ndots:"); ok {
					r.ndots, _ = strconv.Atoi(number)
				}
			}
		}
	}
	return r
}

// names are the full names that a name may be short for, in the order in which they are tried, as nameList of package net has it.
func (r resolv) names(name string) []string {
	if strings.HasSuffix(name, ".") {
		return []string{name}
	}
	asIs := name + "."
	var all []string
	if strings.Count(name, ".") >= r.ndots {
		all = append(all, asIs)
	}
	for _, suffix := range r.search {
		all = append(all, name+"."+strings.TrimSuffix(suffix, ".")+".")
	}
	if !slices.Contains(all, asIs) {
		all = append(all, asIs)
	}
	return all
}

// inHosts finds a name in /etc/hosts.
func inHosts(text, name string) []netip.Addr {
	name = strings.TrimSuffix(name, ".")
	var addrs []netip.Addr
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) < 2 || !slices.ContainsFunc(fields[1:], func(f string) bool { return strings.EqualFold(f, name) }) {
			continue
		}
		if ip, err := netip.ParseAddr(fields[0]); err == nil {
			addrs = append(addrs, ip)
		}
	}
	return addrs
}

// notFound is the error of a name that nobody knows.
func (r resolv) notFound(name string) error {
	err := &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	if len(r.servers) > 0 {
		err.Server = net.JoinHostPort(r.servers[0], "53")
	}
	return err
}
