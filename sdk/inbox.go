package sdk

import (
	"io"
	"net"
	"os"
	"sync"
)

// inbox holds what has arrived on a tunnel and was not read yet. It takes enough that one
// connection that is not read does not soon hold up the others of its session: SPDY, as Kubernetes
// uses it, has no flow control of single streams.
type inbox struct {
	mu         sync.Mutex
	head, tail *chunk
	length     int
	err        error         // what comes after the chunks; nil until that is known
	over       bool          // err was given to a reader
	ready      chan struct{} // capacity 1: there may be something to get
	room       chan struct{} // capacity 1: there may be room to put
}

const inboxSize = 2 << 20

func newInbox() inbox {
	return inbox{ready: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// chunk is a piece of what has arrived; data[start:end] was not read yet. Chunks come from pools and change hands, so that
// what has arrived is copied once: to where it is wanted.
type chunk struct {
	data       []byte
	start, end int
	next       *chunk
}

const (
	smallChunk = 4 << 10
	chunkSize  = 32 << 10
)

var (
	smallChunks = sync.Pool{New: func() any { return &chunk{data: make([]byte, smallChunk)} }}
	largeChunks = sync.Pool{New: func() any { return &chunk{data: make([]byte, chunkSize)} }}
)

// newChunk returns an empty chunk for n bytes, or as many of them as one holds.
func newChunk(n int) *chunk {
	if n > smallChunk {
		return largeChunks.Get().(*chunk)
	}
	return smallChunks.Get().(*chunk)
}

// free gives a chunk back. The next user overwrites what is in it before it is read.
func (c *chunk) free() {
	c.start, c.end, c.next = 0, 0, nil
	if len(c.data) > smallChunk {
		largeChunks.Put(c)
		return
	}
	smallChunks.Put(c)
}

// unread is what of a chunk was not read yet.
func (c *chunk) unread() []byte { return c.data[c.start:c.end] }

// fill takes n bytes from r, waiting for room for each chunk of them, of which held is told. The rest, once nobody wants it any more,
// is thrown away: it must not stand before what comes for others. The error is that of r.
func (b *inbox) fill(r io.Reader, n int, closed <-chan struct{}, held func(bool)) error {
	for n > 0 {
		if !b.await(closed, held) {
			return skip(r, n)
		}
		c := newChunk(n)
		got, err := io.ReadFull(r, c.data[:min(n, len(c.data))])
		c.end = got
		b.put(c)
		if err != nil {
			return err
		}
		n -= got
	}
	return nil
}

// skip reads n bytes that nobody wants.
func skip(r io.Reader, n int) error {
	_, err := io.CopyN(io.Discard, r, int64(n))
	return err
}

// await waits for room. It returns false if closed came first.
func (b *inbox) await(closed <-chan struct{}, held func(bool)) bool {
	select {
	case <-closed:
		return false
	default:
	}
	if b.hasRoom() {
		return true
	}
	held(true)
	defer held(false)
	for !b.hasRoom() {
		select {
		case <-b.room:
		case <-closed:
			return false
		}
	}
	return true
}

func (b *inbox) hasRoom() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.length < inboxSize
}

// put takes a chunk over. What is short is added to the chunk before, if it fits.
func (b *inbox) put(c *chunk) {
	b.mu.Lock()
	n := c.end
	b.length += n
	switch {
	case n == 0 || b.tail != nil && n <= len(b.tail.data)-b.tail.end:
		if n > 0 {
			b.tail.end += copy(b.tail.data[b.tail.end:], c.unread())
		}
		c.free()
	case b.tail == nil:
		b.head, b.tail = c, c
	default:
		b.tail.next, b.tail = c, c
	}
	b.mu.Unlock()
	signal(b.ready)
}

// end says that after what has arrived there comes only err. Only the first end counts.
func (b *inbox) end(err error) {
	b.mu.Lock()
	if b.err == nil {
		b.err = err
	}
	b.mu.Unlock()
	signal(b.ready)
}

// get fills p with what has arrived, waiting for something if p has any length.
func (b *inbox) get(p []byte, closed <-chan struct{}, late func() <-chan struct{}) (int, error) {
	n := 0
	err := b.wait(closed, late, func() (bool, error) {
		var err error
		n, err = b.take(p)
		return n > 0 || len(p) == 0, err
	})
	return n, err
}

// wait tries until there is something, or an error.
func (b *inbox) wait(closed <-chan struct{}, late func() <-chan struct{}, try func() (bool, error)) error {
	passed := late()
	for {
		select {
		case <-closed:
			return net.ErrClosed
		case <-passed:
			return os.ErrDeadlineExceeded
		default:
		}
		if done, err := try(); done || err != nil {
			return err
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
	n := 0
	for n < len(p) && b.head != nil {
		c := b.head
		got := copy(p[n:], c.unread())
		n += got
		if c.start += got; c.start == c.end {
			b.pop().free()
		}
	}
	return n, b.taken(n, len(p) > 0)
}

// pop takes the first chunk away.
func (b *inbox) pop() *chunk {
	c := b.head
	if b.head = c.next; b.head == nil {
		b.tail = nil
	}
	return c
}

// taken accounts for n bytes that a reader has got, and returns the end if it is the end's turn and the reader wants more.
func (b *inbox) taken(n int, wanted bool) error {
	b.length -= n
	if b.length > 0 || b.err != nil {
		signal(b.ready) // for other readers
	}
	if n > 0 {
		signal(b.room)
	} else if b.length == 0 && b.err != nil && wanted {
		b.over = true
		return b.err
	}
	return nil
}

// gather is get for who takes whole chunks over, as many as there is room for in into. They are to be freed.
func (b *inbox) gather(into []*chunk, closed <-chan struct{}, late func() <-chan struct{}) (int, error) {
	n := 0
	err := b.wait(closed, late, func() (bool, error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		bytes := 0
		for n < len(into) && b.head != nil {
			into[n] = b.pop()
			bytes += len(into[n].unread())
			n++
		}
		return n > 0, b.taken(bytes, true)
	})
	return n, err
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
