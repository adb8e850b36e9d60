package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/moby/spdystream"
	corev1 "k8s.io/api/core/v1"
	portforwardconstants "k8s.io/apimachinery/pkg/util/portforward"
)

// StreamCreationTimeout is how long the first of the two streams of a forwarded connection waits for the other, as a
// kubelet's DefaultStreamCreationTimeout.
const StreamCreationTimeout = 30 * time.Second

// Dialer reaches the ports of one pod, from within: a program that listens on the pod's localhost is reached too. A
// connection with a CloseWrite method passes on that the client has nothing more to say; one without it does not.
type Dialer interface {
	DialPort(ctx context.Context, port uint16) (net.Conn, error)
}

// ServePortForward serves the portforward subresource: any number of connections to any ports of one pod, over SPDY
// (`portforward.k8s.io`) or the WebSocket tunnel (`SPDY/3.1+portforward.k8s.io`); or, over other WebSockets, one connection
// to each of ports (`v4.channel.k8s.io`, `v4.base64.channel.k8s.io` or no sub-protocol). Only these look at ports. pod
// stands in the texts of errors, where a real kubelet has the ID of the pod's sandbox.
//
// A connection that fails, because nobody listens or because the pod resets it, is reported on its error stream.
// client-go answers that by giving up the whole forward ("lost connection to pod"), which is its business.
//
// It returns an error, a Kubernetes status, if the request does not ask for an upgrade that it knows; nothing is
// written then. Ports that a kubelet does not take it answers itself. Otherwise it blocks until the client leaves, nothing
// is sent for [IdleTimeout], or the request's context ends, and returns nil when all connections are closed.
func ServePortForward(w http.ResponseWriter, r *http.Request, pod string, dialer Dialer, ports []int32) error {
	if isWebSocket(r) && !asksForTunnel(r) {
		return serveForwardWebSocket(w, r, pod, dialer, ports)
	}
	conn, err := upgrade(w, r, portforwardconstants.PortForwardV1Name)
	if errors.Is(err, errLeft) {
		return nil
	}
	if err != nil {
		return err
	}
	f := &forwarder{pod: pod, dialer: dialer, waiting: map[string]*pair{}}
	serveSession(r.Context(), conn, f.accept)
	return nil
}

// forwarder serves the pairs of streams of one client.
type forwarder struct {
	pod    string
	dialer Dialer

	mu      sync.Mutex
	waiting map[string]*pair // by request, those that lack a stream
}

// pair is the two streams of one forwarded connection. They are set under the forwarder's lock while the pair is among
// those that wait, and no longer change once it is not.
type pair struct {
	request  string
	data     *spdystream.Stream
	report   *spdystream.Stream // the error stream
	complete chan struct{}
}

// accept takes in a new stream, or resets it if its headers are not in order.
func (f *forwarder) accept(s *session, stream *spdystream.Stream) {
	kind, request, err := describe(stream)
	if err != nil || stream.SendReply(http.Header{}, false) != nil {
		_ = stream.Reset()
		return
	}
	f.mu.Lock()
	p := f.waiting[request]
	if p == nil {
		p = &pair{request: request, complete: make(chan struct{})}
		f.waiting[request] = p
		s.running.Go(func() { f.run(s, p) })
	}
	taken := p.add(kind, stream)
	if p.data != nil && p.report != nil {
		delete(f.waiting, request)
		close(p.complete)
	}
	report := p.report
	f.mu.Unlock()
	if !taken {
		if report != nil {
			fmt.Fprintf(report, "error processing stream for request %s: %s stream already assigned", request, kind)
		}
		_ = stream.Reset()
	}
}

// add puts stream in its place, if that is free.
func (p *pair) add(kind string, stream *spdystream.Stream) bool {
	place := &p.data
	if kind == corev1.StreamTypeError {
		place = &p.report
	}
	if *place != nil {
		return false
	}
	*place = stream
	return true
}

// describe returns what kind of stream a client has opened, and for which request. Clients from before Kubernetes 1.2
// do not number their requests; they open the error stream and then, with the next odd number, the data stream.
func describe(stream *spdystream.Stream) (kind, request string, err error) {
	header := stream.Headers()
	if _, err := port(stream); err != nil {
		return "", "", err
	}
	id := int(stream.Identifier())
	switch kind = header.Get(corev1.StreamType); kind {
	case corev1.StreamTypeError:
	case corev1.StreamTypeData:
		id -= 2
	default:
		return "", "", fmt.Errorf("header %s: invalid stream type %q", corev1.StreamType, kind)
	}
	if request = header.Get(corev1.PortForwardRequestIDHeader); request == "" {
		request = strconv.Itoa(id)
	}
	return kind, request, nil
}

