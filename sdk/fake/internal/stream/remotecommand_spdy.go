package stream

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/moby/spdystream"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/remotecommand"
)

// serveRemoteSPDY gives each of the client's streams a stream of SPDY.
func serveRemoteSPDY(w http.ResponseWriter, r *http.Request, want request, remote Remote) error {
	if err := remote.Ready(); err != nil {
		kubeletSays(w, http.StatusInternalServerError, err.Error())
		return nil
	}
	if r.Header.Get("X-Stream-Protocol-Version") == "" {
		r.Header.Set("X-Stream-Protocol-Version", remotecommand.StreamProtocolV1Name) // clients from before there were several
	}
	conn, err := upgrade(w, r, remotecommand.StreamProtocolV4Name, remotecommand.StreamProtocolV3Name,
		remotecommand.StreamProtocolV2Name, remotecommand.StreamProtocolV1Name)
	if errors.Is(err, errLeft) {
		return nil
	}
	if err != nil {
		return err
	}
	protocol := conn.(*hijacked).protocol
	c := &commander{
		want: want, remote: remote, streams: map[string]*spdystream.Stream{}, complete: make(chan struct{}),
		asJSON:  protocol == remotecommand.StreamProtocolV4Name,
		resizes: want.tty && (protocol == remotecommand.StreamProtocolV4Name || protocol == remotecommand.StreamProtocolV3Name),
	}
	serveSession(r.Context(), conn, c.accept)
	return nil
}

// commander runs one command over the streams of one client.
type commander struct {
	want    request
	remote  Remote
	asJSON  bool // the status is
	resizes bool

	mu       sync.Mutex
	begun    bool
	streams  map[string]*spdystream.Stream // by type
	complete chan struct{}                 // closed when all are there
}

// accept takes in a new stream. When all are there that the client has asked for, the command begins.
func (c *commander) accept(s *session, stream *spdystream.Stream) {
	kind := stream.Headers().Get(corev1.StreamType)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.expects(kind) || c.streams[kind] != nil || stream.SendReply(http.Header{}, false) != nil {
		_ = stream.Reset()
		return
	}
	if !c.begun {
		c.begun = true
		s.running.Go(func() { c.run(s) })
	}
	c.streams[kind] = stream
	for _, k := range streamTypes {
		if c.expects(k) && c.streams[k] == nil {
			return
		}
	}
	close(c.complete)
}

var streamTypes = []string{
	corev1.StreamTypeError, corev1.StreamTypeStdin, corev1.StreamTypeStdout, corev1.StreamTypeStderr, corev1.StreamTypeResize,
}

func (c *commander) expects(kind string) bool {
	switch kind {
	case corev1.StreamTypeError:
		return true
	case corev1.StreamTypeStdin:
		return c.want.stdin
	case corev1.StreamTypeStdout:
		return c.want.stdout
	case corev1.StreamTypeStderr:
		return c.want.stderr
	case corev1.StreamTypeResize:
		return c.resizes
	}
	return false
}

// run waits for the streams, carries out the command, tells the client how it ended, and then ends the connection.
func (c *commander) run(s *session) {
	defer s.cancel()
	timeout := time.NewTimer(StreamCreationTimeout)
	defer timeout.Stop()
	select {
	case <-c.complete:
	case <-timeout.C:
		return
	case <-s.CloseChan():
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	s.running.Go(func() { // a client that leaves wants nothing any more
		select {
		case <-s.CloseChan():
			cancel()
		case <-ctx.Done():
		}
	})
	streams := Streams{TTY: c.want.tty, Resized: &Resizes{}}
	if in := c.streams[corev1.StreamTypeStdin]; in != nil {
		streams.Stdin = in
	}
	if out := c.streams[corev1.StreamTypeStdout]; out != nil {
		streams.Stdout = out
	}
	if out := c.streams[corev1.StreamTypeStderr]; out != nil {
		streams.Stderr = out
	}
	if sizes := c.streams[corev1.StreamTypeResize]; sizes != nil {
		s.running.Go(func() { streams.Resized.read(sizes) })
	}
	err := c.remote.Run(ctx, streams)
	_, _ = c.streams[corev1.StreamTypeError].Write(encoded(outcome(err), c.asJSON))
	for _, kind := range streamTypes {
		if stream := c.streams[kind]; stream != nil {
			_ = stream.Close()
		}
	}
	c.linger(s)
	for _, stream := range c.streams {
		_ = stream.Reset() // ends who still reads from it
	}
}

// linger lets the client read what was sent and close the connection, which would cut off what is under way.
func (c *commander) linger(s *session) {
	timer := time.NewTimer(drainTimeout)
	defer timer.Stop()
	select {
	case <-s.CloseChan():
	case <-s.ctx.Done():
	case <-timer.C:
	}
}
