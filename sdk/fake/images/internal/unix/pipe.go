package unix

import (
	"context"
	"io"
	"sync"
	"syscall"
)

// pipeSize is how much a pipe holds before who writes has to wait, as on Linux.
const pipeSize = 64 << 10

// pipe is pipe(2): what one end writes the other reads, in memory.
type pipe struct {
	mu             sync.Mutex
	held           []byte
	noReader, done bool          // no end is left for reading, for writing
	changed        chan struct{} // closed at the next change
}

// Pipe returns the two ends of a new pipe. Reading ends when nobody has the other end any more; writing is EPIPE then.
func Pipe() (read, write *File) {
	p := &pipe{changed: make(chan struct{})}
	read = NewFile(p, nil, func() { p.change(func() { p.noReader = true; p.held = nil }) })
	write = NewFile(nil, p, func() { p.change(func() { p.done = true }) })
	return read, write
}

// change does f, and lets those look again who wait.
func (p *pipe) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	p.wake()
}

func (p *pipe) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// Read is ReadContext without an end.
func (p *pipe) Read(b []byte) (int, error) { return p.ReadContext(context.Background(), b) }

// Write is WriteContext without an end.
func (p *pipe) Write(b []byte) (int, error) { return p.WriteContext(context.Background(), b) }

// ReadContext reads what is there, and waits while nothing is.
func (p *pipe) ReadContext(ctx context.Context, b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for {
		p.mu.Lock()
		n := copy(b, p.held)
		if n > 0 {
			p.held = p.held[n:]
			p.wake()
		}
		done, changed := p.done, p.changed
		p.mu.Unlock()
		switch {
		case n > 0:
			return n, nil
		case done:
			return 0, io.EOF
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// WriteContext writes all of b, and waits while the pipe is full.
func (p *pipe) WriteContext(ctx context.Context, b []byte) (written int, err error) {
	for {
		var n int
		var noReader bool
		p.change(func() {
			if noReader = p.noReader; noReader {
				return
			}
			n = min(len(b), pipeSize-len(p.held))
			p.held = append(p.held, b[:n]...)
		})
		written, b = written+n, b[n:]
		switch {
		case noReader:
			return written, syscall.EPIPE
		case len(b) == 0:
			return written, nil
		}
		p.mu.Lock()
		full, changed := len(p.held) == pipeSize && !p.noReader, p.changed
		p.mu.Unlock()
		if !full {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return written, context.Cause(ctx)
		}
	}
}
