package memconn

import "sync"

// Data waits in a list of chunks that come from a pool, so that growing copies nothing and an empty queue holds nothing.
// Two sizes are enough: most connections carry short messages, and a bulk copy wants few, large chunks.
const (
	smallChunk = 4 << 10
	largeChunk = 64 << 10
)

var (
	smallChunks = sync.Pool{New: func() any { return &chunk{data: make([]byte, smallChunk)} }}
	largeChunks = sync.Pool{New: func() any { return &chunk{data: make([]byte, largeChunk)} }}
)

// chunk is a piece of a queue; data[start:end] is unread.
type chunk struct {
	data       []byte
	start, end int
	next       *chunk
}

// newChunk returns an empty chunk that suits n more bytes.
func newChunk(n int) *chunk {
	if n > smallChunk {
		return largeChunks.Get().(*chunk)
	}
	return smallChunks.Get().(*chunk)
}

// free gives the chunk back to its pool. Its next user overwrites the data before it is read.
func (c *chunk) free() {
	c.start, c.end, c.next = 0, 0, nil
	if len(c.data) == largeChunk {
		largeChunks.Put(c)
		return
	}
	smallChunks.Put(c)
}

// queue is a first-in-first-out string of bytes. The zero value is empty and holds no memory.
type queue struct {
	head, tail *chunk
	length     int
}

// put appends all of p.
func (q *queue) put(p []byte) {
	q.length += len(p)
	for len(p) > 0 {
		if q.tail == nil || q.tail.end == len(q.tail.data) {
			q.grow(len(p))
		}
		n := copy(q.tail.data[q.tail.end:], p)
		q.tail.end += n
		p = p[n:]
	}
}

func (q *queue) grow(n int) {
	c := newChunk(n)
	if q.tail == nil {
		q.head = c
	} else {
		q.tail.next = c
	}
	q.tail = c
}

// take moves up to len(p) bytes into p and says how many.
func (q *queue) take(p []byte) int {
	taken := 0
	for taken < len(p) && q.head != nil {
		c := q.head
		n := copy(p[taken:], c.data[c.start:c.end])
		c.start += n
		taken += n
		if c.start == c.end {
			q.drop()
		}
	}
	q.length -= taken
	return taken
}

// drop frees the first chunk.
func (q *queue) drop() {
	c := q.head
	q.head = c.next
	if q.head == nil {
		q.tail = nil
	}
	c.free()
}

// clear frees everything.
func (q *queue) clear() {
	for q.head != nil {
		q.drop()
	}
	q.length = 0
}
