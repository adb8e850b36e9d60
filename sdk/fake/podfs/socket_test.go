package podfs

import (
	"context"
	"net"
	"syscall"
	"testing"
)

func TestSocket(t *testing.T) {
	v := NewEmptyDir(EmptyDirOptions{})
	ns, server := container(t, nil, Mount{Path: "/run/app", Volume: v})
	_, client := container(t, nil, Mount{Path: "/sock", Volume: v, ReadOnly: true})
	near, far := net.Pipe()
	unbind, err := server.Bind("/run/app/x.sock", func(context.Context) (net.Conn, error) { return near, nil })
	ok(t, err)
	equal(t, "Srwxr-xr-x", mode(t, client, "/sock/x.sock"))
	c, err := client.Connect(t.Context(), "/sock/x.sock")
	ok(t, err)
	if c != near {
		t.Error("another connection")
	}
	ok(t, far.Close())

	_, err = server.Bind("/run/app/x.sock", nil)
	words(t, "bind /run/app/x.sock: address already in use", err)
	_, err = client.Open("/sock/x.sock")
	is(t, err, syscall.ENXIO)
	_, err = client.As(Credentials{UID: 5}).Connect(t.Context(), "/sock/x.sock")
	is(t, err, syscall.EACCES)
	_, err = client.Connect(t.Context(), "/sock/gone")
	is(t, err, syscall.ENOENT)
	ok(t, server.WriteFile("/run/app/file", nil, 0o777))
	_, err = client.Connect(t.Context(), "/sock/file")
	is(t, err, syscall.ECONNREFUSED)

	unbind()
	unbind()
	_, err = client.Connect(t.Context(), "/sock/x.sock")
	words(t, "connect /sock/x.sock: connection refused", err)
	_, err = server.Bind("/run/app/x.sock", nil)
	is(t, err, syscall.EADDRINUSE)
	ok(t, server.Remove("/run/app/x.sock"))
	_, err = server.Bind("/run/app/x.sock", nil)
	ok(t, err)
	ns.Close()
	_, err = client.Connect(t.Context(), "/sock/x.sock")
	is(t, err, syscall.ECONNREFUSED)
}