func port(stream *spdystream.Stream) (uint16, error) {
	n, err := strconv.ParseUint(stream.Headers().Get(corev1.PortHeader), 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("header %s: %q is not a port", corev1.PortHeader, stream.Headers().Get(corev1.PortHeader))
	}
	return uint16(n), nil
}

// run owns a pair from its first stream to the end of both.
func (f *forwarder) run(s *session, p *pair) {
	timeout := time.NewTimer(StreamCreationTimeout)
	defer timeout.Stop()
	select {
	case <-p.complete:
	case <-timeout.C:
		if f.abandon(p) {
			return
		}
	case <-s.CloseChan():
		if f.abandon(p) {
			return
		}
	}
	f.forward(s, p)
}

// abandon ends a pair that waits in vain. It returns false if the pair has become complete at the last moment.
func (f *forwarder) abandon(p *pair) bool {
	f.mu.Lock()
	if f.waiting[p.request] != p {
		f.mu.Unlock()
		return false
	}
	delete(f.waiting, p.request)
	f.mu.Unlock()
	if p.report != nil {
		fmt.Fprintf(p.report, "(request=%s) timed out waiting for streams", p.request)
		_ = p.report.Close()
		_ = p.report.Reset()
	}
	if p.data != nil {
		_ = p.data.Reset()
	}
	return true
}

// forward connects a complete pair to the pod. The streams are finished before they are reset, so that a reset only
// frees what waits for them here, and sends nothing unless the end was not an orderly one.
func (f *forwarder) forward(s *session, p *pair) {
	defer p.data.Reset()
	defer p.report.Reset()
	port, _ := port(p.data) // it was checked when the stream came
	conn, err := f.dialer.DialPort(s.ctx, port)
	if err != nil {
		f.finish(p, port, err)
		return
	}
	var copies sync.WaitGroup
	defer copies.Wait()
	defer p.data.Reset() // once more, before the wait: the upload reads from it
	defer conn.Close()
	up, down := make(chan struct{}), make(chan struct{})
	copies.Go(func() {
		upload(conn, p.data)
		close(up)
		_, _ = io.Copy(io.Discard, p.data) // what a pod does not want must not hold up the other streams
	})
	copies.Go(func() {
		f.finish(p, port, download(resettable{p.data}, conn))
		close(down)
	})
	if s.open(down) && s.open(up) {
		return
	}
	select {
	case <-up: // all that the client had sent before it left
	case <-s.ctx.Done():
	}
}

// open waits for done, and reports whether it came before the end of the connection.
func (s *session) open(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-s.CloseChan():
	case <-s.ctx.Done():
	}
	return false
}

// finish tells the client that nothing more comes, and why if err is not nil.
func (f *forwarder) finish(p *pair, port uint16, err error) {
	if err != nil {
		_, _ = io.WriteString(p.report, forwardError(port, f.pod, err))
	}
	_ = p.report.Close()
	_ = p.data.Close()
}

// forwardError is what a client is told of a failed connection, in the words of a kubelet's server, which does not know the
// pod's UID.
func forwardError(port uint16, pod string, err error) string {
	return fmt.Sprintf("error forwarding port %d to pod %s, uid : %v", port, pod, err)
}

// upload copies what the client sends to the pod, its end included.
func upload(conn net.Conn, data io.Reader) {
	if _, err := io.Copy(conn, data); err != nil {
		return // the pod reads no more; what it has to say about that comes down
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// download copies what the pod sends to the client. It returns the pod's error, and nil if the client is the one that
// wants no more.
func download(data io.Writer, conn net.Conn) error {
	buffer := make([]byte, 32<<10)
	for {
		n, err := conn.Read(buffer)
		if n > 0 {
			if _, err := data.Write(buffer[:n]); err != nil {
				return nil
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// resettable is a stream that fails to write once the client has reset it.
type resettable struct{ *spdystream.Stream }

func (r resettable) Write(p []byte) (int, error) {
	if r.IsFinished() { // only a reset by the client can have done that
		return 0, io.ErrClosedPipe
	}
	return r.Stream.Write(p)
}
