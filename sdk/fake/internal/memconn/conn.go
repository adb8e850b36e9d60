package memconn

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// Conn is one end of a connection made by [Pair]. Its methods may be called concurrently, and concurrent writes do not mix.
type Conn struct {
	in, out       *direction
	local, remote net.Addr

	mu      sync.Mutex
	closed  bool
	onClose func()
}

var _ net.Conn = (*Conn)(nil)

// Pair returns the two ends of a new connection between the addresses a and b. The first end is at a.
func Pair(a, b net.Addr, buffering Buffering) (*Conn, *Conn) {
	return Translated(a, b, b, a, buffering)
}

// Translated is [Pair] where addresses are translated on the way: the first end is at a and believes to be connected to dialed, the second
// is at b and believes that it was called from seen.
func Translated(a, dialed, b, seen net.Addr, buffering Buffering) (*Conn, *Conn) {
	ab, ba := newDirection(buffering), newDirection(buffering)
	return &Conn{in: ba, out: ab, local: a, remote: dialed}, &Conn{in: ab, out: ba, local: b, remote: seen}
}

// OnClose has f called once when this end is closed by [Conn.Close]; neither a reset nor the peer's Close calls it.
// It holds no lock while it calls f. It replaces an earlier f, and calls f at once if the end is already closed.
func (c *Conn) OnClose(f func()) {
	c.mu.Lock()
	closed := c.closed
	if !closed {
		c.onClose = f
	}
	c.mu.Unlock()
	if closed && f != nil {
		f()
	}
}

// Read waits for data, the peer's end of output (io.EOF), a reset or the read deadline. Data that arrived before a
// reset by the peer is still read.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.in.read(p)
	return n, c.failed("read", err)
}

// Write copies p into the connection. A bounded one waits while its buffer is full; an unbounded one never waits, and
// is reset when its reader leaves more than the cap unread.
func (c *Conn) Write(p []byte) (int, error) {
	n, err := c.out.write(p)
	if overflow, ok := err.(*overflowError); ok {
		c.out.abort(true)
		c.in.abort(true)
		return n, c.failed("write", overflow)
	}
	return n, c.failed("write", err)
}

// Close ends both directions: the peer reads what was written and then io.EOF, and its writes fail with EPIPE.
// A second Close returns an error for which errors.Is(err, net.ErrClosed) holds.
func (c *Conn) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return c.failed("close", net.ErrClosed)
	}
	c.closed = true
	f := c.onClose
	c.onClose = nil
	c.mu.Unlock()
	c.out.closeWriter()
	c.in.closeReader()
	if f != nil {
		f()
	}
	return nil
}

// CloseWrite ends the output: the peer reads io.EOF after what was written, while this end can still read.
// Further writes fail with EPIPE. Calling it twice is harmless; after Close it is an error.
func (c *Conn) CloseWrite() error { return c.failed("close", c.out.finish()) }

// CloseRead ends the input: reads return io.EOF, and what the peer writes is dropped, as after shutdown(SHUT_RD).
func (c *Conn) CloseRead() error { return c.failed("close", c.in.discard()) }

// Reset breaks the connection as a dying process or a RST does: everything at this end fails with ECONNRESET at once;
// so does everything at the peer once it has read what had reached it. Close is still needed to run OnClose. After Close
// it does nothing.
func (c *Conn) Reset() {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return
	}
	c.out.abort(false) // first, or a reader here that wakes up could still send an answer to its broken input
	c.in.abort(true)
}

// LocalAddr returns the address of this end.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr returns the address of the other end.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets both deadlines, as of [net.Conn]. After Close it is an error and starts no timer.
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// SetReadDeadline sets the time at which reads fail with [os.ErrDeadlineExceeded]; the zero time is never.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.failed("set", c.in.setReadDeadline(t)) }

// SetWriteDeadline sets the time at which writes fail with [os.ErrDeadlineExceeded]; the zero time is never.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.failed("set", c.out.setWriteDeadline(t)) }

// failed dresses err as package net does. io.EOF stays bare, since readers compare it with ==.
func (c *Conn) failed(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(op, errno)
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}
