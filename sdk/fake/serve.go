package fake

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/podwright/podwright/sdk/fake/internal/transport"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// contextName is what the cluster is called in kubeconfigs: what minikube calls its own.
const contextName = "minikube"

// ErrClosed is the error of what needs a running cluster, after Close.
var ErrClosed = errors.New("the cluster is closed")

// Endpoint is a cluster served on a real port, for kubectl and for programs in other languages.
type Endpoint struct {
	cluster *Cluster
	server  *transport.Endpoint
	unwatch func() bool // ends the watch on Serve's context
}

// Serve serves the cluster over TLS on addr, which must be on loopback; "127.0.0.1:0" takes a free port. It returns when
// the server answers. The endpoint ends when ctx does, by its Close, or with the cluster. A request must bear the token
// that is in the kubeconfig, or a service account's, or is refused with 401; only /healthz, /livez, /readyz and /version answer anybody.
//
// Whoever has the token may do everything, unless [Forbid] says otherwise. So the fake refuses to listen where others than
// this machine could connect.
func (c *Cluster) Serve(ctx context.Context, addr string) (*Endpoint, error) {
	e, err := c.serve(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("serve cluster on %s: %w", addr, err)
	}
	return e, nil
}

func (c *Cluster) serve(ctx context.Context, addr string) (*Endpoint, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l, err := listenLoopback(ctx, addr)
	if err != nil {
		return nil, err
	}
	config, err := authority().serverConfig(l.Addr().(*net.TCPAddr).IP)
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	e := &Endpoint{cluster: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = l.Close()
		return nil, ErrClosed
	}
	if e.server, err = transport.ServeListener(l, c.handler.Guarded(), config, transport.Options{}); err != nil {
		_ = l.Close()
		return nil, err
	}
	e.unwatch = context.AfterFunc(ctx, func() { _ = e.Close() })
	c.endpoints[e] = struct{}{}
	return e, nil
}

// listenLoopback refuses addresses that other machines can reach.
func listenLoopback(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%w; give host:port, 127.0.0.1:0 for a free port", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%q is not a loopback address; give 127.0.0.1 or [::1]", host)
	}
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", addr)
}

// URL is where the endpoint is: https://127.0.0.1:41234.
func (e *Endpoint) URL() string { return "https://" + e.server.Addr().String() }

// RESTConfig returns what client-go needs to reach the endpoint, over the network. It is a copy each time.
func (e *Endpoint) RESTConfig() *rest.Config {
	return &rest.Config{
		Host: e.URL(), BearerToken: e.cluster.options.token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{CAData: authority().pem},
	}
}

// Kubeconfig is a whole kubeconfig file for the endpoint: certificate and token are in it, so it needs no other file.
func (e *Endpoint) Kubeconfig() []byte {
	config := clientcmdapi.NewConfig()
	config.Clusters[contextName] = &clientcmdapi.Cluster{Server: e.URL(), CertificateAuthorityData: authority().pem}
	config.AuthInfos[contextName] = &clientcmdapi.AuthInfo{Token: e.cluster.options.token}
	config.Contexts[contextName] = &clientcmdapi.Context{Cluster: contextName, AuthInfo: contextName, Namespace: "default"}
	config.CurrentContext = contextName
	out, err := clientcmd.Write(*config)
	if err != nil {
		panic(fmt.Sprintf("fake: kubeconfig: %v", err)) // strings and bytes always encode
	}
	return out
}

// Close stops serving; clients get connection errors. The cluster runs on. Twice is fine.
func (e *Endpoint) Close() error {
	e.unwatch()
	c := e.cluster
	c.mu.Lock()
	delete(c.endpoints, e)
	c.mu.Unlock()
	return e.server.Close()
}
