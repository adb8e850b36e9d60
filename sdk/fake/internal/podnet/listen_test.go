package podnet

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestListenConflicts(t *testing.T) {
	rows := []struct {
		rule              string
		firstNet, first   string
		secondNet, second string
		want              error
	}{
		{"the same wildcard", "tcp", ":80", "tcp", ":80", syscall.EADDRINUSE},
		{"a wildcard and loopback", "tcp", ":80", "tcp", "127.0.0.1:80", syscall.EADDRINUSE},
		{"loopback and a wildcard", "tcp", "127.0.0.1:80", "tcp", ":80", syscall.EADDRINUSE},
		{"a wildcard and the pod's address", "tcp", "0.0.0.0:80", "tcp", "10.244.0.1:80", syscall.EADDRINUSE},
		{"an IPv4 wildcard and localhost", "tcp4", ":80", "tcp", "localhost:80", syscall.EADDRINUSE},
		{"a wildcard of both families and ::1", "tcp", "[::]:80", "tcp", "[::1]:80", syscall.EADDRINUSE},
		{"the hostname and the address", "tcp", "pod:80", "tcp", "10.244.0.1:80", syscall.EADDRINUSE},
		{"a port by name", "tcp", ":http", "tcp", ":80", syscall.EADDRINUSE},
		{"loopback and the pod's address are apart", "tcp", "127.0.0.1:80", "tcp", "10.244.0.1:80", nil},
		{"two loopback addresses are apart", "tcp", "127.0.0.1:80", "tcp", "127.0.0.2:80", nil},
		{"the families are apart", "tcp4", ":80", "tcp6", ":80", nil},
		{"other ports are apart", "tcp", ":80", "tcp", ":81", nil},
		{"port 0 is always free", "tcp", ":0", "tcp", ":0", nil},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			pod := newPod(t, newNetwork(t, Options{}), "pod")
			l, err := pod.NewOwner().Listen(row.firstNet, row.first)
			if err != nil {
				t.Fatal(err)
			}
			neighbour := pod.NewOwner()
			if _, err := neighbour.Listen(row.secondNet, row.second); !errors.Is(err, row.want) {
				t.Fatalf("the second Listen = %v, want %v", err, row.want)
			}
			_ = l.Close()
			if _, err := neighbour.Listen(row.firstNet, row.first); row.want != nil && err != nil {
				t.Errorf("after Close the port is not free: %v", err)
			}
		})
	}
}

func TestListenErrors(t *testing.T) {
	pod := newPod(t, newNetwork(t, Options{}), "pod")
	listen(t, pod, "127.0.0.1:90")
	rows := []struct{ network, address, want string }{
		{"tcp", ":99999", "listen tcp: address 99999: invalid port"},
		{"tcp", ":-1", "listen tcp: address -1: invalid port"},
		{"tcp", "80", "listen tcp: address 80: missing port in address"},
		{"tcp", ":gopher", "listen tcp: lookup tcp/gopher: unknown port"},
		{"tcp", "1.2.3.4:80", "listen tcp 1.2.3.4:80: bind: cannot assign requested address"},
		{"tcp", "[fe80::1%eth0]:80", "listen tcp [fe80::1%eth0]:80: bind: cannot assign requested address"},
		{"tcp", "example.com:80", "listen tcp: address example.com: not an IP address, localhost or the own hostname"},
		{"tcp4", "[::1]:80", "listen tcp4: address ::1: no suitable address found"},
		{"tcp", "localhost:90", "listen tcp 127.0.0.1:90: bind: address already in use"},
		{"tcp", ":90", "listen tcp :90: bind: address already in use"},
		{"tcp4", ":90", "listen tcp4 :90: bind: address already in use"},
		{"tcp", "0.0.0.0:90", "listen tcp 0.0.0.0:90: bind: address already in use"},
		{"udp", ":80", "listen udp: the fake pod network carries TCP only, no UDP, Unix or raw sockets: unsupported operation"},
		{"unix", "/tmp/x", "listen unix: the fake pod network carries TCP only, no UDP, Unix or raw sockets: unsupported operation"},
		{"carrier-pigeon", ":80", "listen carrier-pigeon: unknown network carrier-pigeon"},
	}
	for _, row := range rows {
		t.Run(row.network+" "+row.address, func(t *testing.T) {
			_, err := pod.Listen(row.network, row.address)
			var op *net.OpError
			if !errors.As(err, &op) {
				t.Fatalf("%T (%v), want *net.OpError", err, err)
			}
			if diff := cmp.Diff(row.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := pod.NewOwner().ListenPacket("udp", ":53"); !errors.Is(err, ErrNotTCP) {
		t.Errorf("ListenPacket = %v, want ErrNotTCP", err)
	}
}

func TestListenerAddr(t *testing.T) {
	pod := newPod(t, newNetwork(t, Options{}), "pod")
	rows := []struct{ network, address, want string }{
		{"tcp", ":80", "[::]:80"},
		{"tcp4", ":81", "0.0.0.0:81"},
		{"tcp", "localhost:82", "127.0.0.1:82"},
		{"tcp", "POD.:83", "10.244.0.1:83"},
		{"tcp", ":0", "[::]:32768"},
		{"tcp6", "[::1]:0", "[::1]:32769"},
	}
	for _, row := range rows {
		l, err := pod.Listen(row.network, row.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Addr().String(); got != row.want {
			t.Errorf("Listen(%s, %s) is at %s, want %s", row.network, row.address, got, row.want)
		}
	}
}

func TestListenerClose(t *testing.T) {
	pod := newPod(t, newNetwork(t, Options{}), "pod")
	l := listen(t, pod, ":80")
	accepted := dial(t, pod, "localhost:80")
	waiting := dial(t, pod, "localhost:80")
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := waiting.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("a connection that nobody accepted reads %v, want ECONNRESET", err)
	}
	if _, err := accepted.Write([]byte("x")); err != nil {
		t.Errorf("an accepted connection ended with its listener: %v", err)
	}
	_ = server.Close()
	if err := l.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the second Close = %v, want net.ErrClosed", err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept after Close = %v, want net.ErrClosed", err)
	}
	if _, err := pod.DialContext(context.Background(), "tcp", ":80"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dial after Close = %v, want ECONNREFUSED", err)
	}
}
