package memconn

import "fmt"

const (
	// DefaultWindow is how much a direction of a bounded connection holds: about what Linux gives a socket.
	DefaultWindow = 256 << 10
	// DefaultCap is how much may stay unread in a direction of an unbounded connection before it is reset.
	DefaultCap = 64 << 20
)

// Buffering says what happens to a writer whose peer does not read. The zero value is [Bounded](0).
type Buffering struct {
	limit   int
	growing bool
}

// Bounded makes writes wait while window bytes are unread in their direction; zero or less means [DefaultWindow].
func Bounded(window int) Buffering { return Buffering{limit: window} }

// Unbounded makes writes return at once. A write that finds unread data and would take it beyond limit bytes resets the
// connection, as a server drops a client that is too slow; zero or less means [DefaultCap].
//
// A writer that is far ahead yields the processor to its reader for a moment before it returns. So a reader that is
// only busy keeps up, and the cap is left for one that waits for something else.
func Unbounded(limit int) Buffering { return Buffering{limit: limit, growing: true} }

// size returns the limit with the default filled in.
func (b Buffering) size() int {
	switch {
	case b.limit > 0:
		return b.limit
	case b.growing:
		return DefaultCap
	}
	return DefaultWindow
}

// overflowError says why an unbounded connection was reset.
type overflowError struct {
	limit int
	cause error
}

func (e *overflowError) Error() string {
	return fmt.Sprintf("the peer left almost %d bytes unread: %v", e.limit, e.cause)
}

func (e *overflowError) Unwrap() error { return e.cause }
