package apiserver

import (
	"cmp"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// Forward is an open port-forward, as far as the API server knows it.
type Forward struct {
	Namespace, Pod string
	// Ports are those that a connection was made to, in order. Which ones the client listens for, it does not say.
	Ports []uint16
}

// Forwards returns the port-forwards that are open, by namespace and name of their pods.
func (s *Server) Forwards() []Forward { return s.forwards.list() }

// forwards are the open port-forwards. The zero value is none.
type forwards struct {
	mu  sync.Mutex
	all map[*openForward]struct{}
}

// openForward is one of them. It is safe for use by all its connections.
type openForward struct {
	namespace, pod string

	mu    sync.Mutex
	ports []uint16
}

func (f *forwards) open(pod *corev1.Pod) *openForward {
	o := &openForward{namespace: pod.Namespace, pod: pod.Name}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[*openForward]struct{}{}
	}
	f.all[o] = struct{}{}
	return o
}

func (f *forwards) close(o *openForward) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, o)
}

func (f *forwards) list() []Forward {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Forward
	for o := range f.all {
		all = append(all, o.forward())
	}
	slices.SortFunc(all, func(a, b Forward) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Pod, b.Pod), slices.Compare(a.Ports, b.Ports))
	})
	return all
}

// use says that a connection was made to a port.
func (o *openForward) use(port uint16) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if i, found := slices.BinarySearch(o.ports, port); !found {
		o.ports = slices.Insert(o.ports, i, port)
	}
}

func (o *openForward) forward() Forward {
	o.mu.Lock()
	defer o.mu.Unlock()
	return Forward{Namespace: o.namespace, Pod: o.pod, Ports: slices.Clone(o.ports)}
}
