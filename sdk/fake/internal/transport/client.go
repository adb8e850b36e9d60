package transport

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// client is the transport that all clients of a server share. It is an http.Transport that can be ended: http.Transport
// keeps a goroutine for each response whose body nobody reads, so the client knows the bodies and closes them.
type client struct {
	pool *http.Transport
	// upgrades dials for those who take a transport apart to get at its dialer. Such connections are their own.
	upgrades *http.Transport

	mu      sync.Mutex
	changed sync.Cond
	conns   int // connections of the pool that it has not closed
	bodies  map[*body]struct{}
	stopped bool
}

func newClient(s *Server) *client {
	c := &client{bodies: map[*body]struct{}{}, upgrades: &http.Transport{DialContext: s.DialContext}}
	c.changed.L = &c.mu
	c.pool = &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := s.dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			c.count(1)
			conn.OnClose(func() { c.count(-1) })
			return conn, nil
		},
		MaxIdleConnsPerHost: 64,
		DisableCompression:  true, // there is no wire to spare
	}
	return c
}

// RoundTrip implements http.RoundTripper.
func (c *client) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.pool.RoundTrip(r)
	if err != nil || resp.Body == http.NoBody {
		return resp, err
	}
	b := &body{ReadCloser: resp.Body, client: c}
	if !c.keep(b) {
		_ = resp.Body.Close()
		return nil, errReset
	}
	resp.Body = b
	if w, ok := b.ReadCloser.(io.Writer); ok { // 101 Switching Protocols
		resp.Body = &upgradedBody{body: b, Writer: w}
	}
	return resp, nil
}

// WrappedRoundTripper lets apimachinery's DialerFor and TLSClientConfig find the dialer that stays in memory.
func (c *client) WrappedRoundTripper() http.RoundTripper { return c.upgrades }

// CloseIdleConnections implements what http.Client.CloseIdleConnections looks for.
func (c *client) CloseIdleConnections() { c.pool.CloseIdleConnections() }

func (c *client) count(by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns += by
	c.changed.Broadcast()
}

func (c *client) keep(b *body) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		c.bodies[b] = struct{}{}
	}
	return !c.stopped
}

func (c *client) forget(b *body) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.bodies, b)
}

// stop closes all bodies. Their connections have been reset, so no reader is left inside one.
func (c *client) stop() {
	c.mu.Lock()
	c.stopped = true
	bodies := c.bodies
	c.bodies = nil
	c.mu.Unlock()
	for b := range bodies {
		b.cut.Store(true)
		_ = b.ReadCloser.Close()
	}
	c.pool.CloseIdleConnections()
}

// wait returns when the pool has closed its connections, which is the last thing their goroutines do.
func (c *client) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.conns > 0 {
		c.changed.Wait()
	}
}

// errReset is what the reader of a body gets that the server's end has closed.
var errReset = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}

// body is the body of a response while it is read.
type body struct {
	io.ReadCloser
	client *client
	cut    atomic.Bool // closed by the server's end, not by its reader
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == nil {
		return n, nil
	}
	b.client.forget(b)
	if err != io.EOF && b.cut.Load() {
		err = errReset // rather than http.Transport's "read on closed response body"
	}
	return n, err
}

func (b *body) Close() error {
	b.client.forget(b)
	return b.ReadCloser.Close()
}

// upgradedBody is the body of a response that switched protocols: the connection itself.
type upgradedBody struct {
	*body
	io.Writer
}
