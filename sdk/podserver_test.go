package sdk_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	gorilla "github.com/gorilla/websocket"
	corev1 "k8s.io/api/core/v1"
	apispdy "k8s.io/apimachinery/pkg/util/httpstream/spdy"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/util/portforward"
	"k8s.io/client-go/rest"
	tunnelling "k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/websocket"
	"k8s.io/klog/v2"
	"k8s.io/streaming/pkg/httpstream"
	"k8s.io/streaming/pkg/httpstream/spdy"
	"k8s.io/streaming/pkg/httpstream/wsstream"

	"github.com/podwright/podwright/sdk"
)

// podServer is a server with one running pod, app, whose ports are functions.
type podServer struct {
	*server
	noWebSocket bool             // answer tunnel requests with an error, as old servers do
	refuse      http.HandlerFunc // answers upgrades if set
	stall       chan struct{}    // if set, streams are accepted once it is closed, and lead nowhere

	mu       sync.Mutex
	programs map[uint16]func(c io.ReadWriteCloser)
	conns    []httpstream.Connection
	raw      []net.Conn
	hung     bool     // hangUp was called
	used     []string // protocols of the connections made
	running  sync.WaitGroup
}

func newPodServer(t *testing.T) *podServer {
	s := &podServer{server: &server{t: t, answers: map[string][]http.HandlerFunc{}}, programs: map[uint16]func(io.ReadWriteCloser){}}
	s.on("GET "+appPath, object(pod("app", "1", ready, func(p *corev1.Pod) {
		p.Spec.Containers = []corev1.Container{{Name: "a", Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}}}}
	})))
	return s
}

func (s *podServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != appPath+"/portforward":
		s.server.ServeHTTP(w, r)
	case s.refuse != nil:
		s.refuse(w, r)
	case !wsstream.IsWebSocketRequestWithTunnelingProtocol(r):
		if _, err := httpstream.Handshake(r, w, []string{portforward.PortForwardV1Name}); err == nil {
			p := &pairs{podServer: s, half: map[string]httpstream.Stream{}}
			s.serve("spdy", p, spdy.NewResponseUpgrader().UpgradeResponse(w, r, p.add))
		}
	case s.noWebSocket:
		http.Error(w, "no WebSocket here", http.StatusBadRequest)
	default:
		upgrader := gorilla.Upgrader{Subprotocols: []string{portforward.WebsocketsSPDYTunnelingPortForwardV1}}
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			s.t.Error(err)
			return
		}
		p := &pairs{podServer: s, half: map[string]httpstream.Stream{}}
		conn, err := spdy.NewServerConnection(quiet{tunnelling.NewTunnelingConnectionWithLogger(klog.Background(), ws)}, p.add)
		if err != nil {
			s.t.Error(err)
			return
		}
		s.serve("websocket", p, conn)
	}
}

// quiet keeps spdystream from waiting a second after an error of Close.
type quiet struct{ net.Conn }

func (q quiet) Close() error {
	q.Conn.Close()
	return nil
}

func (s *podServer) serve(protocol string, p *pairs, conn httpstream.Connection) {
	s.running.Add(1)
	defer s.running.Done()
	s.mu.Lock()
	s.used = append(s.used, protocol)
	s.conns = append(s.conns, conn)
	s.mu.Unlock()
	<-conn.CloseChan()
	conn.Close()
}

// crash ends all connections as the death of the server does.
func (s *podServer) crash() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.raw {
		c.Close()
	}
}

// hangUp ends all connections in good order: streams are reset before.
func (s *podServer) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hung = true
	for _, c := range s.conns {
		c.Close()
	}
}

// watchConn keeps the connections that were upgraded.
func (s *podServer) watchConn(c net.Conn, state http.ConnState) {
	if state == http.StateHijacked {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.raw = append(s.raw, c)
	}
}

// pairs joins the streams of one connection by their request.
type pairs struct {
	*podServer
	mu   sync.Mutex
	half map[string]httpstream.Stream
}

