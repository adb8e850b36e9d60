package sdk

import "context"

// Forwarded is the far end of a port-forward: a port of a pod.
type Forwarded struct {
	Namespace, Pod string
	Port           uint16
}

type forwardedKey struct{}

// ForwardedOf answers, from the context that a [ListenFunc] is given, what the listener is for: a function that says where it leads now
// or, while it leads nowhere, led last. Pods are replaced, so ask anew each time; any goroutine may ask, also after the forward has ended.
// For any other context it answers nil.
func ForwardedOf(ctx context.Context) func() Forwarded {
	leadsTo, _ := ctx.Value(forwardedKey{}).(func() Forwarded)
	return leadsTo
}

// announce says in a context what a listener is for.
func (f *Forward) announce(ctx context.Context, p *forwardedPort) context.Context {
	return context.WithValue(ctx, forwardedKey{}, func() Forwarded { return f.leadsTo(p) })
}

// leadsTo is where a port leads. What was asked for by name may be another number in another pod.
func (f *Forward) leadsTo(p *forwardedPort) Forwarded {
	f.mu.Lock()
	pod, l := f.pod, f.link
	f.mu.Unlock()
	to := Forwarded{pod.Namespace, pod.Name, p.remote}
	if l != nil {
		if port, err := l.portOf(p.text); err == nil {
			to.Port = port
		}
	}
	return to
}
