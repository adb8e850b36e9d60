package podnet

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// resolveTable is a cluster DNS of fixed names.
func resolveTable(table map[string][]string) func(context.Context, *Owner, string) ([]netip.Addr, error) {
	return func(_ context.Context, _ *Owner, name string) ([]netip.Addr, error) {
		var found []netip.Addr
		for _, ip := range table[name] {
			found = append(found, netip.MustParseAddr(ip))
		}
		return found, nil
	}
}

// TestDialReaches dials pod 10.244.0.1, named crane, from itself and from its peer 10.244.0.2.
func TestDialReaches(t *testing.T) {
	rows := []struct {
		rule             string
		listen           string
		self             bool
		network, address string
		want             string // local and remote address of the dialing end
	}{
		{"another pod sees the caller's address", ":80", false, "tcp", "10.244.0.1:80", "10.244.0.2:32768 10.244.0.1:80"},
		{"a mapped address is the IPv4 address", ":80", false, "tcp", "[::ffff:10.244.0.1]:80", "10.244.0.2:32768 10.244.0.1:80"},
		{"a name of the cluster", ":80", false, "tcp", "crane.svc:http", "10.244.0.2:32768 10.244.0.1:80"},
		{"the second address of a name, if the first refuses", ":80", false, "tcp", "two.svc:80", "10.244.0.2:32769 10.244.0.1:80"},
		{"the own address comes from itself", ":80", true, "tcp", "10.244.0.1:80", "10.244.0.1:32768 10.244.0.1:80"},
		{"the own hostname", ":80", true, "tcp", "Crane:80", "10.244.0.1:32768 10.244.0.1:80"},
		{"localhost stays inside", ":80", true, "tcp", "localhost:80", "127.0.0.1:32768 127.0.0.1:80"},
		{"localhost on ::1 alone", "[::1]:80", true, "tcp", "localhost:80", "[::1]:32769 [::1]:80"},
		{"any loopback address reaches a wildcard", ":80", true, "tcp", "127.1.2.3:80", "127.0.0.1:32768 127.1.2.3:80"},
		{"an empty host is the own machine", ":80", true, "tcp", ":80", "127.0.0.1:32768 127.0.0.1:80"},
		{"an unspecified host too", ":80", true, "tcp", "0.0.0.0:80", "127.0.0.1:32768 127.0.0.1:80"},
		{"tcp6 takes ::1", ":80", true, "tcp6", "localhost:80", "[::1]:32768 [::1]:80"},
	}
	dns := resolveTable(map[string][]string{"crane.svc": {"10.244.0.1"}, "two.svc": {"10.244.0.2", "10.244.0.1"}})
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			n := newNetwork(t, Options{Resolve: dns})
			crane, peer := newPod(t, n, "crane"), newPod(t, n, "peer")
			l := listen(t, crane, row.listen)
			from := peer
			if row.self {
				from = crane
			}
			c, err := from.DialContext(context.Background(), row.network, row.address)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, ends(c)); diff != "" {
				t.Errorf("ends of the connection (-want +got):\n%s", diff)
			}
			s, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			if s.RemoteAddr().String() != c.LocalAddr().String() || s.LocalAddr().String() != c.RemoteAddr().String() {
				t.Errorf("the ends disagree: %s, %s", ends(c), ends(s))
			}
		})
	}
}

