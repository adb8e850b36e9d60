package kubelet

import "time"

// How long a kubelet waits before it tries again, for crashing containers and for images alike. A back-off that was
// not needed for twice the longest wait starts anew.
const (
	backOffBase  = 10 * time.Second
	backOffMax   = 5 * time.Minute
	backOffReset = 2 * backOffMax
)

// backOff is one entry of client-go's flowcontrol.Backoff. The zero value has not failed yet.
type backOff struct {
	wait  time.Duration
	since time.Time // of the last failure that was counted
}

// fresh says whether a failure at the given time is the first one, or the first for a long time.
func (b *backOff) fresh(failed time.Time) bool {
	return b.wait == 0 || failed.Sub(b.since) > backOffReset
}

// until is when to try again after a failure at the given time. The first try is at once.
func (b *backOff) until(failed time.Time) time.Time {
	if b.fresh(failed) {
		return failed
	}
	return failed.Add(b.wait)
}

// count takes note of a failure, now that it is dealt with: the next one waits twice as long.
func (b *backOff) count(failed, now time.Time) {
	if b.fresh(failed) {
		b.wait = backOffBase
	} else {
		b.wait = min(2*b.wait, backOffMax)
	}
	b.since = now
}
