package sdk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// session is one upgraded connection to one pod's portforward subresource. All connections of a
// Forward are pairs of streams in it. Three goroutines serve it, however many they are: one reads, one sends, one sees to it
// that the connection is alive.
type session struct {
	wire wire
	pod  string
	out  outbox

	lost    chan struct{} // closed when the connection has ended, for whatever reason
	sent    chan struct{} // closed when nothing is sent any more
	stuck   chan struct{} // closed when the server no longer answers to new streams
	jam     sync.Once
	trouble chan struct{} // capacity 1: the node has reported an error of a connection

	heard atomic.Int64 // how often something arrived
	held  atomic.Bool  // the reader waits for somebody who takes data

	mu       sync.Mutex
	next     uint32             // the number of the next stream
	requests int                // and of the next connection
	streams  map[uint32]*stream // those that the server has not ended; nil when the connection has
	closing  bool
	running  sync.WaitGroup
}

// stream is one of a tunnel's.
type stream struct {
	*tunnel
	answered bool
}

const (
	// pingPeriod is how often the server is asked for a sign of life, as client-go does.
	pingPeriod = 10 * time.Second

	// silentPings is how many of them may get no answer before a connection counts as lost. A network that has forgotten a
	// connection, and a proxy whose server has died, say nothing at all.
	silentPings = 6

	// openPatience is how long a server may take to answer to a new stream, as with client-go.
	openPatience = 30 * time.Second

	// closePatience bounds how long a session that is closed waits until what it has to say is sent.
	closePatience = time.Second
)

func newSession(w wire, pod string) *session {
	s := &session{wire: w, pod: pod, out: newOutbox(), next: firstStream, streams: map[uint32]*stream{},
		lost: make(chan struct{}), sent: make(chan struct{}), stuck: make(chan struct{}), trouble: make(chan struct{}, 1)}
	s.running.Go(s.receive)
	s.running.Go(s.send)
	s.running.Go(s.listen)
	return s
}

// open makes a connection to a port of the pod.
func (s *session) open(ctx context.Context, port uint16) (*tunnel, error) {
	t := newTunnel(s, port)
	if err := s.begin(ctx, t, corev1.StreamTypeError, corev1.StreamTypeData); err != nil {
		return nil, err
	}
	return t, nil
}

// try finds out whether the server takes streams, by one that nothing is sent on.
func (s *session) try(ctx context.Context) error {
	t := newTunnel(s, 1)
	defer t.Close()
	return s.begin(ctx, t, corev1.StreamTypeError)
}

// begin opens the streams of a connection, all at once, and waits for the server to take them.
func (s *session) begin(ctx context.Context, t *tunnel, kinds ...string) error {
	if err := s.announce(t, kinds); err != nil {
		return err
	}
	err := s.answered(ctx, t)
	if err != nil {
		t.Close()
	}
	return err
}

// announce gives a connection its streams, of which the server is told.
func (s *session) announce(t *tunnel, kinds []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next > lastStream-2 { // no number is left; another session has some
		s.jam.Do(func() { close(s.stuck) })
		return ErrLostConnection
	}
	if s.closing || s.streams == nil {
		return ErrLostConnection
	}
	t.unanswered = len(kinds)
	request := strconv.Itoa(s.requests)
	s.requests++
	s.out.control(func(frames []byte) []byte {
		for _, kind := range kinds {
			frames = appendSyn(frames, s.next, s.next == firstStream, []spdyHeader{
				{portHeader, strconv.Itoa(int(t.port))}, {requestHeader, request}, {kindHeader, kind}})
			s.streams[s.next] = &stream{tunnel: t}
			t.number(kind, s.next)
			s.next += 2
		}
		return frames
	})
	return nil
}

// The headers of a stream, in lower case.
var (
	kindHeader    = strings.ToLower(corev1.StreamType)
	portHeader    = strings.ToLower(corev1.PortHeader)
	requestHeader = strings.ToLower(corev1.PortForwardRequestIDHeader)
)

// answered waits until the server has taken the streams of a connection.
func (s *session) answered(ctx context.Context, t *tunnel) error {
	timer := time.NewTimer(openPatience)
	defer timer.Stop()
	select {
	case err := <-t.answer:
		return err
	case <-s.lost:
		return ErrLostConnection
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		s.jam.Do(func() { close(s.stuck) })
		return fmt.Errorf("%w: the server does not answer to a new stream", ErrLostConnection)
	}
}

// release lets go of the streams of a tunnel that was closed. A stream that the server has not answered to yet waits for that: until then,
// a reset would have servers of spdystream wait for ever.
func (s *session) release(t *tunnel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.released = true
	if t.unanswered == 0 {
		s.drop(t)
	}
}

// drop ends what the server has not, with the lock held.
func (s *session) drop(t *tunnel) {
	s.out.control(func(frames []byte) []byte {
		frames = t.appendFin(frames)
		for _, id := range []uint32{t.data, t.errs} {
			if s.streams[id] != nil {
				delete(s.streams, id)
				frames = appendReset(frames, id)
			}
		}
		return frames
	})
}

// close ends all tunnels and the connection, and waits for its goroutines. What is still to be sent gets a moment. The cause is
// what reads and writes on the tunnels then return.
func (s *session) close(cause error) {
	s.mu.Lock()
	s.closing = true
	tunnels := inOrder(s.streams)
	s.mu.Unlock()
	for _, t := range tunnels {
		t.end(cause)
	}
	s.out.control(func(frames []byte) []byte { return appendControl(frames, spdyGoAway, 0, 0) })
	s.out.end()
	timer := time.NewTimer(closePatience)
	defer timer.Stop()
	select {
	case <-s.sent:
	case <-s.lost:
	case <-timer.C:
	}
	s.wire.Close()
	s.running.Wait()
}

// inOrder returns the tunnels of streams, each once, in the order in which they were opened.
func inOrder(streams map[uint32]*stream) []*tunnel {
	var tunnels []*tunnel
	for _, id := range slices.Sorted(maps.Keys(streams)) {
		tunnels = append(tunnels, streams[id].tunnel)
	}
	return slices.Compact(tunnels)
}
