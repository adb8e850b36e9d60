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

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// virtual is an address that no namespace has.
var virtual = netip.MustParseAddrPort("10.96.0.7:80")

// twoPods runs test with a listener on port 8080 of the first of two pods.
func twoPods(t *testing.T, opts Options, test func(t *testing.T, n *Network, l net.Listener, caller *Namespace)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, opts)
		pod, caller := newPod(t, n, "pod"), newPod(t, n, "caller")
		test(t, n, listen(t, pod, ":8080"), caller)
		_ = n.Close()
	})
}

func toPod(path Path) func(*Owner, netip.AddrPort) (Path, error) {
	return func(_ *Owner, to netip.AddrPort) (Path, error) {
		if to == virtual {
			path.To = netip.MustParseAddrPort("10.244.0.1:8080")
			return path, nil
		}
		return Path{To: to}, nil
	}
}

func TestRouteTranslates(t *testing.T) {
	for rule, seen := range map[string]string{"": "10.244.0.2", "masqueraded": "192.168.49.2"} {
		opts := Options{Route: toPod(Path{Seen: netip.MustParseAddr(seen)})}
		twoPods(t, opts, func(t *testing.T, _ *Network, l net.Listener, caller *Namespace) {
			near := dial(t, caller, virtual.String())
			far, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			got := [4]string{near.LocalAddr().String(), near.RemoteAddr().String(), far.LocalAddr().String(), far.RemoteAddr().String()}
			if want := [4]string{"10.244.0.2:32768", "10.96.0.7:80", "10.244.0.1:8080", seen + ":32768"}; got != want {
				t.Errorf("%s: addresses %v, want %v", rule, got, want)
			}
		})
	}
}

func TestRouteIsAskedForEveryRequest(t *testing.T) {
	asked := 0
	route := func(_ *Owner, to netip.AddrPort) (Path, error) {
		if asked++; asked < 3 {
			return Path{}, ErrDropped
		}
		return Path{To: to}, nil
	}
	twoPods(t, Options{Route: route}, func(t *testing.T, _ *Network, _ net.Listener, caller *Namespace) {
		start := time.Now()
		_ = dial(t, caller, "10.244.0.1:8080")
		if took := time.Since(start); asked != 3 || took != 3*time.Second {
			t.Errorf("it was asked %d times in %v, want a third time after one and two seconds", asked, took)
		}
	})
}

func TestRouteRefuses(t *testing.T) {
	refuse := func(*Owner, netip.AddrPort) (Path, error) { return Path{}, syscall.ECONNREFUSED }
	twoPods(t, Options{Route: refuse}, func(t *testing.T, _ *Network, _ net.Listener, caller *Namespace) {
		if _, err := caller.DialContext(t.Context(), "tcp", "10.244.0.1:8080"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dial: %v", err)
		}
	})
}

func TestRouteDelays(t *testing.T) {
	twoPods(t, Options{Route: toPod(Path{Delay: time.Minute})}, func(t *testing.T, _ *Network, _ net.Listener, caller *Namespace) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := caller.DialContext(ctx, "tcp", virtual.String()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("dial within a second: %v", err)
		}
	})
}

func TestRelinkAndBreak(t *testing.T) {
	var cut bool
	link := func(_, _ netip.Addr) (there, back memconn.Impairment) {
		return memconn.Impairment{Cut: cut}, memconn.Impairment{}
	}
	twoPods(t, Options{Link: link}, func(t *testing.T, n *Network, l net.Listener, caller *Namespace) {
		near := dial(t, caller, "10.244.0.1:8080")
		far, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		cut = true
		n.Relink()
		_, _ = near.Write([]byte("x"))
		_ = far.SetReadDeadline(time.Now().Add(time.Hour))
		if n, err := far.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("read %d, %v through a cut", n, err)
		}
		_ = far.SetReadDeadline(time.Time{})
		cut = false
		n.Relink()
		if n, err := far.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Errorf("read %d, %v after it", n, err)
		}
		n.Break(func(from, to netip.Addr) bool { return from == caller.IP() && to.String() == "10.244.0.1" })
		if _, err := far.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("read from what was broken: %v", err)
		}
	})
}
