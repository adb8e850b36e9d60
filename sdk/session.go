package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/moby/spdystream"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/portforward"
	tunnelling "k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/client-go/transport/websocket"
	"k8s.io/klog/v2"
	"k8s.io/streaming/pkg/httpstream"
	streamspdy "k8s.io/streaming/pkg/httpstream/spdy"
)

// session is one upgraded connection to one pod's portforward subresource. All connections of a
// Forward are pairs of streams in it.
type session struct {
	conn httpstream.Connection
	raw  io.Closer // the network connection below, where it is within reach; else nil
	pod  string

	stuck   chan struct{} // closed when the server no longer answers to new streams
	jam     sync.Once
	trouble chan struct{} // capacity 1: the node has reported an error of a connection

	mu      sync.Mutex
	next    int
	closing bool
	tunnels map[*tunnel]struct{}
	opening sync.WaitGroup // streams being made
	running sync.WaitGroup // goroutines of tunnels
}

// closePatience bounds how long a session that is closed waits for the server's part in it.
const closePatience = time.Second

// dialPod connects to the portforward subresource of a pod: SPDY through a WebSocket, or, if the
// server or a proxy will not have that, plain SPDY, as kubectl does.
func (c *Client) dialPod(ctx context.Context, namespace, pod string) (*session, error) {
	r, err := c.stream(http.MethodPost, podKind)
	if err != nil {
		return nil, err
	}
	address := r.Namespace(namespace).Name(pod).SubResource("portforward").URL()
	type dialled struct {
		s   *session
		err error
	}
	answer, left := make(chan dialled), make(chan struct{})
	go func() { // an upgrade heeds a context in part only
		s, err := c.upgrade(ctx, address)
		select {
		case answer <- dialled{s, err}:
		case <-left:
			if err == nil {
				s.close(net.ErrClosed)
			}
		}
	}()
	select {
	case d := <-answer:
		if d.err != nil {
			return nil, overdue(ctx, d.err)
		}
		d.s.pod = namespace + "/" + pod
		return d.s, nil
	case <-ctx.Done():
		close(left)
		return nil, ctx.Err()
	}
}

// overdue returns ctx's error for what failed because ctx ended. The deadline also stands on the
// network connection, whose time-out may come a moment before ctx knows.
func overdue(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if at, ok := ctx.Deadline(); ok && !time.Now().Before(at) {
		return context.DeadlineExceeded
	}
	return err
}

func (c *Client) upgrade(ctx context.Context, address *url.URL) (*session, error) {
	s, err := c.upgradeWebSocket(ctx, address)
	if err == nil || ctx.Err() != nil || !httpstream.IsUpgradeFailure(err) && !httpstream.IsHTTPSProxyError(err) {
		return s, err
	}
	s, plain := c.upgradeSPDY(ctx, address)
	if plain == nil {
		return s, nil
	}
	var failure *httpstream.UpgradeFailureError
	if errors.As(err, &failure) && apierrors.ReasonForError(failure.Cause) != "" {
		return nil, failure.Cause // the server's own words, which SPDY's error has lost
	}
	return nil, plain
}

func (c *Client) upgradeWebSocket(ctx context.Context, address *url.URL) (*session, error) {
	transport, holder, err := websocket.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	ws, err := websocket.Negotiate(transport, holder, r, portforward.WebsocketsSPDYTunnelingPortForwardV1)
	if err != nil {
		return nil, err
	}
	tunnel := tunnelling.NewTunnelingConnectionWithLogger(klog.FromContext(ctx), ws)
	conn, err := streamspdy.NewClientConnectionWithPings(heard{tunnel}, tunnelling.PingPeriod)
	if err != nil {
		return nil, err
	}
	return newSession(conn, ws), nil // the tunnel's own Close may wait for a write that blocks
}

// silence is how long a connection may be without a word from the server, which answers to a ping every ten seconds, before it counts as
// lost. A network that has forgotten a connection, and a proxy whose server has died, say nothing at all.
const silence = 6 * tunnelling.PingPeriod

// heard is a connection that breaks when nothing arrives for too long while somebody waits for it. It is quiet.
type heard struct{ net.Conn }

func (h heard) Read(p []byte) (int, error) {
	if err := h.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return h.Conn.Read(p)
}

func (h heard) Close() error { return quiet(h).Close() }

// quiet is a connection whose Close has no error: spdystream keeps a goroutine for a second, waiting
// for somebody to take it, and that the peer was gone first is none.
type quiet struct{ net.Conn }

func (q quiet) Close() error {
	q.Conn.Close()
	return nil
}

func (c *Client) upgradeSPDY(ctx context.Context, address *url.URL) (*session, error) {
	transport, upgrader, err := spdy.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), nil)
	if err != nil {
		return nil, err
	}
	conn, _, err := spdy.NegotiateStreaming(upgrader, &http.Client{Transport: transport}, r, portforward.PortForwardV1Name)
	if err != nil {
		return nil, err
	}
	return newSession(conn, nil), nil
}

func newSession(conn httpstream.Connection, raw io.Closer) *session {
	return &session{conn: conn, raw: raw, tunnels: map[*tunnel]struct{}{}, stuck: make(chan struct{}), trouble: make(chan struct{}, 1)}
}

