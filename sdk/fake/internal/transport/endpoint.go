package transport

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Endpoint serves a handler on a real listener. Its methods may be called concurrently.
type Endpoint struct {
	engine   *engine
	listener net.Listener
}

// The limits that kube-apiserver sets on its connections (secure_serving.go).
const (
	readHeaderTimeout = 32 * time.Second
	idleTimeout       = 90 * time.Second
)

// ServeListener starts to serve handler on l, which the endpoint owns from now on. With a configuration that has a
// certificate it speaks TLS and HTTP/2 besides HTTP/1.1; with nil it speaks plain HTTP/1.1. Only ErrorLog of the options
// matters. A configuration without a certificate is an error, and l stays the caller's.
func ServeListener(l net.Listener, handler http.Handler, config *tls.Config, opts Options) (*Endpoint, error) {
	if config != nil && len(config.Certificates) == 0 && config.GetCertificate == nil && config.GetConfigForClient == nil {
		return nil, fmt.Errorf("serve %v: the TLS configuration has no certificate; set Certificates or GetCertificate", l.Addr())
	}
	p := &Endpoint{engine: newEngine(handler, opts), listener: l}
	p.engine.http.ReadHeaderTimeout = readHeaderTimeout
	p.engine.http.IdleTimeout = idleTimeout
	p.engine.http.TLSConfig = config.Clone() // of nil is nil
	tracked := &trackingListener{Listener: l, engine: p.engine}
	p.engine.start(func() error {
		if config == nil {
			return p.engine.http.Serve(tracked)
		}
		return p.engine.http.ServeTLS(tracked, "", "")
	})
	return p, nil
}

// Addr returns the listener's address.
func (p *Endpoint) Addr() net.Addr { return p.listener.Addr() }

// Close closes the listener and all connections, ends the contexts of all requests and waits until every handler and
// every goroutine of the endpoint is done. A second Close waits too. A handler must not call it.
func (p *Endpoint) Close() error {
	_ = p.listener.Close()
	p.engine.stop()
	p.engine.wait()
	return nil
}

// trackingListener tells the engine of every connection, below TLS, so that hijacked ones are known too.
type trackingListener struct {
	net.Listener
	engine *engine
}

func (l *trackingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	tracked := &trackedConn{Conn: c, engine: l.engine}
	l.engine.track(tracked, func() { _ = c.Close() })
	return tracked, nil
}

// trackedConn is forgotten when it is closed.
type trackedConn struct {
	net.Conn
	engine *engine
}

func (c *trackedConn) Close() error {
	c.engine.forget(c)
	return c.Conn.Close()
}

// CloseWrite half-closes the connection if it can, which http.Server does before it gives up on a client.
func (c *trackedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
