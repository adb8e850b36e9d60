package transport

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"

	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// Server serves a handler in memory. Its methods may be called concurrently.
type Server struct {
	engine *engine
	client *client
	opts   Options

	mu      sync.Mutex // guards the fields below; Server is the listener of its own http.Server
	arrived sync.Cond
	waiting []net.Conn
	port    int // of the last client
	closed  bool
}

// Serve starts to serve handler in memory. The caller must Close the server, or its goroutine stays.
func Serve(handler http.Handler, opts Options) *Server {
	s := &Server{engine: newEngine(handler, opts), opts: opts, port: firstPort - 1}
	s.arrived.L = &s.mu
	s.client = newClient(s)
	s.engine.start(func() error { return s.engine.http.Serve((*listener)(s)) })
	return s
}

// Config returns a new configuration for client-go's clients. All of them share one pool of connections, and after Close
// their requests fail with ECONNREFUSED. To wrap the transport call the configuration's Wrap.
func (s *Server) Config() *rest.Config {
	return &rest.Config{Host: Host, QPS: -1, Transport: s.client, WrapTransport: s.wrap}
}

// DialContext opens a connection for the caller to use and to close. The only address to be reached is that of [Host].
// After Close it fails with ECONNREFUSED.
func (s *Server) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := s.dial(ctx, network, addr)
	if err != nil {
		return nil, err // not c: a nil *memconn.Conn is no nil net.Conn
	}
	return c, nil
}

// The range of the clients' ports, as in Linux's ip_local_port_range.
const (
	firstPort = 32768
	lastPort  = 60999
)

func (s *Server) dial(ctx context.Context, network, addr string) (*memconn.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	if addr != address {
		return nil, &net.OpError{Op: "dial", Net: network, Err: fmt.Errorf(
			"%s is not in memory: an in-memory client reaches %s only; keep the Host of its configuration", addr, address)}
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, &net.OpError{Op: "dial", Net: network, Addr: s.opts.server(), Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	if s.port++; s.port > lastPort {
		s.port = firstPort
	}
	near, far := memconn.Pair(&net.TCPAddr{IP: s.opts.client(), Port: s.port}, s.opts.server(), s.opts.buffering())
	s.waiting = append(s.waiting, far)
	s.arrived.Signal()
	s.mu.Unlock()
	far.OnClose(func() { s.engine.forget(far) })
	s.engine.track(far, far.Reset)
	return near, nil
}

// Close resets all connections, ends the contexts of all requests and waits until every handler and every goroutine of
// the server and of the clients' transport is done. Clients get errors for what was under way. A second Close waits too.
// A handler must not call it.
func (s *Server) Close() error {
	_ = (*listener)(s).Close()
	s.engine.stop()
	s.client.stop()
	s.engine.wait()
	s.client.wait()
	return nil
}

// listener is the server seen by http.Server.
type listener Server

func (l *listener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.closed {
		if len(l.waiting) > 0 {
			c := l.waiting[0]
			l.waiting[0] = nil
			l.waiting = l.waiting[1:]
			return c, nil
		}
		l.arrived.Wait()
	}
	return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
}

// Close refuses new connections. Those that wait are broken by the engine.
func (l *listener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.waiting = nil
	l.arrived.Broadcast()
	return nil
}

func (l *listener) Addr() net.Addr { return l.opts.server() }
