package sdk

import (
	"sync"
	"time"
)

// deadline is a time that may be changed while others wait for it. The zero deadline never comes.
type deadline struct {
	mu     sync.Mutex
	timer  *time.Timer
	passed chan struct{} // closed when the deadline has come; made when first needed
}

// done returns a channel that is closed when the deadline comes. It is that of the deadline as set
// now; moving the deadline to before it has come moves it for those who wait already.
func (d *deadline) done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.channel()
}

func (d *deadline) channel() chan struct{} {
	if d.passed == nil {
		d.passed = make(chan struct{})
	}
	return d.passed
}

// set moves the deadline; the zero time takes it away, a past one comes at once.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	select {
	case <-d.channel():
		d.passed = make(chan struct{}) // it had come; a new wait begins
	default:
	}
	if t.IsZero() {
		return
	}
	passed, wait := d.passed, time.Until(t)
	if wait <= 0 {
		close(passed)
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(wait, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.timer == timer { // else it was moved as it came
			close(passed)
			d.timer = nil
		}
	})
	d.timer = timer
}