func TestDialFails(t *testing.T) {
	rows := []struct {
		rule             string
		network, address string
		want             error
		text             string
		took             time.Duration
	}{
		{"a closed port refuses", "tcp", "10.244.0.1:81", syscall.ECONNREFUSED, "dial tcp 10.244.0.1:81: connect: connection refused", 0},
		{"port 0 refuses", "tcp", "10.244.0.1:0", syscall.ECONNREFUSED, "dial tcp 10.244.0.1:0: connect: connection refused", 0},
		{"a loopback listener is not reached from outside", "tcp", "10.244.0.1:82", syscall.ECONNREFUSED, "dial tcp 10.244.0.1:82: connect: connection refused", 0},
		{"localhost is the caller's own", "tcp", "localhost:80", syscall.ECONNREFUSED, "dial tcp 127.0.0.1:80: connect: connection refused", 0},
		{"an address nobody has times out after two minutes", "tcp", "10.244.3.3:80", syscall.ETIMEDOUT, "dial tcp 10.244.3.3:80: connect: connection timed out", 127 * time.Second},
		{"so does a machine outside", "tcp", "8.8.8.8:53", syscall.ETIMEDOUT, "dial tcp 8.8.8.8:53: connect: connection timed out", 127 * time.Second},
		{"IPv6 has no route", "tcp", "[2001:db8::1]:80", syscall.ENETUNREACH, "dial tcp [2001:db8::1]:80: connect: network is unreachable", 0},
		{"multicast has no route", "tcp", "224.0.0.1:80", syscall.ENETUNREACH, "dial tcp 224.0.0.1:80: connect: network is unreachable", 0},
		{"an unknown name", "tcp", "nobody:80", nil, "dial tcp: lookup nobody: no such host", 0},
		{"an empty name", "tcp", ".:80", nil, "dial tcp: lookup .: no such host", 0},
		{"the wrong family", "tcp6", "10.244.0.1:80", nil, "dial tcp6: address 10.244.0.1: no suitable address found", 0},
		{"no port", "tcp", "10.244.0.1", nil, "dial tcp: address 10.244.0.1: missing port in address", 0},
		{"a port too high", "tcp", "10.244.0.1:65536", nil, "dial tcp: address 65536: invalid port", 0},
		{"UDP", "udp", "10.244.0.1:53", ErrNotTCP, "dial udp: the fake pod network carries TCP only, no UDP, Unix or raw sockets: unsupported operation", 0},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(t, Options{})
				crane, peer := newPod(t, n, "crane"), newPod(t, n, "peer")
				listen(t, crane, ":80")
				listen(t, crane, "127.0.0.1:82")
				start := time.Now()
				_, err := peer.DialContext(context.Background(), row.network, row.address)
				var op *net.OpError
				if !errors.As(err, &op) || row.want != nil && !errors.Is(err, row.want) {
					t.Fatalf("dial = %v, want *net.OpError of %v", err, row.want)
				}
				if diff := cmp.Diff(row.text, err.Error()); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
				if took := time.Since(start); took != row.took || op.Timeout() != (row.took > 0) {
					t.Errorf("took %v (timeout %t), want %v", took, op.Timeout(), row.took)
				}
				if len(peer.dialing) != 0 {
					t.Error("a failed dial keeps its port")
				}
			})
		})
	}
}

func TestDialHonoursItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pod := newPod(t, newNetwork(t, Options{Resolve: func(ctx context.Context, _ *Owner, _ string) ([]netip.Addr, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}), "pod")
		for _, address := range []string{"10.244.3.3:80", "slow.svc:80"} {
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			_, err := pod.DialContext(ctx, "tcp", address)
			cancel()
			var timeout net.Error
			if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("dial %s past its deadline = %v, want a timeout", address, err)
			}
			if took := time.Since(start); took != 30*time.Second {
				t.Errorf("dial %s took %v, want 30s", address, took)
			}
			ctx, cancel = context.WithCancel(t.Context())
			cancel()
			if _, err := pod.DialContext(ctx, "tcp", address); !errors.Is(err, context.Canceled) {
				t.Errorf("dial %s with a canceled context = %v, want context.Canceled", address, err)
			}
		}
	})
}

func TestDialReachesAPodThatComesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, Options{})
		caller := newPod(t, n, "caller")
		start := time.Now()
		time.AfterFunc(2*time.Second, func() { listen(t, newPod(t, n, "late"), ":80") })
		dial(t, caller, "10.244.0.2:80")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("connected after %v, want 3s: requests are sent at 0, 1 and 3 s", took)
		}
	})
}

func TestFullBacklogGivesNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pod := newPod(t, newNetwork(t, Options{Backlog: 2}), "pod")
		l := listen(t, pod, ":80")
		dial(t, pod, ":80")
		dial(t, pod, ":80")
		time.AfterFunc(500*time.Millisecond, func() { _, _ = l.Accept() })
		start := time.Now()
		dial(t, pod, "127.0.0.1:80")
		if took := time.Since(start); took != time.Second {
			t.Errorf("the third of two took %v to connect, want 1s", took)
		}
	})
}

// FuzzAddresses listens on and dials what it is given: there must be no panic, no hang, and an error must be *net.OpError.
func FuzzAddresses(f *testing.F) {
	for _, address := range []string{":0", "localhost:80", "[::1]:80", "[fe80::1%eth0]:1", "10.244.0.1:65536", "::::", "[", ":", "0:0", "\x00:1", "pod.:http"} {
		f.Add("tcp", address)
	}
	f.Add("tcp6", "[::]:1")
	f.Add("ip4:icmp", "x")
	f.Fuzz(func(t *testing.T, network, address string) {
		synctest.Test(t, func(t *testing.T) {
			pod := newPod(t, newNetwork(t, Options{}), "pod")
			var op *net.OpError
			l, err := pod.Listen(network, address)
			if err != nil && !errors.As(err, &op) {
				t.Errorf("Listen: %T", err)
			}
			if err == nil && l.Addr().(*net.TCPAddr).Port == 0 {
				t.Error("Listen is at port 0")
			}
			if _, err := pod.DialContext(t.Context(), network, address); err != nil && !errors.As(err, &op) {
				t.Errorf("DialContext: %T", err)
			}
		})
	})
}
