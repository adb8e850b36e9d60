package sdk

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// Forward is an open port-forward to one pod. Its methods may be called at any time, also at once and
// after it has ended.
type Forward struct {
	pod     string
	spec    *corev1.Pod
	session *session
	ports   []*forwardedPort

	ctx    context.Context
	cancel context.CancelCauseFunc
	local  sync.WaitGroup // goroutines that serve local connections
	done   chan struct{}  // closed when all has ended
	err    error          // then: why

	clientOnce sync.Once
	client     *http.Client
}

// forwardedPort is one local port that leads to one of the pod's.
type forwardedPort struct {
	portPair
	listeners []net.Listener
}

// errForwardClosed is the cause of an end that is no error, but to those who still use a connection.
var errForwardClosed = fmt.Errorf("the forward is closed: %w", net.ErrClosed)

// PortForward opens a way to ports of target's pod, or of the pod of a controller or selection that
// is ready or, failing that, running. Each of ports is "8888:8080" (local 8888 leads to the pod's
// 8080), ":8080" (from any local port that is free, see [Forward.Addr]) or "8080" (both the same);
// in the place of the pod's number may stand a name from its spec. Local ports listen on loopback
// only. Without ports, no local port is opened: [Forward.DialContext] and [Forward.HTTPClient]
// reach every port of the pod with no need for one.
//
// The forward lives until ctx ends, Close is called, or the connection to the cluster is lost. That
// nothing listens on the pod's port ends only the one connection that wanted it, with a
// [ForwardError].
func (c *Client) PortForward(ctx context.Context, target Target, ports ...string) (*Forward, error) {
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return nil, fmt.Errorf("port-forward: %w", err)
	}
	f, err := c.portForward(ctx, ref, ports)
	if err != nil {
		return nil, fmt.Errorf("port-forward %s: %w", ref, err)
	}
	return f, nil
}

func (c *Client) portForward(ctx context.Context, ref reference, ports []string) (*Forward, error) {
	pods, err := c.podsOf(ctx, ref)
	if err != nil {
		return nil, err
	}
	pod := &pods[0]
	if pod.Status.Phase != corev1.PodRunning {
		return nil, fmt.Errorf("pod %s is not running (%s); wait until it is Ready", pod.Name, seen(pod))
	}
	f := &Forward{pod: pod.Namespace + "/" + pod.Name, spec: pod, done: make(chan struct{})}
	for _, spec := range ports {
		pair, err := parsePort(spec, pod)
		if err != nil {
			return nil, err
		}
		f.ports = append(f.ports, &forwardedPort{portPair: pair})
	}
	if f.session, err = c.dialPod(ctx, pod.Namespace, pod.Name); err != nil {
		return nil, err
	}
	if err := f.listen(ctx, c.options.listen); err != nil {
		f.closeListeners()
		f.session.close(net.ErrClosed)
		return nil, err
	}
	f.ctx, f.cancel = context.WithCancelCause(ctx)
	f.start()
	return f, nil
}

// start begins to serve local connections, and to watch over the end of it all.
func (f *Forward) start() {
	for _, p := range f.ports {
		for _, l := range p.listeners {
			f.local.Go(func() { f.accept(l, p.remote) })
		}
	}
	go func() {
		defer close(f.done)
		select {
		case <-f.ctx.Done():
		case <-f.session.lost():
			f.cancel(ErrLostConnection)
		}
		cause := context.Cause(f.ctx)
		if cause != errForwardClosed {
			f.err = fmt.Errorf("port-forward to pod %s: %w", f.pod, cause)
		}
		f.closeListeners()
		f.session.close(cause)
		f.local.Wait()
	}()
}

// Addr returns the local address of the first port, in the form "127.0.0.1:8888"; empty if no port
// was asked for.
func (f *Forward) Addr() string {
	if len(f.ports) == 0 {
		return ""
	}
	return f.ports[0].addr()
}

// Addrs returns the local addresses of all ports, in the order in which they were asked for.
func (f *Forward) Addrs() []string {
	var addrs []string
	for _, p := range f.ports {
		addrs = append(addrs, p.addr())
	}
	return addrs
}

// Pod returns the name of the pod to which the forward leads.
func (f *Forward) Pod() string { return f.spec.Name }

// DialContext connects to the pod without opening a local port. An address on localhost whose port
// is a local one of this forward means what it means on this machine: with "8888:8080",
// "localhost:8888" is the pod's port 8080. Any other port is the pod's own, as a number or a name
// from its spec, and the host does not matter. The network must be "tcp".
//
// That nothing listens on the port shows at the first read, as a [ForwardError]. The connection has
// CloseWrite and deadlines, and ends with the forward: with net.ErrClosed, or the error of
// [Forward.Err].
func (f *Forward) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	t, err := f.dial(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("dial %s in pod %s: %w", address, f.pod, err)
	}
	return t, nil
}

func (f *Forward) dial(ctx context.Context, network, address string) (*tunnel, error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return nil, fmt.Errorf("network %q cannot be forwarded, only tcp", network)
	}
	port, err := f.portOf(address)
	if err != nil {
		return nil, err
	}
	return f.open(ctx, port)
}

// open makes a connection to a port of the pod, as long as the forward lives.
func (f *Forward) open(ctx context.Context, port uint16) (*tunnel, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, context.Cause(f.ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(f.ctx, cancel)()
	t, err := f.session.open(ctx, port)
	if err != nil && f.ctx.Err() != nil {
		err = context.Cause(f.ctx)
	}
	return t, err
}

func (f *Forward) portOf(address string) (uint16, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return 0, err
	}
	if isLocal(host) {
		for _, p := range f.ports {
			if _, local, _ := net.SplitHostPort(p.addr()); local == port {
				return p.remote, nil
			}
		}
	}
	return podPort(port, f.spec)
}

// isLocal says whether host means the machine that the program runs on.
func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// HTTPClient returns a client whose requests all go to the pod: "http://localhost:8888/" to what
// local port 8888 leads to, "http://pod:8080/" to its port 8080; see [Forward.DialContext]. It is
// the same client each time, uses no proxy, and its idle connections end with the forward.
func (f *Forward) HTTPClient() *http.Client {
	f.clientOnce.Do(func() {
		f.client = &http.Client{Transport: &http.Transport{DialContext: f.DialContext}}
	})
	return f.client
}

// Close ends the forward with all its connections, and waits until nothing of it is left. A second
// Close, or one after the forward has ended otherwise, does nothing. The error is always nil.
func (f *Forward) Close() error {
	f.cancel(errForwardClosed)
	<-f.done
	return nil
}

// Done returns a channel that is closed when the forward has ended, by Close or otherwise.
func (f *Forward) Done() <-chan struct{} { return f.done }

// Err returns why the forward ended: nil while it lives and if it was closed, else an error that
// wraps [ErrLostConnection] or that of the context.
func (f *Forward) Err() error {
	select {
	case <-f.done:
		return f.err
	default:
		return nil
	}
}
