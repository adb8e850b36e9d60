package fake

import (
	"context"
	"net"
	"net/netip"

	"github.com/podwright/podwright/sdk/fake/internal/dns"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
)

// LookupHost returns the addresses of a name, as [net.Resolver.LookupHost] does in a container: by the pod's /etc/hosts, and by the DNS of
// the cluster as its /etc/resolv.conf says. crane, crane.default and crane.default.svc.cluster.local are the service crane for a pod in
// default. The DNS of the cluster knows no names outside of it. The error is a *net.DNSError. [Process.DialContext] takes names too.
func (p *Process) LookupHost(ctx context.Context, host string) ([]string, error) {
	return p.container.LookupHost(ctx, host)
}

// LookupSRV returns the targets of a named port of a service, as [net.Resolver.LookupSRV] does: those of a headless service are its pods.
func (p *Process) LookupSRV(ctx context.Context, service, proto, name string) (cname string, addrs []*net.SRV, err error) {
	return p.container.LookupSRV(ctx, service, proto, name)
}

// resolve is what the network asks about names.
func (c *Cluster) resolve(_ context.Context, from *podnet.Owner, name string) ([]netip.Addr, error) {
	client, ok := c.dnsClient(from)
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return c.names.LookupHost(client, name)
}

func (c *Cluster) lookupSRV(_ context.Context, from *podnet.Owner, service, proto, name string) (string, []*net.SRV, error) {
	client, _ := c.dnsClient(from)
	return c.names.LookupSRV(client, service, proto, name)
}

// dnsClient is the pod that asks; a machine has no DNS of the cluster.
func (c *Cluster) dnsClient(from *podnet.Owner) (dns.Client, bool) {
	u, ok := kubelet.UserOf(from.User())
	if !ok {
		return dns.Client{}, false
	}
	client := dns.Client{Hosts: u.Etc("hosts")}
	if c.options.runs(DNS) {
		client.Resolv = u.Etc("resolv.conf")
	}
	return client, true
}
