package memconn

import (
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// direction carries bytes from one end, its writer, to the other, its reader. The mutex is only held over memory copies.
type direction struct {
	mu       sync.Mutex
	readable sync.Cond
	writable sync.Cond

	limit   int
	growing bool
	data    queue
	writing bool // a Write is at work; others wait their turn

	finished     bool // the writer sent its last byte
	discarding   bool // the reader wants no more, but is there
	writerClosed bool
	readerClosed bool
	reset        bool // by either end; who did so sees it even if the network is cut
	writerReset  bool
	readerReset  bool

	transit *transit // nil: what is sent arrives at once

	readDeadline  deadline
	writeDeadline deadline
}

func newDirection(b Buffering) *direction {
	d := &direction{limit: b.size(), growing: b.growing}
	d.readable.L, d.writable.L = &d.mu, &d.mu
	return d
}

func (d *direction) read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		switch {
		case d.readerClosed:
			return 0, net.ErrClosed
		case len(p) == 0:
			return 0, nil
		case d.readDeadline.expired:
			return 0, os.ErrDeadlineExceeded
		case d.visible() > 0:
			return d.take(p[:min(len(p), d.visible())]), nil
		case d.readerReset, d.reset && d.endVisible():
			return 0, syscall.ECONNRESET
		case d.discarding, d.finished && d.endVisible():
			return 0, io.EOF
		}
		d.readable.Wait()
	}
}

func (d *direction) take(p []byte) int {
	n := d.data.take(p)
	if d.visible() > 0 {
		d.readable.Signal() // one write may serve several waiting readers
	}
	d.writable.Broadcast()
	return n
}

func (d *direction) write(p []byte) (int, error) {
	d.mu.Lock()
	for d.writing {
		if err := d.writeError(); err != nil {
			d.mu.Unlock()
			return 0, err
		}
		d.writable.Wait()
	}
	d.writing = true
	before := d.data.length
	n, err := d.putAll(p)
	d.writing = false
	ahead := d.growing && err == nil && d.data.length > yieldMark && d.data.length/yieldStep != before/yieldStep
	d.writable.Broadcast()
	d.mu.Unlock()
	if ahead {
		d.letRead()
	}
	return n, err
}

// putAll appends p, waiting for room if the direction is bounded, and says how much of it was taken.
func (d *direction) putAll(p []byte) (int, error) {
	written := 0
	for {
		if err := d.writeError(); err != nil {
			return written, err
		}
		rest := p[written:]
		switch {
		case len(rest) == 0:
			return written, nil
		case d.discarding && !d.cut():
			return len(p), nil
		case d.growing:
			if d.data.length > 0 && d.data.length+len(rest) > d.limit {
				return written, &overflowError{limit: d.limit, cause: os.NewSyscallError("write", syscall.ECONNRESET)}
			}
		case d.data.length >= d.limit:
			d.writable.Wait()
			continue
		default:
			rest = rest[:min(len(rest), d.limit-d.data.length)]
		}
		d.data.put(rest)
		d.send(len(rest))
		written += len(rest)
		d.readable.Signal()
	}
}

func (d *direction) writeError() error {
	switch {
	case d.writerClosed:
		return net.ErrClosed
	case d.writerReset, d.reset && !d.cut():
		return syscall.ECONNRESET
	case d.writeDeadline.expired:
		return os.ErrDeadlineExceeded
	case d.finished, d.readerClosed && !d.cut():
		return syscall.EPIPE
	}
	return nil
}

// A writer yields when so much is unread, and then once for so many bytes: small writes would else take forever.
const (
	yieldMark  = 1 << 20
	yieldStep  = 64 << 10
	yieldTimes = 256
)

// letRead yields to the reader until it has caught up a little. The number of yields is bounded, so a reader that waits
// for something else holds nobody up: this is never a wait, which is what an unbounded direction promises.
func (d *direction) letRead() {
	for range yieldTimes {
		runtime.Gosched()
		d.mu.Lock()
		ahead := d.data.length > yieldMark && !d.reset
		d.mu.Unlock()
		if !ahead {
			return
		}
	}
}

// finish ends the output; closeWriter does so because the end is closed.
func (d *direction) finish() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writerClosed {
		return net.ErrClosed
	}
	if !d.finished {
		d.finished = true
		d.hangUp()
	}
	d.wake()
	return nil
}

func (d *direction) closeWriter() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.finished {
		d.hangUp()
	}
	d.finished, d.writerClosed = true, true
	d.writeDeadline.stop()
	d.wake()
}

// discard ends the input; closeReader does so because the end is closed.
func (d *direction) discard() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.readerClosed {
		return net.ErrClosed
	}
	d.discarding = true
	d.drop()
	d.wake()
	return nil
}

func (d *direction) closeReader() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.readerClosed = true
	d.readDeadline.stop()
	d.drop()
	d.wake()
}

// abort resets the direction on behalf of its reader, which will not read what has arrived, or of its writer, whose peer may still do so.
// Nothing waits in it from now on, so its timers end too, unless the network is cut and the other end cannot know.
func (d *direction) abort(byReader bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !byReader && !d.reset {
		d.hangUp()
	}
	d.reset = true
	if byReader {
		d.readerReset = true
		d.drop()
	} else {
		d.writerReset = true
	}
	if byReader || !d.cut() {
		d.readDeadline.stop()
	}
	if !byReader || !d.cut() {
		d.writeDeadline.stop()
	}
	d.wake()
}

func (d *direction) wake() {
	d.readable.Broadcast()
	d.writable.Broadcast()
}

func (d *direction) setReadDeadline(t time.Time) error {
	return d.setDeadline(&d.readDeadline, &d.readerClosed, t)
}

func (d *direction) setWriteDeadline(t time.Time) error {
	return d.setDeadline(&d.writeDeadline, &d.writerClosed, t)
}

func (d *direction) setDeadline(which *deadline, closed *bool, t time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case *closed:
		return net.ErrClosed
	case d.reset && d.transit == nil:
		return nil // nothing will wait
	}
	which.set(t, func() { d.expire(which) })
	d.wake()
	return nil
}

func (d *direction) expire(which *deadline) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if which.due() {
		d.wake()
	}
}
