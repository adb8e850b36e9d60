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
	to    func() sdk.Forwarded
	gone  func()
}

// Close may be called any number of times.
func (l *forwardListener) Close() error {
	l.gone()
	return l.Listener.Close()
}

// add remembers a listener until it is closed, if ctx says what it is for.
func (f *forwards) add(ctx context.Context, l net.Listener) net.Listener {
	to := sdk.ForwardedOf(ctx)
	addr, isTCP := l.Addr().(*net.TCPAddr)
	if to == nil || !isTCP {
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
// the API server do. To a port of a pod that is shown already, no second one of these is.
func (c *Cluster) drawForwards(d *drawing) []draw.Forward {
	var all []draw.Forward
	shown := map[sdk.Forwarded]bool{}
	reached := map[string]bool{} // the pods
	add := func(from string, to sdk.Forwarded) {
		if d.namespace != "" && d.namespace != to.Namespace {
			return
		}
		f := draw.Forward{From: from, Pod: podID(to.Namespace, to.Pod)}
		shown[to], reached[f.Pod] = true, true
		if to.Port > 0 {
			f.Port = strconv.Itoa(int(to.Port))
		}
		all = append(all, f)
	}
	for _, l := range c.forwards.list() {
		add("localhost:"+strconv.Itoa(int(l.local)), l.to())
	}
	for _, f := range c.handler.Forwards() {
		for _, port := range f.Ports {
			if to := (sdk.Forwarded{Namespace: f.Namespace, Pod: f.Pod, Port: port}); !shown[to] {
				add(client, to)
			}
		}
		if !reached[podID(f.Namespace, f.Pod)] { // nothing has come through it yet
			add(client, sdk.Forwarded{Namespace: f.Namespace, Pod: f.Pod})
		}
	}
	return all
}

// client is who opened a forward of which only the API server knows.
const client = "a client"
