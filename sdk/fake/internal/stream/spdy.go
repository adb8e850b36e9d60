package stream

import (
	"context"
	"encoding/binary"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/moby/spdystream"
)

const (
	// IdleTimeout is how long a connection may carry nothing before it is closed, as a kubelet's
	// streamingConnectionIdleTimeout. Pings count; kubectl sends them.
	IdleTimeout = 4 * time.Hour

	// drainTimeout is how long what a client sent before it left may take to reach the pod.
	drainTimeout = time.Second
)

// session is one SPDY/3.1 connection.
type session struct {
	*spdystream.Connection
	ctx     context.Context // ends with the request, or when the client has left and the drain timeout is over
	cancel  context.CancelFunc
	running sync.WaitGroup // what accept has started
}

// serveSession speaks SPDY on conn until the client leaves or ctx ends, and closes it. accept is called for each new
// stream, by one of a few goroutines that also deliver the data of other streams: it must not wait for any, and starts
// what takes long in the session's running. That has to end when the session's context does; serveSession waits for it.
func serveSession(ctx context.Context, conn net.Conn, accept func(*session, *spdystream.Stream)) {
	conn = &wire{Conn: conn}
	defer conn.Close()
	protocol, err := spdystream.NewConnection(conn, true)
	if err != nil {
		return // only an option, of which there are none, can be wrong
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{Connection: protocol, ctx: ctx, cancel: cancel}
	s.SetIdleTimeout(IdleTimeout)
	served := make(chan struct{})
	go func() {
		defer close(served)
		s.Serve(func(stream *spdystream.Stream) { accept(s, stream) })
	}()
	select {
	case <-s.CloseChan():
		drain := time.AfterFunc(drainTimeout, cancel)
		defer drain.Stop()
	case <-ctx.Done():
	}
	conn.Close() // ends reads and writes, even those that a client which stopped reading holds up
	<-served
	_ = s.Close() // it can no longer say goodbye; what matters is that its goroutine is under way, if it was not
	_ = s.Wait(0)
	s.running.Wait()
}

// wire is the connection below SPDY. It puts each frame into one Write, where spdystream makes three or more, and its
// Close may be called twice: spdystream holds back its end for a second if a Close fails.
type wire struct {
	net.Conn
	closed atomic.Bool
	frame  []byte // the beginning of a frame; spdystream writes under a lock of its own
}

// keepFrame is the largest buffer that is kept between frames.
const keepFrame = 64 << 10

// Write takes a part of a frame. All frames, of control or of data, begin with four bytes, one of flags, and three with
// the length of the rest.
func (c *wire) Write(p []byte) (int, error) {
	const head = 8
	c.frame = append(c.frame, p...)
	if len(c.frame) < head {
		return len(p), nil
	}
	if length := binary.BigEndian.Uint32(c.frame[4:head]) & 0xffffff; len(c.frame) < head+int(length) {
		return len(p), nil
	}
	_, err := c.Conn.Write(c.frame)
	if cap(c.frame) > keepFrame {
		c.frame = nil
	}
	c.frame = c.frame[:0]
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *wire) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	_ = c.Conn.Close()
	return nil
}
