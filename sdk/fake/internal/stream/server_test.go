package stream

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/httpstream"
	spdystreams "k8s.io/apimachinery/pkg/util/httpstream/spdy"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/klog/v2"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

func equal[T any](tb testing.TB, want, got T) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Fatalf("-want +got:\n%s", diff)
	}
}

func ok(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// testPod is the Dialer of a pod with a program behind each port; other ports refuse.
type testPod struct {
	programs map[uint16]func(net.Conn)
	running  sync.WaitGroup
}

func (p *testPod) DialPort(_ context.Context, port uint16) (net.Conn, error) {
	address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(port)}
	program, found := p.programs[port]
	if !found {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: address, Err: syscall.ECONNREFUSED}
	}
	near, far := memconn.Pair(address, address, memconn.Bounded(0))
	p.running.Go(func() {
		defer far.Close()
		program(far)
	})
	return near, nil
}

func echo(c net.Conn) {
	_, _ = io.Copy(c, c)
	_ = c.(*memconn.Conn).CloseWrite()
}

// server serves the port-forward of one pod, and accounts for its handlers.
type server struct {
	pod     *testPod
	stop    context.CancelFunc // ends the context of all requests
	handled sync.WaitGroup
	config  *rest.Config
	memory  memconn.Buffering // of connections in memory
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
}

// portForward serves the pod's ports.
func (s *server) portForward(w http.ResponseWriter, r *http.Request) error {
	var ports []int32
	asked := r.URL.Query()["ports"]
	if err := metav1.Convert_Slice_string_To_Slice_int32(&asked, &ports, nil); err != nil {
		return err
	}
	return ServePortForward(w, r, "5f3b", s.pod, ports)
}

// handler answers an error with its status, as the API server does.
func (s *server) handler(ctx context.Context, serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handled.Add(1)
		defer s.handled.Done()
		writeError(w, serve(w, r.WithContext(ctx)))
	})
}

func writeError(w http.ResponseWriter, err error) {
	if err == nil {
		return
	}
	status := new(apierrors.StatusError)
	if !errors.As(err, &status) {
		status = apierrors.NewInternalError(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(int(status.ErrStatus.Code))
	status.ErrStatus.Kind, status.ErrStatus.APIVersion = "Status", "v1"
	_ = json.NewEncoder(w).Encode(status.ErrStatus)
}

// overLoopback serves programs until the test ends; then no handler and no program may be left.
func overLoopback(t testing.TB, programs map[uint16]func(net.Conn)) *server {
	s := &server{pod: &testPod{programs: programs}, dial: new(net.Dialer).DialContext}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	h := httptest.NewServer(s.handler(ctx, s.portForward))
	s.config = &rest.Config{Host: h.URL, QPS: -1}
	t.Cleanup(func() {
		stop()
		s.handled.Wait()
		h.Close()
		s.pod.running.Wait()
	})
	return s
}

// inMemory serves programs over connections inside the process. Every goroutine belongs to the caller's bubble, which
// does not end before they do; end ends them.
func inMemory(t *testing.T, programs map[uint16]func(net.Conn)) (s *server, end func()) {
	s = &server{pod: &testPod{programs: programs}}
	stop := s.inMemory(t, s.portForward)
	return s, func() {
		stop()
		s.pod.running.Wait()
	}
}

// inMemory has serve answer all requests until end.
func (s *server) inMemory(t *testing.T, serve func(http.ResponseWriter, *http.Request) error) (end func()) {
	s.config = &rest.Config{Host: "http://cluster.invalid"}
	s.memory = memconn.Unbounded(0)
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	l := &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
	s.dial = func(context.Context, string, string) (net.Conn, error) { return l.dial(s.memory) }
	h := &http.Server{Handler: s.handler(ctx, serve)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = h.Serve(l)
	}()
	return func() {
		stop()
		s.handled.Wait()
		ok(t, h.Close())
		<-served
	}
}

// listener is a net.Listener in memory.
type listener struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return &net.TCPAddr{} }

func (l *listener) dial(buffering memconn.Buffering) (net.Conn, error) {
	near, far := memconn.Pair(l.Addr(), l.Addr(), buffering)
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, syscall.ECONNREFUSED
	}
}

func (s *server) url(t testing.TB) *url.URL {
	u, err := url.Parse(s.config.Host + "/api/v1/namespaces/default/pods/crane/portforward")
	ok(t, err)
	return u
}

// dialers are client-go's ways to a forward: those of old and of new clients, and the one of kubectl.
func (s *server) dialers(t *testing.T) map[string]httpstream.Dialer {
	transport, upgrader, err := spdy.RoundTripperFor(s.config)
	ok(t, err)
	direct := spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, s.url(t))
	tunnel, err := portforward.NewSPDYOverWebsocketDialer(s.url(t), s.config)
	ok(t, err)
	return map[string]httpstream.Dialer{
		"spdy":     direct,
		"tunnel":   tunnel,
		"fallback": portforward.NewFallbackDialer(tunnel, direct, httpstream.IsUpgradeFailure),
	}
}

// client opens streams by hand.
type client struct {
	t testing.TB
	httpstream.Connection
}

// connect opens a connection over whatever s listens on.
func (s *server) connect(t testing.TB, way string) *client {
	if way == "tunnel" {
		return s.connectTunnel(t)
	}
	transport, err := spdystreams.NewRoundTripperWithConfig(spdystreams.RoundTripperConfig{
		UpgradeTransport: &http.Transport{DialContext: s.dial},
	})
	ok(t, err)
	dialer := spdy.NewDialer(transport, &http.Client{Transport: transport}, http.MethodPost, s.url(t))
	conn, protocol, err := dialer.Dial("portforward.k8s.io")
	ok(t, err)
	equal(t, "portforward.k8s.io", protocol)
	return &client{t, conn}
}

func (s *server) connectTunnel(t testing.TB) *client {
	dialer := websocket.Dialer{NetDialContext: s.dial, Subprotocols: []string{"SPDY/3.1+portforward.k8s.io"}}
	u := s.url(t)
	u.Scheme = "ws"
	socket, _, err := dialer.DialContext(t.Context(), u.String(), nil)
	ok(t, err)
	equal(t, "SPDY/3.1+portforward.k8s.io", socket.Subprotocol())
	conn, err := spdystreams.NewClientConnection(portforward.NewTunnelingConnectionWithLogger(klog.Logger{}, socket))
	ok(t, err)
	return &client{t, conn}
}

// stream opens one stream; an empty value leaves its header out.
func (c *client) stream(kind, port, request string) (httpstream.Stream, error) {
	header := http.Header{}
	for name, value := range map[string]string{"streamType": kind, "port": port, "requestID": request} {
		if value != "" {
			header.Set(name, value)
		}
	}
	return c.CreateStream(header)
}

// forward opens both streams of a connection to port.
func (c *client) forward(port, request string) (data, report httpstream.Stream) {
	c.t.Helper()
	report, err := c.stream("error", port, request)
	ok(c.t, err)
	ok(c.t, report.Close())
	data, err = c.stream("data", port, request)
	ok(c.t, err)
	return data, report
}

func readAll(t testing.TB, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	ok(t, err)
	return string(b)
}
