package transport

import (
	"io"
	"log"
	"net"
	"net/netip"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// Host is where the configuration of an in-memory server points. The domain .invalid never resolves (RFC 6761).
const Host = "http://cluster.invalid"

// address is what a dial for Host asks for.
const address = "cluster.invalid:80"

// Options sets up a server. The zero value is what a cluster in a test wants.
type Options struct {
	// ErrorLog takes what http.Server has to say, such as the trace of a handler that panicked. Nil drops it.
	ErrorLog *log.Logger
	// Client and Server are the addresses of the two ends in memory, seen in http.Request.RemoteAddr for example.
	// Invalid means 192.168.49.1 and 192.168.49.2:8443, as in minikube. Each connection has a client port of its own.
	Client netip.Addr
	Server netip.AddrPort
	// Backpressure makes in-memory writes wait for slow readers, as sockets do. Without it a write never waits, and a
	// connection whose reader leaves 64 MiB unread is reset. It must stay off inside a testing/synctest bubble: SPDY
	// writes under a mutex, and waiting for a mutex stops the bubble's clock.
	Backpressure bool
}

func (o Options) buffering() memconn.Buffering {
	if o.Backpressure {
		return memconn.Bounded(0)
	}
	return memconn.Unbounded(0)
}

func (o Options) errorLog() *log.Logger {
	if o.ErrorLog == nil {
		return log.New(io.Discard, "", 0)
	}
	return o.ErrorLog
}

func (o Options) client() net.IP {
	if o.Client.IsValid() {
		return o.Client.AsSlice()
	}
	return net.IPv4(192, 168, 49, 1)
}

func (o Options) server() *net.TCPAddr {
	if o.Server.IsValid() {
		return net.TCPAddrFromAddrPort(o.Server)
	}
	return &net.TCPAddr{IP: net.IPv4(192, 168, 49, 2), Port: 8443}
}
