package sdk

import (
	"cmp"
	"fmt"
	"math"
	"time"
)

// ForwardOptions says how [Client.Forward] forwards. The zero value opens no local port, and heals.
type ForwardOptions struct {
	// Ports are the local ports to open, on loopback only. Each is "8888:8080" (local 8888 leads to the pod's 8080),
	// ":8080" (from any local port that is free, see [Forward.Addr]) or "8080" (both the same); in the place of the pod's
	// number may stand a name from its spec. Where target is a Service, its ports, by number or name, mean what they
	// lead to, as with kubectl. One that cannot be opened is an error of Forward, and none is then.
	Ports []string

	// Once ends the forward when the connection or the pod is lost, where it would be made anew.
	Once bool

	// Patience is how long the forward tries in vain to make a lost connection anew before it ends. Zero means five minutes, less
	// than zero as long as its context lives.
	Patience time.Duration

	// OnEvent, if not nil, is told what becomes of the forward, one event after another, the first before Forward returns.
	// Healing waits for it, so it should not block, and it must not call [Forward.Close].
	OnEvent func(ForwardEvent)
}

const forwardPatience = 5 * time.Minute

func (o ForwardOptions) patience() time.Duration {
	if o.Patience < 0 {
		return math.MaxInt64
	}
	return cmp.Or(o.Patience, forwardPatience)
}

// ForwardEventType is what has become of a [Forward].
type ForwardEventType string

const (
	// ForwardConnected says that there is a way to the pod of the event: at first, and each time it was lost.
	ForwardConnected ForwardEventType = "Connected"

	// ForwardLost says that the way to the pod of the event is lost, and why. It does not come when the forward is at its end,
	// and not where another pod has taken over before one that ends.
	ForwardLost ForwardEventType = "Lost"

	// ForwardRetry says that an attempt to make the connection anew has failed, and why; another follows.
	ForwardRetry ForwardEventType = "Retry"
)

// ForwardEvent is told to [ForwardOptions.OnEvent].
type ForwardEvent struct {
	Type    ForwardEventType
	Pod     string // its name; for ForwardRetry that of the one that was lost
	Attempt int    // how many attempts there were since the loss, for ForwardRetry and ForwardConnected; 0 for the first connection
	Err     error  // nil for ForwardConnected
}

// String returns the event in a line, for logs.
func (e ForwardEvent) String() string {
	if e.Err != nil {
		return fmt.Sprintf("%s pod %s: %v", e.Type, e.Pod, e.Err)
	}
	return fmt.Sprintf("%s pod %s", e.Type, e.Pod)
}

func (f *Forward) tell(e ForwardEvent) {
	if f.options.OnEvent != nil {
		f.options.OnEvent(e)
	}
}
