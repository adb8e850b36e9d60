package podnet

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
)

func TestOwnerEndsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, Options{})
		pod, caller := newPod(t, n, "pod"), newPod(t, n, "caller")
		dying, neighbour := pod.NewOwner(), pod.NewOwner()

		out, served := connect(t, caller, dying, ":80", pod.IP().String()+":80")
		waiting := dial(t, caller, pod.IP().String()+":80")
		dialed, _ := connect(t, dying, caller, ":90", caller.IP().String()+":90")
		kept, keptPeer := connect(t, caller, neighbour, ":81", pod.IP().String()+":81")
		l := listen(t, dying, ":82")
		accepting := make(chan error, 1)
		go func() { _, err := l.Accept(); accepting <- err }()
		dialing := make(chan error, 1)
		go func() { _, err := dying.DialContext(context.Background(), "tcp", "10.244.9.9:1"); dialing <- err }()
		synctest.Wait()

		_, _ = dying.Close(), dying.Close()
		for name, c := range map[string]net.Conn{"the caller's": out, "the accepted": served, "the waiting": waiting, "the dialed": dialed} {
			if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%s end reads %v, want ECONNRESET", name, err)
			}
		}
		for name, err := range map[string]error{"Accept": <-accepting, "the dial": <-dialing,
			"Listen": second(dying.Listen("tcp", ":0")), "Dial": second(dying.DialContext(context.Background(), "tcp", ":81"))} {
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s of the dead container = %v, want net.ErrClosed", name, err)
			}
		}
		if _, err := neighbour.Listen("tcp", ":80"); err != nil {
			t.Errorf("the dead container's port is not free: %v", err)
		}
		go func() { _, _ = io.WriteString(kept, "still here"); _ = kept.Close() }()
		if got, err := io.ReadAll(keptPeer); string(got) != "still here" || err != nil {
			t.Errorf("the neighbour reads %q, %v", got, err)
		}
	})
}

func TestPortsOfDialsComeBack(t *testing.T) {
	n := newNetwork(t, Options{})
	pod := newPod(t, n, "pod")
	l := listen(t, pod, ":80")
	caller := newPod(t, n, "caller").NewOwner()
	for range lastEphemeral - firstEphemeral + 2 {
		c := dial(t, caller, pod.IP().String()+":80")
		s, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Close(), s.Close()
	}
	if left := len(caller.conns) + len(caller.ns.dialing) + len(pod.root.conns); left != 0 {
		t.Errorf("%d closed connections are still known", left)
	}
}

func TestPortsOfDialsRunOut(t *testing.T) {
	n := newNetwork(t, Options{Backlog: 1 << 20})
	pod := newPod(t, n, "pod")
	listen(t, pod, ":80")
	caller := newPod(t, n, "caller")
	for range lastEphemeral - firstEphemeral + 1 {
		dial(t, caller, pod.IP().String()+":80")
	}
	if _, err := caller.DialContext(context.Background(), "tcp", pod.IP().String()+":80"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("one dial too many = %v, want EADDRNOTAVAIL", err)
	}
	if _, err := caller.Listen("tcp", ":0"); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("Listen without a free port = %v, want EADDRINUSE", err)
	}
}
