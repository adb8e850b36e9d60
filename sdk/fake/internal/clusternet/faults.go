package clusternet

import (
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// Place says whether an address belongs to one end of a fault. pod is the pod that has it, nil if none has, and node the node that it is
// on or of, "" outside the cluster. It is asked for every connection, and must not block.
type Place func(ip netip.Addr, pod *corev1.Pod, node string) bool

// Fault is what happens to everything that goes from one place to another.
type Fault struct {
	From, To Place
	memconn.Impairment
}

// Faults are those of a network. The zero value has none. Its methods may be called concurrently.
type Faults struct {
	network *Network

	mu  sync.Mutex
	all []*Fault
}

// Add makes faults, for connections that stand too, until undo is called. A second undo does nothing.
func (f *Faults) Add(in *podnet.Network, faults ...*Fault) (undo func()) {
	f.mu.Lock()
	f.all = append(f.all, faults...)
	f.mu.Unlock()
	in.Relink()
	return sync.OnceFunc(func() {
		f.mu.Lock()
		f.all = slices.DeleteFunc(f.all, func(has *Fault) bool { return slices.Contains(faults, has) })
		f.mu.Unlock()
		in.Relink()
	})
}

// Break resets all connections between two places, whoever dialed.
func (f *Faults) Break(in *podnet.Network, a, b Place) {
	in.Break(func(from, to netip.Addr) bool {
		x, y := f.end(from), f.end(to)
		return x.in(a) && y.in(b) || x.in(b) && y.in(a)
	})
}

// end is an address and what is known of it.
type end struct {
	ip   netip.Addr
	pod  *corev1.Pod
	node string
}

func (e end) in(p Place) bool { return p(e.ip, e.pod, e.node) }

func (f *Faults) end(ip netip.Addr) end {
	e := end{ip: ip, pod: f.network.podAt(ip)}
	if e.pod != nil {
		e.node = e.pod.Spec.NodeName
	} else {
		e.node = f.network.nodeAt(ip)
	}
	return e
}

// Link implements [podnet.Options.Link]. Delays add up. A node always reaches its own pods: there is no wire between them, and probes go on.
func (f *Faults) Link(from, to netip.Addr) (there, back memconn.Impairment) {
	f.mu.Lock()
	all := slices.Clone(f.all)
	f.mu.Unlock()
	if len(all) == 0 {
		return there, back
	}
	a, b := f.end(from), f.end(to)
	if a.node != "" && a.node == b.node && a.pod == nil {
		return there, back
	}
	for _, fault := range all {
		if a.in(fault.From) && b.in(fault.To) {
			add(&there, fault.Impairment)
		}
		if b.in(fault.From) && a.in(fault.To) {
			add(&back, fault.Impairment)
		}
	}
	return there, back
}

func add(to *memconn.Impairment, more memconn.Impairment) {
	to.Cut = to.Cut || more.Cut
	to.Delay += max(more.Delay, time.Duration(0))
}
