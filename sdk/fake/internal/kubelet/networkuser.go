package kubelet

import (
	"context"
	"net"

	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// NetworkUser is the pod that a network namespace or what uses one is of, as [podnet.Owner.User] has it.
type NetworkUser struct{ w *worker }

// UserOf is the pod that uses a network, false for the node itself or a machine outside.
func UserOf(user any) (NetworkUser, bool) {
	u, ok := user.(NetworkUser)
	return u, ok
}

// Pod is the pod as its node knows it now. It is shared.
func (u NetworkUser) Pod() *corev1.Pod { return u.w.latest() }

// Etc is the text of a file that all containers of the pod have in /etc, "hosts" or "resolv.conf", as it is now.
func (u NetworkUser) Etc(name string) string {
	text, err := u.w.etc(u.Pod()).FS().ReadFile(name)
	if err != nil {
		return ""
	}
	return string(text)
}

// LookupHost returns the addresses of a name, as a resolver in the pod finds them.
func (c *Container) LookupHost(ctx context.Context, host string) ([]string, error) {
	found, err := c.process.net.LookupHost(ctx, host)
	addrs := make([]string, len(found))
	for i, ip := range found {
		addrs[i] = ip.String()
	}
	return addrs, err
}

// LookupSRV returns the canonical name and the services of a name. Nobody knows any without a DNS.
func (c *Container) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if look := c.process.in.w.k.config.LookupSRV; look != nil {
		return look(ctx, c.process.net, service, proto, name)
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// LookupSRV is how [Config.LookupSRV] is asked.
type LookupSRV func(ctx context.Context, from *podnet.Owner, service, proto, name string) (string, []*net.SRV, error)
