package sdk

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// Forward is an open port-forward: a way to the ports of a pod, and of the one that takes its place. Its methods may be
// called at any time and by any goroutine, also at once and after it has ended.
type Forward struct {
	client  *Client
	target  reference
	options ForwardOptions
	ports   []*forwardedPort

	ctx    context.Context
	cancel context.CancelCauseFunc
	local  sync.WaitGroup // goroutines that serve local connections and tend links
	done   chan struct{}  // closed when all has ended
	err    error          // then: why

	mu    sync.Mutex
	link  *link         // where connections go; nil while there is none
	ready chan struct{} // closed while there is one
	pod   *corev1.Pod   // of the last link

	clientOnce sync.Once
	http       *http.Client
}

// forwardedPort is one local port that leads to one of the pod's.
type forwardedPort struct {
	portPair
	text      string // the pod's port as it was asked for: in another pod a name may mean another number
	listeners []net.Listener
}

// errForwardClosed is the cause of an end that is no error, but to those who still use a connection.
var errForwardClosed = fmt.Errorf("the forward is closed: %w", net.ErrClosed)

// PortForward is [Client.Forward] with local ports and no other options. Without ports, no local port is opened:
// [Forward.DialContext] and [Forward.HTTPClient] reach every port of the pod with no need for one.
func (c *Client) PortForward(ctx context.Context, target Target, ports ...string) (*Forward, error) {
	return c.Forward(ctx, target, ForwardOptions{Ports: ports})
}

// Forward opens a way to ports of target's pod, or of the pod of a controller, Service or selection that is ready or,
// failing that, running. When it returns, the connection to the pod is made and local ports are open; that a program
// listens in the pod is another matter, see [Forward.Ready]. It fails at once where it cannot be made at once: wait for the
// pod first.
//
// The forward lives until ctx ends, Close is called, or the pod is gone for good. When the connection breaks, stands still for
// a minute, or the pod is replaced, it is made anew, with pauses that grow from a tenth of a second to five: to the same pod or,
// where target is not a single pod, another one that is ready. A pod of a controller that is about to end is left for another
// as soon as one is ready; connections to it go on until its end. Connections are never carried over: those of the lost
// pod get [ErrLostConnection], and never an end of data that the pod has not made. Dials wait until there is a way again.
//
// That nothing listens on the pod's port ends only the one connection that wanted it, with a [ForwardError].
func (c *Client) Forward(ctx context.Context, target Target, o ForwardOptions) (*Forward, error) {
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return nil, fmt.Errorf("port-forward: %w", err)
	}
	f := &Forward{client: c, target: ref, options: o, done: make(chan struct{}), ready: make(chan struct{})}
	if err := f.begin(ctx); err != nil {
		return nil, fmt.Errorf("port-forward %s: %w", ref, err)
	}
	return f, nil
}

func (f *Forward) begin(ctx context.Context) error {
	l, err := f.connect(ctx, nil)
	if err != nil {
		return err
	}
	f.pod = l.pod
	if err = f.parse(l); err == nil {
		err = f.listen(ctx, f.client.options.listen)
	}
	if err != nil {
		f.closeListeners()
		l.session.close(net.ErrClosed)
		return err
	}
	f.ctx, f.cancel = context.WithCancelCause(ctx)
	f.lead(l, 0)
	for _, p := range f.ports {
		for _, listener := range p.listeners {
			f.local.Go(func() { f.accept(listener, p.text) })
		}
	}
	go f.keep(l)
	return nil
}

// parse reads the ports that were asked for, by what their names mean in the first pod.
func (f *Forward) parse(l *link) error {
	for _, spec := range f.options.Ports {
		pair, err := parsePort(spec, l.portOf)
		if err != nil {
			return err
		}
		f.ports = append(f.ports, &forwardedPort{portPair: pair, text: remotePart(spec)})
	}
	return nil
}

