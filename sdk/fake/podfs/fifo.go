package podfs

import (
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
)

// pipeSize is how much a pipe holds before a writer waits, as on Linux.
const pipeSize = 1 << 16

// Mkfifo makes a named pipe. Opening it to read waits for one who opens it to write, and the other way round; O_RDWR does
// not wait. With syscall.O_NONBLOCK a reader does not wait and a writer without a reader gets ENXIO. Reading ends with
// io.EOF when no writer is left, writing with EPIPE when no reader is.
func (f *FS) Mkfifo(name string, perm fs.FileMode) error {
	return f.special("mkfifo", name, fs.ModeNamedPipe, perm, &fifo{changed: make(chan struct{})})
}

// fifo is a pipe with a name.
type fifo struct {
	mu               sync.Mutex
	buffer           []byte
	readers, writers int
	// Opens ever made: who waits to open sees a peer that came and went meanwhile.
	readOpens, writeOpens uint64
	changed               chan struct{} // closed and replaced at each change
}

// end is a pipe that is open.
type end struct {
	pipe          *fifo
	done          <-chan struct{}
	reads, writes bool
	patient       bool
	closed        bool // guarded by the pipe's lock
}

// signal wakes all who wait. The pipe is locked.
func (p *fifo) signal() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// wait gives the lock up until something changed or the container's files are closed.
func (p *fifo) wait(done <-chan struct{}) error {
	changed := p.changed
	p.mu.Unlock()
	defer p.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-done:
		return fs.ErrClosed
	}
}

func (p *fifo) open(_ *inode, done <-chan struct{}, flag int) (io.ReadWriteCloser, error) {
	e := &end{pipe: p, done: done, patient: flag&syscall.O_NONBLOCK == 0}
	e.reads, e.writes = flag&accessMode != os.O_WRONLY, flag&accessMode != os.O_RDONLY
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.writes && !e.reads && !e.patient && p.readers == 0 {
		return nil, syscall.ENXIO
	}
	e.count(1)
	if err := e.meet(); err != nil {
		e.count(-1)
		return nil, err
	}
	return e, nil
}

// count adds the end to those open, or takes it away.
func (e *end) count(by int) {
	p := e.pipe
	if e.reads {
		p.readers += by
	}
	if e.writes {
		p.writers += by
	}
	if by > 0 && e.reads {
		p.readOpens++
	}
	if by > 0 && e.writes {
		p.writeOpens++
	}
	if p.readers+p.writers == 0 {
		p.buffer = nil
	}
	p.signal()
}

// meet waits for the other side.
func (e *end) meet() error {
	p := e.pipe
	if e.reads == e.writes || !e.patient {
		return nil
	}
	readOpens, writeOpens := p.readOpens, p.writeOpens
	for e.reads && p.writers == 0 && p.writeOpens == writeOpens || e.writes && p.readers == 0 && p.readOpens == readOpens {
		if err := p.wait(e.done); err != nil {
			return err
		}
	}
	return nil
}

// Read waits until there is something to read or no writer is left.
func (e *end) Read(b []byte) (int, error) {
	p := e.pipe
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case e.closed:
			return 0, fs.ErrClosed
		case len(b) == 0:
			return 0, nil
		case len(p.buffer) > 0:
			n := copy(b, p.buffer)
			p.buffer = p.buffer[n:]
			p.signal()
			return n, nil
		case p.writers == 0:
			return 0, io.EOF
		case !e.patient:
			return 0, syscall.EAGAIN
		}
		if err := p.wait(e.done); err != nil {
			return 0, err
		}
	}
}

// Write waits until all is in the pipe or no reader is left.
func (e *end) Write(b []byte) (int, error) {
	p := e.pipe
	p.mu.Lock()
	defer p.mu.Unlock()
	written := 0
	for {
		switch room := pipeSize - len(p.buffer); {
		case e.closed:
			return written, fs.ErrClosed
		case p.readers == 0:
			return written, syscall.EPIPE
		case written == len(b):
			return written, nil
		case room > 0:
			n := min(room, len(b)-written)
			p.buffer = append(p.buffer, b[written:written+n]...)
			written += n
			p.signal()
			continue
		case !e.patient:
			return written, syscall.EAGAIN
		}
		if err := p.wait(e.done); err != nil {
			return written, err
		}
	}
}

// Close takes the end away. Reads and writes of it that wait answer [fs.ErrClosed].
func (e *end) Close() error {
	p := e.pipe
	p.mu.Lock()
	defer p.mu.Unlock()
	e.closed = true
	e.count(-1)
	return nil
}
