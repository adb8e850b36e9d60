package sdk

import (
	"net"
	"os"
	"sync"
)

// inbox holds what has arrived on a tunnel and was not read yet. It takes enough that one
// connection that is not read does not soon hold up the others of its session: SPDY, as Kubernetes
// uses it, has no flow control of single streams.
type inbox struct {
	mu    sync.Mutex
	data  []byte
	err   error         // what comes after data
	over  bool          // err was given to a reader
	ready chan struct{} // capacity 1: there may be something to get
	room  chan struct{} // capacity 1: there may be room to put
}

const inboxSize = 1 << 20

// put appends p, waiting for room. It returns false if closed came first.
func (b *inbox) put(p []byte, closed <-chan struct{}) bool {
	for !b.append(p) {
		select {
		case <-b.room:
		case <-closed:
			return false
		}
	}
	signal(b.ready)
	return true
}

func (b *inbox) append(p []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.data) >= inboxSize {
		return false
	}
	b.data = append(b.data, p...)
	return true
}

// end says that after what has arrived there comes only err.
func (b *inbox) end(err error) {
	b.mu.Lock()
	b.err = err
	b.mu.Unlock()
	signal(b.ready)
}

// get fills p with what has arrived, waiting for something if p has any length.
func (b *inbox) get(p []byte, closed <-chan struct{}, late func() <-chan struct{}) (int, error) {
	passed := late()
	for {
		select {
		case <-closed:
			return 0, net.ErrClosed
		case <-passed:
			return 0, os.ErrDeadlineExceeded
		default:
		}
		if n, err := b.take(p); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
		select {
		case <-b.ready:
		case <-closed:
		case <-passed:
		}
	}
}

func (b *inbox) take(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := copy(p, b.data)
	b.data = b.data[n:]
	switch {
	case len(b.data) > 0:
		signal(b.ready) // for other readers
	case b.err != nil:
		signal(b.ready)
		if n == 0 && len(p) > 0 {
			b.over = true
			return 0, b.err
		}
	default:
		b.data = nil
	}
	if n > 0 {
		signal(b.room)
	}
	return n, nil
}

// told reports whether a reader knows of the end.
func (b *inbox) told() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.over
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
