package podnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/nettest"
)

func TestConnectionsAreNetConns(t *testing.T) {
	nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
		n := newNetwork(t, Options{})
		a, b := newPod(t, n, "a"), newPod(t, n, "b")
		x, y := connect(t, a.NewOwner(), b.NewOwner(), ":80", b.IP().String()+":80")
		return x, y, func() { _ = n.Close() }, nil
	})
}

func TestNewRefusesUselessPrefixes(t *testing.T) {
	rows := []struct {
		rule string
		opts Options
		want string
	}{
		{"loopback", Options{CIDR: netip.MustParsePrefix("127.0.0.0/8")}, "services refuse such endpoints"},
		{"link-local", Options{CIDR: netip.MustParsePrefix("169.254.0.0/16")}, "services refuse such endpoints"},
		{"multicast", Options{CIDR: netip.MustParsePrefix("224.0.0.0/16")}, "services refuse such endpoints"},
		{"IPv6", Options{CIDR: netip.MustParsePrefix("fd00::/64")}, "give an IPv4 prefix"},
		{"nodes wider than the network", Options{NodeBits: 8}, "at least as long as the prefix"},
		{"nodes without addresses", Options{NodeBits: 31}, "at most 30"},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			_, err := New(row.opts)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("New = %v, want an error with %q", err, row.want)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	n := newNetwork(t, Options{})
	first := newPod(t, n, "")
	var got []string
	got = append(got, first.IP().String(), newPod(t, n, "").IP().String())
	_ = first.Close()
	got = append(got, newPod(t, n, "").IP().String())
	for _, opts := range []NamespaceOptions{{Node: 7}, {IP: netip.MustParseAddr("192.168.49.2")}} {
		ns, err := n.NewNamespace(opts)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ns.IP().String())
	}
	want := []string{"10.244.0.1", "10.244.0.2", "10.244.0.3", "10.244.7.1", "192.168.49.2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
}

func TestAddressesRunOutAndComeBackInTurn(t *testing.T) {
	n := newNetwork(t, Options{CIDR: netip.MustParsePrefix("10.0.0.8/29")})
	var pods []*Namespace
	for range 6 {
		pods = append(pods, newPod(t, n, ""))
	}
	if _, err := n.NewNamespace(NamespaceOptions{}); !errors.Is(err, ErrExhausted) {
		t.Errorf("the seventh pod of six: %v, want ErrExhausted", err)
	}
	_, _ = pods[4].Close(), pods[1].Close()
	got := []string{newPod(t, n, "").IP().String(), newPod(t, n, "").IP().String()}
	if diff := cmp.Diff([]string{"10.0.0.10", "10.0.0.13"}, got); diff != "" {
		t.Errorf("addresses given again (-want +got):\n%s", diff)
	}
}

func TestAddressesThatNobodyCanHave(t *testing.T) {
	n := newNetwork(t, Options{})
	newPod(t, n, "first")
	for _, ip := range []string{"127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "fd00::1", "10.244.0.1"} {
		if ns, err := n.NewNamespace(NamespaceOptions{IP: netip.MustParseAddr(ip)}); err == nil {
			t.Errorf("%s was given to %v", ip, ns.IP())
		}
	}
	if _, err := n.NewNamespace(NamespaceOptions{IP: netip.MustParseAddr("10.244.0.1")}); !errors.Is(err, ErrInUse) {
		t.Errorf("a pod's address: %v, want ErrInUse", err)
	}
	for _, node := range []int{-1, 256} {
		if _, err := n.NewNamespace(NamespaceOptions{Node: node}); err == nil {
			t.Errorf("node %d of 256 has an address", node)
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, Options{})
		a, b := newPod(t, n, "a"), newPod(t, n, "b")
		x, y := connect(t, a.NewOwner(), b.NewOwner(), ":80", b.IP().String()+":80")
		l := listen(t, b, ":81")
		results := make(chan error, 4)
		go func() { _, err := io.ReadAll(x); results <- err }()
		go func() { _, err := io.ReadAll(y); results <- err }()
		go func() { _, err := l.Accept(); results <- err }()
		go func() { _, err := a.DialContext(context.Background(), "tcp", "10.244.9.9:80"); results <- err }()
		synctest.Wait()
		_, _ = n.Close(), n.Close()
		var reset, closed int
		for range 4 {
			switch err := <-results; {
			case errors.Is(err, syscall.ECONNRESET):
				reset++
			case errors.Is(err, net.ErrClosed):
				closed++
			}
		}
		if reset != 2 || closed != 2 {
			t.Errorf("%d waiters were reset and %d closed, want 2 and 2", reset, closed)
		}
		for name, err := range map[string]error{
			"NewNamespace":          second(n.NewNamespace(NamespaceOptions{})),
			"Listen":                second(a.Listen("tcp", ":80")),
			"Listen of a new owner": second(a.NewOwner().Listen("tcp", ":80")),
			"Dial":                  second(a.DialContext(context.Background(), "tcp", "localhost:80")),
		} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%s after Close = %v, want ErrClosed", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func newNetwork(t testing.TB, opts Options) *Network {
	t.Helper()
	n, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return n
}

func newPod(t testing.TB, n *Network, hostname string) *Namespace {
	t.Helper()
	ns, err := n.NewNamespace(NamespaceOptions{Hostname: hostname})
	if err != nil {
		t.Fatal(err)
	}
	return ns
}

// user is what can listen and dial: a namespace or one of its owners.
type user interface {
	Listen(network, address string) (net.Listener, error)
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

func listen(t testing.TB, on user, address string) net.Listener {
	t.Helper()
	l, err := on.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func dial(t testing.TB, from user, address string) net.Conn {
	t.Helper()
	c, err := from.DialContext(context.Background(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// connect listens, dials and accepts, and returns the caller's and the listener's end.
func connect(t testing.TB, from, to user, listenAt, dialTo string) (net.Conn, net.Conn) {
	t.Helper()
	l := listen(t, to, listenAt)
	x := dial(t, from, dialTo)
	y, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return x, y
}

func ends(c net.Conn) string { return fmt.Sprintf("%v %v", c.LocalAddr(), c.RemoteAddr()) }
