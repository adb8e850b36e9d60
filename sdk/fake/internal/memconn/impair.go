package memconn

import "time"

// Impairment is what a faulty network does to what one end sends. The zero value is a network without fault.
type Impairment struct {
	// Cut: nothing arrives, neither data nor the news that the sender closed or reset the connection. What is sent meanwhile arrives when
	// the fault is over, as TCP sends it again; the sender waits once its window is full.
	Cut bool
	// Delay is how long what is sent is under way. What was sent first arrives first, also when the delay shrinks.
	Delay time.Duration
}

// Impair says what the network does to what this end sends and to what the other end sends, from now on. What is under way goes on as it
// is, but for what a cut held up.
func (c *Conn) Impair(sent, received Impairment) {
	c.out.impair(sent)
	c.in.impair(received)
}

// transit is what of a direction's data and end the reader cannot see yet. The direction's mutex guards it.
type transit struct {
	Impairment
	flights  []flight
	underway int       // bytes in flights
	last     time.Time // when what was sent last arrives
	timer    *time.Timer
}

// flight are bytes that arrive together; those that a cut holds up have no time.
type flight struct {
	bytes int
	at    time.Time
}

func (d *direction) impair(to Impairment) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.transit == nil {
		if to == (Impairment{}) {
			return
		}
		d.transit = &transit{}
	}
	t := d.transit
	healed := t.Cut && !to.Cut
	t.Impairment = to
	if healed {
		t.last = t.arrival()
		for i := range t.flights {
			if t.flights[i].at.IsZero() {
				t.flights[i].at = t.last
			}
		}
		if d.readerClosed || d.discarding {
			d.drop()
		}
	}
	d.land()
	d.wake()
}

// arrival is when what is sent now arrives.
func (t *transit) arrival() time.Time {
	at := time.Now().Add(t.Delay)
	if at.Before(t.last) {
		return t.last
	}
	return at
}

// send accounts for bytes that were put into the direction. The mutex is held.
func (d *direction) send(n int) {
	t := d.transit
	if t == nil || n == 0 || !t.Cut && t.Delay == 0 && !time.Now().Before(t.last) {
		return
	}
	f := flight{bytes: n}
	if !t.Cut {
		t.last = t.arrival()
		f.at = t.last
	}
	t.flights = append(t.flights, f)
	t.underway += n
	d.land()
}

// hangUp accounts for the end of what is sent. The mutex is held.
func (d *direction) hangUp() {
	if t := d.transit; t != nil && !t.Cut && t.Delay > 0 {
		t.last = t.arrival()
		d.land()
	}
}

// land takes note of what has arrived by now, and sets the timer for what comes next. The mutex is held.
func (d *direction) land() {
	t, now := d.transit, time.Now()
	for len(t.flights) > 0 && !t.flights[0].at.IsZero() && !t.flights[0].at.After(now) {
		t.underway -= t.flights[0].bytes
		t.flights = t.flights[1:]
	}
	next := t.last
	if len(t.flights) > 0 {
		next = t.flights[0].at
	}
	if next.IsZero() || !next.After(now) || d.readerReset || d.readerClosed {
		return
	}
	if t.timer == nil {
		t.timer = time.AfterFunc(next.Sub(now), d.arrive)
		return
	}
	t.timer.Reset(next.Sub(now))
}

// arrive is what the timer calls.
func (d *direction) arrive() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.land()
	d.wake()
}

// visible is how many bytes the reader can see. The mutex is held.
func (d *direction) visible() int {
	if d.transit == nil {
		return d.data.length
	}
	return d.data.length - d.transit.underway
}

// endVisible says whether the reader can see that the writer is done. The mutex is held.
func (d *direction) endVisible() bool {
	t := d.transit
	return t == nil || !t.Cut && !time.Now().Before(t.last)
}

// cut says whether no news passes. The mutex is held.
func (d *direction) cut() bool { return d.transit != nil && d.transit.Cut }

// drop forgets all data. The mutex is held.
func (d *direction) drop() {
	d.data.clear()
	if t := d.transit; t != nil {
		t.flights, t.underway = nil, 0
	}
}