// Addr returns the local address of the first port, in the form "127.0.0.1:8888"; empty if no port
// was asked for. It is the same for as long as the forward lives.
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

// Pod returns the name of the pod to which the forward leads or, while it leads nowhere, led last.
func (f *Forward) Pod() string { return f.lastPod().Name }

func (f *Forward) lastPod() *corev1.Pod {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pod
}

// place is the last pod, for messages.
func (f *Forward) place() string {
	pod := f.lastPod()
	return pod.Namespace + "/" + pod.Name
}

// DialContext connects to the pod without opening a local port. An address on localhost whose port
// is a local one of this forward means what it means on this machine: with "8888:8080",
// "localhost:8888" is the pod's port 8080. Any other port is the pod's own, as a number or a name
// from its spec, and the host does not matter; for a Service, its ports come first. The network must be "tcp".
//
// While the forward has no way to a pod, DialContext waits for one until ctx or the forward ends.
//
// That nothing listens on the port shows at the first read, as a [ForwardError]. The connection has
// CloseWrite and deadlines. When the way to the pod is lost, reads and writes get [ErrLostConnection]; when the forward
// ends, net.ErrClosed or the error of [Forward.Err].
func (f *Forward) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	t, err := f.dial(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("dial %s in pod %s: %w", address, f.place(), err)
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

// open makes a connection to a port of the pod, waiting for a way to one. Where the way is lost in the middle of this,
// nothing has been sent yet, so the next one will do.
func (f *Forward) open(ctx context.Context, port string) (*tunnel, error) {
	if f.ctx.Err() != nil {
		return nil, context.Cause(f.ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(f.ctx, cancel)()
	for {
		t, l, err := f.openOn(ctx, port)
		if err == nil {
			return t, nil
		}
		if f.ctx.Err() != nil {
			return nil, context.Cause(f.ctx)
		}
		if l == nil || !errors.Is(err, ErrLostConnection) {
			return nil, err
		}
		select {
		case <-l.gone:
		case <-ctx.Done(): // said by the next round
		}
	}
}

// openOn makes a connection on the link that there is. The link is nil if the error is not its fault.
func (f *Forward) openOn(ctx context.Context, port string) (*tunnel, *link, error) {
	l, err := f.current(ctx)
	if err != nil {
		return nil, nil, err
	}
	number, err := l.portOf(port)
	if err != nil {
		return nil, nil, err
	}
	t, err := l.session.open(ctx, number)
	return t, l, err
}

// portOf returns which port of the pod an address means, as text: a number or a name.
func (f *Forward) portOf(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if isLocal(host) {
		for _, p := range f.ports {
			if _, local, _ := net.SplitHostPort(p.addr()); local == port {
				return p.text, nil
			}
		}
	}
	return port, nil
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
		f.http = &http.Client{Transport: &http.Transport{DialContext: f.DialContext}}
	})
	return f.http
}

// Close ends the forward with all its connections, and waits until nothing of it is left. A second
// Close, or one after the forward has ended otherwise, does nothing. The error is always nil. It must not be called by
// the function of [ForwardOptions.OnEvent], for which it would wait.
func (f *Forward) Close() error {
	f.cancel(errForwardClosed)
	<-f.done
	return nil
}

// Done returns a channel that is closed when the forward has ended, by Close or otherwise.
func (f *Forward) Done() <-chan struct{} { return f.done }

// Err returns why the forward ended: nil while it lives and if it was closed, else an error that says which pod it led to
// and wraps one of these:
//   - the error of the context;
//   - [ErrPodGone]: the pod was deleted, replaced or has ended, and target means no other;
//   - a status of the server's for which trying again is no use: apierrors.IsForbidden and IsUnauthorized, or IsNotFound for
//     a controller or Service that was deleted;
//   - [ErrLostConnection], with the last failure: it could not be made anew within [ForwardOptions.Patience], or was not to be.
func (f *Forward) Err() error {
	select {
	case <-f.done:
		return f.err
	default:
		return nil
	}
}
