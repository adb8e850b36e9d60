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

	corev1 "k8s.io/api/core/v1"
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

// tunnel is one connection to a port of a pod: a pair of streams made into a net.Conn. No goroutine belongs to it: those of the session
// bring what arrives and take what is to be sent.
type tunnel struct {
	session    *session
	port       uint16
	data, errs uint32 // the numbers of its streams; 0 is none

	answer     chan error // capacity 1: whether the server has taken the streams
	unanswered int        // how many of them have no answer yet, and whether nobody waits for it; under the session's lock
	released   bool

	arrived         inbox
	reading, writes deadline

	finish chan struct{} // closed when nothing more will be written
	closed chan struct{}
	cause  error // then: what reads and writes get
	once   struct{ finish, close sync.Once }
	fin    atomic.Bool // the server was told that nothing more comes

	// What only the session's reader touches, until ended is closed.
	message []byte        // what the node reports
	dataEnd error         // why the data has ended; nil while it has not
	ended   chan struct{} // closed when the node has said all
	failure error         // then: what the node or the loss of the connection put an end to it with
	vain    atomic.Int64  // bytes written after that
}

const (
	messageLimit  = 64 << 10
	endingMessage = time.Second // how long the end of data waits for the word on why
	vainLimit     = 64 << 10    // about what a socket takes before it hears that the peer is gone
)

func newTunnel(s *session, port uint16) *tunnel {
	return &tunnel{
		session: s, port: port,
		answer:  make(chan error, 1),
		arrived: newInbox(),
		finish:  make(chan struct{}),
		closed:  make(chan struct{}),
		ended:   make(chan struct{}),
	}
}

// number says which of the session's streams is the tunnel's.
func (t *tunnel) number(kind string, id uint32) {
	if kind == corev1.StreamTypeError {
		t.errs = id
		return
	}
	t.data = id
}

// settle says whether the server has taken the streams. Only the first word counts.
func (t *tunnel) settle(err error) {
	select {
	case t.answer <- err:
	default:
	}
}

// hear reads n bytes of what the node reports.
func (t *tunnel) hear(r io.Reader, n int) error {
	heard := len(t.message)
	keep := min(n, messageLimit-heard)
	t.message = append(t.message, make([]byte, keep)...)
	if _, err := io.ReadFull(r, t.message[heard:]); err != nil {
		return err
	}
	return skip(r, n-keep)
}

// reported is told that the node has said all.
func (t *tunnel) reported() {
	if text := strings.TrimSpace(string(t.message)); text != "" {
		t.failure = &ForwardError{Pod: t.session.pod, Port: t.port, Message: text}
		signal(t.session.trouble)
	}
	t.conclude()
}

// dataEnded is told that no more data comes. Whether that is the end that the pod made of it, or one that the node made, is said on
// the other stream: a stream ends in the same way for each.
func (t *tunnel) dataEnded(reason error) {
	t.dataEnd = reason
	select {
	case <-t.ended:
		t.arrived.end(t.reasonToEnd())
	default:
		time.AfterFunc(endingMessage, func() { t.arrived.end(reason) })
	}
}

// conclude ends what waits for the node's word.
func (t *tunnel) conclude() {
	close(t.ended)
	if t.dataEnd != nil {
		t.arrived.end(t.reasonToEnd())
	}
}

func (t *tunnel) reasonToEnd() error {
	if t.failure != nil {
		return t.failure
	}
	return t.dataEnd
}

// lose is told that the connection is lost: whatever the pod has to say does not arrive any more.
func (t *tunnel) lose() {
	select {
	case <-t.ended:
	default:
		t.failure = ErrLostConnection
		t.conclude()
	}
	t.arrived.end(ErrLostConnection)
}

func (t *tunnel) Read(p []byte) (int, error) {
	n, err := t.arrived.get(p, t.closed, t.reading.done)
	return n, t.readError(err)
}

func (t *tunnel) readError(err error) error {
	if err == net.ErrClosed {
		err = t.cause
	}
	return t.opError("read", err)
}

// batch is how many chunks WriteTo writes at a time.
const batch = 16

// WriteTo copies what arrives to w until its end, without a buffer of its own, and many chunks at a time where w takes them.
func (t *tunnel) WriteTo(w io.Writer) (written int64, err error) {
	var chunks [batch]*chunk
	var pieces [batch][]byte
	for {
		n, err := t.arrived.gather(chunks[:], t.closed, t.reading.done)
		if err == io.EOF {
			return written, nil
		}
		if err != nil {
			return written, t.readError(err)
		}
		for i, c := range chunks[:n] {
			pieces[i] = c.unread()
		}
		buffers := net.Buffers(pieces[:n])
		wrote, err := buffers.WriteTo(w)
		written += wrote
		for _, c := range chunks[:n] {
			c.free()
		}
		if err != nil {
			return written, err
		}
	}
}

func (t *tunnel) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		n := min(len(p), chunkSize)
		if err := t.hand(p[:n]); err != nil && !t.inVain(err, n) {
			return written, t.opError("write", err)
		}
		written += n
		p = p[n:]
	}
	return written, nil
}

// hand gives a chunk to send, waiting for its turn.
func (t *tunnel) hand(chunk []byte) error {
	late := t.writes.done()
	for {
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
		if t.session.out.data(t.data, chunk) {
			return nil
		}
		select {
		case <-t.session.out.room:
		case <-t.closed:
		case <-t.finish:
		case <-t.ended:
		case <-late:
		}
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
	t.once.finish.Do(func() {
		close(t.finish)
		t.session.out.control(t.appendFin)
	})
	return nil
}

// appendFin says that no more data comes, once.
func (t *tunnel) appendFin(frames []byte) []byte {
	if t.data == 0 || t.fin.Swap(true) {
		return frames
	}
	return appendFin(frames, t.data)
}

// Close ends the connection. What was written before is still sent, and the pod is told that nobody reads any more. A second Close
// does nothing.
func (t *tunnel) Close() error {
	t.end(net.ErrClosed)
	return nil
}

// end closes the connection, and has cause be the error of what is done with it from now on.
func (t *tunnel) end(cause error) {
	t.once.close.Do(func() {
		t.cause = cause
		close(t.closed)
		t.session.release(t)
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
