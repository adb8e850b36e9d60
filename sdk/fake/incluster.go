package fake

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/podwright/podwright/sdk/fake/internal/transport"
	"k8s.io/client-go/rest"
)

// Where every pod finds the API server, and where it listens.
const (
	accountDir = "/var/run/secrets/kubernetes.io/serviceaccount/"
	apiPort    = 6443
)

// apiServiceIP is the address of the service kubernetes.
var apiServiceIP = netip.AddrFrom4([4]byte{10, 96, 0, 1})

// RESTConfig returns what client-go needs to reach the API server from inside the pod, as rest.InClusterConfig does in a container: at the
// service kubernetes, over TLS, as the pod's service account, whose token is read anew for each request. Requests go through the pod's
// network, so that policies and faults meet them. The error says that the pod has no token (automountServiceAccountToken: false) or knows
// no server.
func (p *Process) RESTConfig() (*rest.Config, error) {
	host, port := p.Getenv("KUBERNETES_SERVICE_HOST"), p.Getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return nil, rest.ErrNotInCluster
	}
	token, err := p.FS().ReadFile(accountDir + "token")
	if err != nil {
		return nil, fmt.Errorf("configuration of clients in the cluster: %w", err)
	}
	ca, err := p.FS().ReadFile(accountDir + "ca.crt")
	if err != nil {
		return nil, fmt.Errorf("configuration of clients in the cluster: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("configuration of clients in the cluster: no certificate in %sca.crt", accountDir)
	}
	trust := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	upgrades := &http.Transport{TLSClientConfig: trust.Clone(), DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := p.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &lateWriter{Conn: conn}, nil
	}}
	return &rest.Config{
		Host: "https://" + net.JoinHostPort(host, port), BearerToken: string(token), QPS: -1,
		Transport: &http.Transport{DialContext: p.DialContext, TLSClientConfig: trust, ForceAttemptHTTP2: true},
		WrapTransport: func(rt http.RoundTripper) http.RoundTripper {
			return freshToken{transport.WrapUpgrades(rt, upgrades), p}
		},
	}, nil
}

// freshToken sends the token that is in the pod's files now: one is good for an hour, and is replaced before that.
type freshToken struct {
	http.RoundTripper
	p *Process
}

func (t freshToken) RoundTrip(req *http.Request) (*http.Response, error) {
	if token, err := t.p.FS().ReadFile(accountDir + "token"); err == nil {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Bearer "+string(token))
	}
	return t.RoundTripper.RoundTrip(req)
}

// WrappedRoundTripper lets those find the dialer who upgrade connections.
func (t freshToken) WrappedRoundTripper() http.RoundTripper { return t.RoundTripper }

// lateWriter is a connection whose first write after the other end has gone succeeds, as it does by TCP, where nobody knows yet. TLS says
// goodbye by such a write, and what carries streams over it waits a second if that fails.
type lateWriter struct {
	net.Conn
	late atomic.Bool
}

func (c *lateWriter) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if (errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)) && c.late.CompareAndSwap(false, true) {
		return len(b), nil
	}
	return n, err
}

// lateListener accepts such connections.
type lateListener struct{ net.Listener }

func (l lateListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lateWriter{Conn: conn}, nil
}

// serverCertificate is what the API server shows to pods. All clusters of a process share one, which is made when it is first asked for.
var serverCertificate = sync.OnceValues(func() (*tls.Config, error) {
	return authority().serverConfig(apiServiceIP.AsSlice(), serverIP.AsSlice())
})

// serveInside has the API server listen for pods.
func (c *Cluster) serveInside() error {
	l, err := c.server.Listen("tcp", fmt.Sprintf(":%d", apiPort))
	if err != nil {
		return err
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return serverCertificate() },
	}
	c.inside, err = transport.ServeListener(lateListener{l}, c.handler.Guarded(), config, transport.Options{})
	return err
}
