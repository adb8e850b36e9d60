package memconn

import "time"

// deadline is one of a connection's two deadlines. Its direction's mutex guards it.
type deadline struct {
	timer   *time.Timer
	at      time.Time
	expired bool
}

// set replaces the deadline; fire is what the timer calls when time has come, without the mutex.
func (d *deadline) set(t time.Time, fire func()) {
	d.expired, d.at = false, time.Time{}
	left := time.Until(t)
	if t.IsZero() || left <= 0 {
		d.expired = !t.IsZero()
		if d.timer != nil {
			d.timer.Stop()
		}
		return
	}
	// Now plus the time left has a monotonic reading even if t has none, so that due never disagrees with the timer.
	d.at = time.Now().Add(left)
	if d.timer == nil {
		d.timer = time.AfterFunc(left, fire)
		return
	}
	d.timer.Reset(left)
}

// due marks the deadline expired if its time has come. A timer that fired just before it was set anew is ignored.
func (d *deadline) due() bool {
	if d.at.IsZero() || time.Until(d.at) > 0 {
		return false
	}
	d.expired = true
	return true
}

// stop ends the timer for good.
func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
	*d = deadline{expired: d.expired}
}
