package sdk

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"k8s.io/streaming/pkg/httpstream"
)

// ForwardError is what the node reports of one forwarded connection, for example that nothing
// listens on the port. Reads and writes on the connection return it; other connections live on.
type ForwardError struct {
	Pod     string // as namespace/name
	Port    uint16
	Message string // the node's words
}

func (e *ForwardError) Error() string {
	return fmt.Sprintf("forward to port %d of pod %s: %s", e.Port, e.Pod, e.Message)
}

// Is reports that the error is syscall.ECONNREFUSED where the node says so: nothing listens on the port.
func (e *ForwardError) Is(target error) bool {
	return target == syscall.ECONNREFUSED && strings.Contains(e.Message, "connection refused")
}

// tunnel is one connection to a port of a pod: a pair of streams made into a net.Conn. Three
// goroutines serve it until it is closed: one for each direction, one that hears what the node reports.
type tunnel struct {
	session    *session
	data, errs httpstream.Stream
	port       uint16

	arrived         inbox
	out             chan []byte
	reading, writes deadline

	finish chan struct{} // closed when nothing more will be written
	closed chan struct{}
	cause  error // then: what reads and writes get
	once   struct{ finish, close sync.Once }

	finished atomic.Bool // the data stream was told that nothing more comes

	ended   chan struct{} // closed when the error stream has ended
	failure error         // then: what the node or the loss of the connection put an end to it with
	vain    atomic.Int64  // bytes written after that
}

const (
	chunkSize     = 32 << 10
	messageLimit  = 64 << 10
	endingMessage = time.Second // how long the end of data waits for the word on why
	vainLimit     = 64 << 10    // about what a socket takes before it hears that the peer is gone
)

func newTunnel(s *session, data, errs httpstream.Stream, port uint16) *tunnel {
	return &tunnel{
		session: s, data: data, errs: errs, port: port,
		arrived: inbox{ready: make(chan struct{}, 1), room: make(chan struct{}, 1)},
		out:     make(chan []byte),
		finish:  make(chan struct{}),
		closed:  make(chan struct{}),
		ended:   make(chan struct{}),
	}
}

// hear reads the error stream to its end.
func (t *tunnel) hear() {
	defer close(t.ended)
	message, _ := io.ReadAll(io.LimitReader(t.errs, messageLimit))
	switch text := strings.TrimSpace(string(message)); {
	case text != "":
		t.failure = &ForwardError{Pod: t.session.pod, Port: t.port, Message: text}
		signal(t.session.trouble)
	case t.session.isLost():
		t.failure = ErrLostConnection
	}
}

// receive reads the data stream to its end.
func (t *tunnel) receive() {
	buffer := make([]byte, chunkSize)
	for {
		n, err := t.data.Read(buffer)
		if n > 0 && !t.arrived.put(buffer[:n], t.closed) {
			return
		}
		if err != nil {
			t.arrived.end(t.reasonToEnd(err))
			return
		}
	}
}

// reasonToEnd tells the end that the pod made of its data from one that the node or the network
// made: a stream ends in the same way for each.
func (t *tunnel) reasonToEnd(err error) error {
	timer := time.NewTimer(endingMessage)
	defer timer.Stop()
	select {
	case <-t.ended:
		if t.failure != nil {
			return t.failure
		}
		if t.wasReset() {
			return syscall.ECONNRESET
		}
	case <-t.closed:
	case <-timer.C:
		if t.session.isLost() {
			return ErrLostConnection
		}
	}
	return err
}

// wasReset reports whether the far side has reset the data stream, for then it cannot be finished any
// more. Where it was finished before, that is not to be learned. As the node is done with the
// connection when this is asked, to finish it takes nothing away.
func (t *tunnel) wasReset() bool {
	return !t.finished.Swap(true) && t.data.Close() != nil
}

// finishData says that no more data comes, once.
func (t *tunnel) finishData() {
	if !t.finished.Swap(true) {
		t.data.Close()
	}
}

