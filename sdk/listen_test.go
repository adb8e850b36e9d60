package sdk_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/podwright/podwright/sdk"
)

func TestForwardListens(t *testing.T) {
	s, c := loopbackServer(t)
	s.programs[8080] = echo
	f, err := c.PortForward(t.Context(), sdk.PodNamed("app"), ":http", ":9")
	ok(t, err)
	defer f.Close()
	equal(t, "number of addresses", 2, len(f.Addrs()))
	if !strings.HasPrefix(f.Addr(), "127.0.0.1:") || f.Addr() != f.Addrs()[0] {
		t.Errorf("address %q of %q", f.Addr(), f.Addrs())
	}
	conn, err := net.Dial("tcp", f.Addr())
	ok(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("hello"))
	ok(t, err)
	ok(t, conn.(*net.TCPConn).CloseWrite())
	got, err := io.ReadAll(conn)
	ok(t, err)
	equal(t, "echo", "hello", string(got))

	through, err := f.DialContext(t.Context(), "tcp", f.Addr()) // means the pod's port behind it
	ok(t, err)
	defer through.Close()
	_, err = through.Write([]byte("x"))
	ok(t, err)
	_, err = io.ReadFull(through, make([]byte, 1))
	ok(t, err)

	refused, err := net.Dial("tcp", f.Addrs()[1])
	if err == nil {
		_, err = refused.Read(make([]byte, 1))
		refused.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("connection to a refused port: %v, want a reset", err)
	}

	ok(t, f.Close())
	if conn, err := net.Dial("tcp", f.Addr()); err == nil {
		conn.Close()
		t.Error("the local port is open after Close")
	}
	equal(t, "protocols", []string{"websocket"}, s.used)
}

func TestForwardToAPortInUse(t *testing.T) {
	_, c := loopbackServer(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	ok(t, err)
	_, err = c.PortForward(t.Context(), sdk.PodNamed("app"), port+":8080")
	if !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("error %v is not EADDRINUSE", err)
	}
	says(t, err, "local port "+port, `":8080"`)
}

func TestForwardListenWith(t *testing.T) {
	l := newListener()
	var asked []string
	s, c := loopbackServer(t, sdk.ListenWith(func(_ context.Context, network, address string) (net.Listener, error) {
		asked = append(asked, network+" "+address)
		return l, nil
	}))
	s.programs[8080] = echo
	f, err := c.PortForward(t.Context(), sdk.PodNamed("app"), "8888:8080")
	ok(t, err)
	defer f.Close()
	equal(t, "asked for", []string{"tcp 127.0.0.1:8888"}, asked)
	equal(t, "address", "memory", f.Addr())
	conn, err := l.dial(t.Context(), "", "")
	ok(t, err)
	_, err = conn.Write([]byte("x"))
	ok(t, err)
	_, err = io.ReadFull(conn, make([]byte, 1))
	ok(t, err)
	ok(t, f.Close())
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the local connection is open after Close")
	}
}

// Over a real network, too, servers without the WebSocket tunnel are reached by plain SPDY.
func TestForwardFallsBackToSPDY(t *testing.T) {
	s, c := loopbackServer(t)
	s.noWebSocket = true
	s.programs[80] = func(c io.ReadWriteCloser) {
		http.ReadRequest(bufio.NewReader(c))
		io.WriteString(c, "HTTP/1.0 204 No Content\r\n\r\n")
	}
	f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
	ok(t, err)
	defer f.Close()
	resp, err := f.HTTPClient().Get("http://pod/")
	ok(t, err)
	resp.Body.Close()
	equal(t, "status", http.StatusNoContent, resp.StatusCode)
	equal(t, "protocols", []string{"spdy"}, s.used)
}
