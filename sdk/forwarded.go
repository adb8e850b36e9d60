package sdk

import "context"

// Forwarded is the far end of a port-forward: a port of a pod.
type Forwarded struct {
	Namespace, Pod string
	Port           uint16
}

type forwardedKey struct{}

// ForwardedOf returns what a [ListenFunc] is to open a listener for, from the context that it is given. It is false for any other
// context.
func ForwardedOf(ctx context.Context) (Forwarded, bool) {
	to, ok := ctx.Value(forwardedKey{}).(Forwarded)
	return to, ok
}

// announce says in a context what a listener is for.
func (f *Forward) announce(ctx context.Context, p *forwardedPort) context.Context {
	return context.WithValue(ctx, forwardedKey{}, Forwarded{f.spec.Namespace, f.spec.Name, p.remote})
}
