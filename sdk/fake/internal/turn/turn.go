package turn

import (
	"context"
	"time"
)

// Round is how long it takes until a turn comes again.
const Round = time.Microsecond

// Turn is when a part acts. The zero value is a part that acts whenever it has something to do.
type Turn struct {
	at time.Duration // into a round; 0: any time
}

// Number is the turn that begins n nanoseconds into each round. n is from 1 to 999; 0 gives the zero value.
func Number(n int) Turn { return Turn{time.Duration(n) % Round} }

// After is the turn n nanoseconds after t, before the next round begins. After of the zero value is the zero value.
func (t Turn) After(n int) Turn {
	if t.at == 0 {
		return t
	}
	return Number(int(t.at) + n)
}

// Given says whether there is a turn to wait for.
func (t Turn) Given() bool { return t.at != 0 }

// Wait blocks until the next turn, which is later than now in any case, and says whether it came: false if stop was closed before, which
// may be nil. For the zero value it is always now, whatever stop is.
func (t Turn) Wait(stop <-chan struct{}) bool {
	if t.at == 0 {
		return true
	}
	timer := time.NewTimer(t.until(time.Now()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop:
		return false
	}
}

// until is how long it is until the next turn after now, more than nothing.
func (t Turn) until(now time.Time) time.Duration {
	d := t.at - time.Duration(now.UnixNano())%Round
	if d <= 0 {
		d += Round
	}
	return d
}

type key struct{}

// With returns a context that tells what runs under it its turn.
func With(ctx context.Context, t Turn) context.Context {
	if t.at == 0 {
		return ctx
	}
	return context.WithValue(ctx, key{}, t)
}

// Of is the turn that a context tells of, the zero value if it tells of none.
func Of(ctx context.Context) Turn {
	t, _ := ctx.Value(key{}).(Turn)
	return t
}
