package fake

import (
	"cmp"
	"context"
	"net"
	"slices"
	"strconv"
	"sync"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake/internal/draw"
)

// forwards are the local ports of port-forwards that clients of [Cluster.Client] have opened. The zero value is none.
type forwards struct {
	mu   sync.Mutex
	open map[*forwardListener]struct{}
}

// forwardListener is one of them, until it is closed.
type forwardListener struct {
	net.Listener
	local uint16
	to    sdk.Forwarded
	gone  func()
}

// Close may be called any number of times.
func (l *forwardListener) Close() error {
	l.gone()
	return l.Listener.Close()
}

// add remembers a listener until it is closed, if ctx says what it is for.
func (f *forwards) add(ctx context.Context, l net.Listener) net.Listener {
	to, ok := sdk.ForwardedOf(ctx)
	addr, isTCP := l.Addr().(*net.TCPAddr)
	if !ok || !isTCP {
		return l
	}
	fl := &forwardListener{Listener: l, local: uint16(addr.Port), to: to}
	fl.gone = func() { f.remove(fl) }
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open == nil {
		f.open = map[*forwardListener]struct{}{}
	}
	f.open[fl] = struct{}{}
	return fl
}

func (f *forwards) remove(l *forwardListener) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, l)
}

// list is by local port. There is at most one listener for each.
func (f *forwards) list() []*forwardListener {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []*forwardListener
	for l := range f.open {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b *forwardListener) int { return cmp.Compare(a.local, b.local) })
	return all
}

// drawForwards are the open port-forwards: first those of the cluster's own clients, whose local ports are known, then what others have
// the API server do. A port of a pod that one of the first leads to is not shown a second time.
func (c *Cluster) drawForwards() []draw.Forward {
	var all []draw.Forward
	shown := map[sdk.Forwarded]bool{}
	reached := map[string]bool{}
	for _, l := range c.forwards.list() {
		id := podID(l.to.Namespace, l.to.Pod)
		shown[l.to], reached[id] = true, true
		all = append(all, draw.Forward{From: "localhost:" + strconv.Itoa(int(l.local)), Pod: id, Port: strconv.Itoa(int(l.to.Port))})
	}
	const client = "a client"
	for _, f := range c.handler.Forwards() {
		id := podID(f.Namespace, f.Pod)
		for _, port := range f.Ports {
			if to := (sdk.Forwarded{Namespace: f.Namespace, Pod: f.Pod, Port: port}); !shown[to] {
				shown[to], reached[id] = true, true
				all = append(all, draw.Forward{From: client, Pod: id, Port: strconv.Itoa(int(port))})
			}
		}
		if !reached[id] { // nothing has come through it yet
			reached[id] = true
			all = append(all, draw.Forward{From: client, Pod: id})
		}
	}
	return all
}