// send writes what Write hands over, and then ends the streams.
func (t *tunnel) send() {
	defer t.session.drop(t.data, t.errs)
	finish := t.finish
	for {
		select {
		case chunk := <-t.out:
			t.data.Write(chunk) // what is wrong with the connection shows by its end
		case <-finish:
			t.finishData()
			finish = nil
		case <-t.closed:
			t.finishData()
			return
		}
	}
}

func (t *tunnel) Read(p []byte) (int, error) {
	n, err := t.arrived.get(p, t.closed, t.reading.done)
	if err == net.ErrClosed {
		err = t.cause
	}
	return n, t.opError("read", err)
}

func (t *tunnel) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		chunk := append([]byte(nil), p[:min(len(p), chunkSize)]...)
		if err := t.hand(chunk); err != nil && !t.inVain(err, len(chunk)) {
			return written, t.opError("write", err)
		}
		written += len(chunk)
		p = p[len(chunk):]
	}
	return written, nil
}

// hand gives a chunk to send.
func (t *tunnel) hand(chunk []byte) error {
	late := t.writes.done()
	for _, stop := range []struct {
		when <-chan struct{}
		err  func() error
	}{{t.closed, t.whyClosed}, {t.finish, errFinished}, {t.ended, t.whyEnded}, {late, errLate}} {
		select {
		case <-stop.when:
			return stop.err()
		default:
		}
	}
	select {
	case t.out <- chunk:
		return nil
	case <-t.closed:
		return t.whyClosed()
	case <-t.finish:
		return errFinished()
	case <-t.ended:
		return t.whyEnded()
	case <-late:
		return os.ErrDeadlineExceeded
	}
}

// inVain reports whether a write that came too late passes as one in time. As with TCP, who writes to
// a peer that has answered and gone must get to read the answer first; HTTP servers that do not care
// for the request do this.
func (t *tunnel) inVain(err error, n int) bool {
	return err == syscall.EPIPE && !t.arrived.told() && t.vain.Add(int64(n)) <= vainLimit
}

func (t *tunnel) whyClosed() error { return t.cause }

func errFinished() error { return net.ErrClosed }
func errLate() error     { return os.ErrDeadlineExceeded }

// whyEnded is what a write gets when the node has ended the connection.
func (t *tunnel) whyEnded() error {
	if t.failure != nil {
		return t.failure
	}
	return syscall.EPIPE
}

// CloseWrite tells the pod that no more data comes; reading goes on.
func (t *tunnel) CloseWrite() error {
	t.once.finish.Do(func() { close(t.finish) })
	return nil
}

// Close ends the connection. What was written before is still sent. A second Close does nothing.
func (t *tunnel) Close() error {
	t.end(net.ErrClosed)
	return nil
}

// end closes the connection, and has cause be the error of what is done with it from now on.
func (t *tunnel) end(cause error) {
	t.once.close.Do(func() {
		t.cause = cause
		close(t.closed)
		t.session.remove(t)
		t.SetDeadline(time.Time{})
	})
}

// opError dresses errors as package net does, but for the end of data.
func (t *tunnel) opError(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: t.LocalAddr(), Addr: t.RemoteAddr(), Err: err}
}

func (t *tunnel) LocalAddr() net.Addr { return podAddr("port-forward") }

func (t *tunnel) RemoteAddr() net.Addr {
	return podAddr(net.JoinHostPort(t.session.pod, strconv.Itoa(int(t.port))))
}

func (t *tunnel) SetDeadline(at time.Time) error {
	t.reading.set(at)
	t.writes.set(at)
	return nil
}

func (t *tunnel) SetReadDeadline(at time.Time) error {
	t.reading.set(at)
	return nil
}

func (t *tunnel) SetWriteDeadline(at time.Time) error {
	t.writes.set(at)
	return nil
}

// podAddr is an address within a pod, or the place from which a forward reaches it.
type podAddr string

func (podAddr) Network() string  { return "tcp" }
func (a podAddr) String() string { return string(a) }