// lost is closed when the connection has ended, for whatever reason.
func (s *session) lost() <-chan bool { return s.conn.CloseChan() }

func (s *session) isLost() bool {
	select {
	case <-s.lost():
		return true
	default:
		return false
	}
}

// open makes a connection to a port of the pod.
func (s *session) open(ctx context.Context, port uint16) (*tunnel, error) {
	var t *tunnel
	err := s.stream(ctx, func(id int) (undo func(), err error) {
		made, err := s.pair(id, port)
		if err != nil {
			return nil, err
		}
		t = made
		return func() { made.Close() }, nil
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// try finds out whether the server takes streams, by one that nothing is sent on.
func (s *session) try(ctx context.Context) error {
	return s.stream(ctx, func(id int) (func(), error) {
		stream, err := s.conn.CreateStream(streamHeaders(corev1.StreamTypeError, id, 1))
		if err != nil {
			return nil, fmt.Errorf("open a stream: %w", err)
		}
		s.drop(stream)
		return func() {}, nil
	})
}

// stream has streams made, which waits for the server and heeds no context, and undoes that if nobody is left who wants them.
func (s *session) stream(ctx context.Context, create func(id int) (undo func(), err error)) error {
	s.mu.Lock()
	if s.closing || s.isLost() {
		s.mu.Unlock()
		return ErrLostConnection
	}
	id := s.next
	s.next++
	s.opening.Add(1)
	s.mu.Unlock()

	answer, left := make(chan error), make(chan struct{})
	defer close(left)
	go func() {
		defer s.opening.Done()
		undo, err := create(id)
		if err != nil {
			err = s.refusal(err)
		}
		select {
		case answer <- err:
		case <-left:
			if err == nil {
				undo()
			}
		}
	}()
	select {
	case err := <-answer:
		return err
	case <-s.lost():
		return ErrLostConnection
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refusal says why a stream was not made: the server did not want this one, or the connection is of no use any more.
func (s *session) refusal(err error) error {
	if errors.Is(err, spdystream.ErrReset) {
		return fmt.Errorf("the server refuses it: %w", err)
	}
	s.jam.Do(func() { close(s.stuck) })
	return fmt.Errorf("%w: %w", ErrLostConnection, err)
}

// pair makes the two streams of a connection: one for data, one for the error that the node reports.
func (s *session) pair(id int, port uint16) (*tunnel, error) {
	errs, err := s.conn.CreateStream(streamHeaders(corev1.StreamTypeError, id, port))
	if err != nil {
		return nil, fmt.Errorf("open an error stream: %w", err)
	}
	errs.Close() // nothing is written to it
	data, err := s.conn.CreateStream(streamHeaders(corev1.StreamTypeData, id, port))
	if err != nil {
		s.drop(errs)
		return nil, fmt.Errorf("open a data stream: %w", err)
	}
	t := newTunnel(s, data, errs, port)
	if err := s.add(t); err != nil {
		s.drop(data, errs)
		return nil, err
	}
	return t, nil
}

// streamHeaders say what a stream is for.
func streamHeaders(of string, id int, port uint16) http.Header {
	headers := http.Header{}
	headers.Set(corev1.StreamType, of)
	headers.Set(corev1.PortHeader, strconv.Itoa(int(port)))
	headers.Set(corev1.PortForwardRequestIDHeader, strconv.Itoa(id))
	return headers
}

// drop ends streams. Only removing them would keep the connection from ever being closed.
func (s *session) drop(streams ...httpstream.Stream) {
	for _, stream := range streams {
		stream.Reset()
	}
	s.conn.RemoveStreams(streams...)
}

// close ends all tunnels and the connection, and waits for their goroutines. The server gets a
// moment for streams that are being opened and for the end to arrive in good order. The cause is
// what reads and writes on the tunnels then return.
func (s *session) close(cause error) {
	s.mu.Lock()
	s.closing = true
	tunnels := s.tunnels
	s.tunnels = nil
	s.mu.Unlock()
	for t := range tunnels {
		t.end(cause)
	}
	s.await(s.opening.Wait)
	s.await(func() {
		s.running.Wait()
		if s.raw == nil || !s.isLost() {
			// A lost connection is not closed in good order: a stream that was being opened when it was lost stays among those
			// that spdystream's Close waits for, for ever.
			s.conn.Close()
		}
		<-s.lost()
	})
	if s.raw != nil {
		s.raw.Close()
		<-s.lost()
	}
	if s.isLost() { // else a plain SPDY server is stuck, and nothing here can end its connection
		s.running.Wait()
	}
}

// await runs f until it is done, the connection is lost, or patience is at an end.
func (s *session) await(f func()) {
	done := make(chan struct{})
	go func() { f(); close(done) }()
	timer := time.NewTimer(closePatience)
	defer timer.Stop()
	select {
	case <-done:
	case <-s.lost():
	case <-timer.C:
	}
}

// add takes a tunnel into care and starts it, unless the session is being closed.
func (s *session) add(t *tunnel) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return ErrLostConnection
	}
	s.tunnels[t] = struct{}{}
	s.running.Go(t.hear)
	s.running.Go(t.receive)
	s.running.Go(t.send)
	return nil
}

func (s *session) remove(t *tunnel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tunnels, t)
}