func (p *pairs) add(stream httpstream.Stream, replied <-chan struct{}) error {
	if p.stall != nil {
		<-p.stall
		return nil // too late for whoever wanted it
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id := stream.Headers().Get(corev1.PortForwardRequestIDHeader)
	port, err := strconv.ParseUint(stream.Headers().Get(corev1.PortHeader), 10, 16)
	if err != nil {
		return err
	}
	other := p.half[id]
	if other == nil {
		p.half[id] = stream
		return nil
	}
	delete(p.half, id)
	data, errs := stream, other
	if data.Headers().Get(corev1.StreamType) == corev1.StreamTypeError {
		data, errs = errs, data
	}
	p.running.Go(func() {
		<-replied
		p.run(uint16(port), data, errs)
	})
	return nil
}

// run is what a node does for one connection.
func (p *pairs) run(port uint16, data, errs httpstream.Stream) {
	p.podServer.mu.Lock()
	program := p.programs[port]
	p.podServer.mu.Unlock()
	if program == nil {
		fmt.Fprintf(errs, "dial tcp 127.0.0.1:%d: connect: connection refused", port)
	} else {
		program(data)
	}
	p.podServer.mu.Lock()
	hung := p.hung
	p.podServer.mu.Unlock()
	if hung { // the streams are being reset; to end them in good order now would say that the pod has said all
		return
	}
	errs.Close()
	data.Close()
	data.Reset()
	errs.Reset()
}

// memory reroutes the upgrades of client-go, which heed neither Transport nor Dial.
type memory struct {
	dialer
	inner *websocket.RoundTripper
}

type dialer interface {
	dial(ctx context.Context, network, address string) (net.Conn, error)
}

func (m memory) wrap(rt http.RoundTripper) http.RoundTripper {
	innermost := rt
	if wrapper, ok := rt.(utilnet.RoundTripperWrapper); ok {
		innermost = wrapper.WrappedRoundTripper()
	}
	switch inner := innermost.(type) {
	case *apispdy.SpdyRoundTripper:
		rerouted, err := apispdy.NewRoundTripperWithConfig(apispdy.RoundTripperConfig{UpgradeTransport: &http.Transport{DialContext: m.dial}})
		if err != nil {
			panic(err)
		}
		*inner = *rerouted
	case *websocket.RoundTripper:
		m.inner = inner
		return m
	}
	return rt
}

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	header := r.Header.Clone()
	header.Del(wsstream.WebSocketProtocolHeader)
	delete(header, wsstream.WebSocketProtocolHeader)
	dialer := gorilla.Dialer{NetDialContext: m.dial, Subprotocols: r.Header[wsstream.WebSocketProtocolHeader]}
	u := *r.URL
	u.Scheme = "ws"
	conn, resp, err := dialer.DialContext(r.Context(), u.String(), header)
	if err != nil && resp != nil {
		err = &httpstream.UpgradeFailureError{Cause: err}
	}
	m.inner.Conn = conn
	return resp, err
}

// forwarding runs f in a bubble with a pod server in memory, by both protocols. The bubble checks that
// nothing is left.
func forwarding(t *testing.T, f func(t *testing.T, s *podServer, c *sdk.Client)) {
	for _, noWebSocket := range []bool{false, true} {
		t.Run(map[bool]string{false: "websocket", true: "spdy"}[noWebSocket], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newPodServer(t)
				s.noWebSocket = noWebSocket
				l := newListener()
				h := &http.Server{Handler: s, ConnState: s.watchConn}
				served := make(chan error)
				go func() { served <- h.Serve(l) }()
				transport := &http.Transport{DialContext: l.dial}
				c, err := sdk.New(&rest.Config{Host: "http://cluster.invalid", Transport: transport, QPS: -1, WrapTransport: memory{dialer: l}.wrap},
					sdk.ListenWith(func(context.Context, string, string) (net.Listener, error) { return newListener(), nil }))
				ok(t, err)
				defer func() {
					s.crash()
					transport.CloseIdleConnections()
					h.Close()
					<-served
					s.running.Wait()
				}()
				f(t, s, c)
			})
		})
	}
}

// loopbackServer starts a pod server on a real port.
func loopbackServer(t *testing.T, opts ...sdk.Option) (*podServer, *sdk.Client) {
	s := newPodServer(t)
	h := httptest.NewUnstartedServer(s)
	h.Config.ConnState = s.watchConn
	h.Start()
	t.Cleanup(func() {
		s.crash()
		h.Close()
		s.running.Wait()
	})
	c, err := sdk.New(&rest.Config{Host: h.URL, QPS: -1}, opts...)
	ok(t, err)
	return s, c
}

func echo(c io.ReadWriteCloser) { io.Copy(c, c) }
