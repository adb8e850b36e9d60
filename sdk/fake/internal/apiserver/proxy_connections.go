package apiserver

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// connections are those that all proxies of a server share. Each is kept for the next request, and has goroutines as long.
type connections struct {
	*http.Transport

	mu   sync.Mutex
	less sync.Cond // there are fewer
	open int
}

// newConnections makes connections by dial. They trust everybody, as a real server's do.
func newConnections(dial func(ctx context.Context, network, address string) (net.Conn, error)) *connections {
	c := &connections{}
	c.less.L = &c.mu
	c.Transport = &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			c.count(1)
			return &keptConn{Conn: conn, closed: sync.OnceFunc(func() { c.count(-1) })}, nil
		},
	}
	return c
}

func (c *connections) count(by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open += by
	c.less.Broadcast()
}

// wait returns when all connections are closed, which is the last thing that their goroutines do. They must be idle, or the
// network below them must have ended.
func (c *connections) wait() {
	c.CloseIdleConnections()
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.open > 0 {
		c.less.Wait()
	}
}

// keptConn is a connection that says when it is closed.
type keptConn struct {
	net.Conn
	closed func()
}

func (c *keptConn) Close() error {
	defer c.closed()
	return c.Conn.Close()
}
