package sdk_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilnet "k8s.io/apimachinery/pkg/util/net"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// wire is the network between a client and a fake cluster. It can be cut, stalled, and made to answer in the server's place.
type wire struct {
	server func(ctx context.Context, network, address string) (net.Conn, error)

	mu      sync.Mutex
	conns   []*wireConn // those that are open, the oldest first
	down    bool
	refusal string // what upgrades are answered, for the next few
	refused int
	expired int // watches that are answered by 410
}

type wireConn struct {
	net.Conn
	w       *wire
	stalled atomic.Bool
	left    atomic.Int64 // bytes that may still be read before a cut; below 0: any number
}

func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	down := w.down
	w.mu.Unlock()
	if down {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
	}
	conn, err := w.server(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &wireConn{Conn: conn, w: w}
	c.left.Store(-1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns = append(w.conns, c)
	if w.refused > 0 {
		w.refused--
		return &refusing{wireConn: c, answer: strings.NewReader(w.refusal)}, nil
	}
	return c, nil
}

// refusing answers whatever comes with an error of the server's.
type refusing struct {
	*wireConn
	answer *strings.Reader
}

func (r *refusing) Write(p []byte) (int, error) { return len(p), nil }
func (r *refusing) Read(p []byte) (int, error)  { return r.answer.Read(p) }

func (c *wireConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.stalled.Load() {
		if err == nil {
			return c.Read(p) // swallowed
		}
		return 0, err
	}
	if left := c.left.Load(); left >= 0 {
		if n = min(n, int(left)); n == 0 {
			c.Close()
			return 0, errors.New("connection reset by peer")
		}
		c.left.Add(-int64(n))
	}
	return n, err
}

func (c *wireConn) Write(p []byte) (int, error) {
	if c.stalled.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (c *wireConn) Close() error {
	c.w.mu.Lock()
	c.w.conns = slices.DeleteFunc(c.w.conns, func(o *wireConn) bool { return o == c })
	c.w.mu.Unlock()
	return c.Conn.Close()
}

func (w *wire) each(f func(*wireConn)) {
	w.mu.Lock()
	conns := slices.Clone(w.conns)
	w.mu.Unlock()
	for _, c := range conns {
		f(c)
	}
}

func (w *wire) cut()             { w.each(func(c *wireConn) { c.Close() }) }
func (w *wire) stall()           { w.each(func(c *wireConn) { c.stalled.Store(true) }) }
func (w *wire) cutAfter(n int64) { w.each(func(c *wireConn) { c.left.Store(n) }) }

func (w *wire) setDown(down bool) {
	w.mu.Lock()
	w.down = down
	w.mu.Unlock()
	if down {
		w.cut()
	}
}

// expire has the next few watches answered by 410.
func (w *wire) expire(times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expired = times
}

func (w *wire) hasExpired(r *http.Request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.expired == 0 || !r.URL.Query().Has("watch") {
		return false
	}
	w.expired--
	return true
}

func (w *wire) refuse(code, times int, header string) {
	w.answer(code, times, header+"Content-Type: text/plain\r\n", "trouble")
}

// refuseStatus has everything answered with a status from now on.
func (w *wire) refuseStatus(err *apierrors.StatusError) {
	status := err.Status()
	status.Kind, status.APIVersion = "Status", "v1"
	body, _ := json.Marshal(status)
	w.answer(int(status.Code), 1<<30, "Content-Type: application/json\r\n", string(body))
}

func (w *wire) answer(code, times int, header, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = times
	w.refusal = fmt.Sprintf("HTTP/1.1 %d %s\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s",
		code, http.StatusText(code), header, len(body), body)
}

// harbour is a fake cluster with a controller of servers, and a client at the other end of a wire.
type harbour struct {
	*fake.Cluster
	*wire
	client *sdk.Client
	crash  chan struct{} // capacity 1: a server takes it and exits

	mu     sync.Mutex
	events []sdk.ForwardEvent
}

func (h *harbour) note(e sdk.ForwardEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// told counts events of a type.
func (h *harbour) told(of sdk.ForwardEventType) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, e := range h.events {
		if e.Type == of {
			n++
		}
	}
	return n
}

func newHarbour(t *testing.T, replicas int32) *harbour {
	t.Helper()
	h := &harbour{Cluster: fake.RunT(t), wire: &wire{}, crash: make(chan struct{}, 1)}
	h.HandleFunc("server", h.serve)
	config := h.RESTConfig()
	dial, err := utilnet.DialerFor(config.Transport)
	ok(t, err)
	h.wire.server = dial
	direct := &http.Transport{DialContext: h.wire.dial}
	config.Transport = direct
	config.WrapTransport = memory{dialer: h.wire}.wrap
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if h.hasExpired(r) {
				return tooOld(r), nil
			}
			return next.RoundTrip(r)
		})
	})
	h.client = clientOf(t, config)
	t.Cleanup(direct.CloseIdleConnections)
	rc := &corev1.ReplicationController{ObjectMeta: metav1.ObjectMeta{Name: "web"}}
	rc.Spec.Replicas = &replicas
	rc.Spec.Selector = map[string]string{"app": "web"}
	rc.Spec.Template = &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: rc.Spec.Selector}, Spec: corev1.PodSpec{
		Containers:                    []corev1.Container{{Name: "main", Image: "server", Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}}}},
		TerminationGracePeriodSeconds: new(int64(1))}}
	ok(t, h.Client().Run(t.Context(), rc))
	return h
}

// serve answers GET /n with n bytes that n determines.
func (h *harbour) serve(ctx context.Context, p *fake.Process) error {
	web, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	var serving sync.WaitGroup
	over := make(chan struct{})
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serving.Add(1)
		defer serving.Done()
		n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		w.Header().Set("Content-Length", strconv.Itoa(n))
		w.Header().Set("Pod", p.Hostname())
		for rest := pattern(n); len(rest) > 0 && r.Context().Err() == nil; {
			size := min(len(rest), 4<<10)
			w.Write(rest[:size])
			rest = rest[size:]
			w.(http.Flusher).Flush()
			select {
			case <-time.After(20 * time.Millisecond):
			case <-over:
				panic(http.ErrAbortHandler)
			}
		}
	})}
	serving.Go(func() { server.Serve(web) })
	var code error
	select {
	case <-ctx.Done():
	case <-h.crash:
		code = fake.Exit(1)
	}
	close(over)
	server.Close()
	serving.Wait()
	return code
}

func pattern(n int) []byte {
	data := make([]byte, n+8)
	for i := 0; i < n; i += 8 {
		binary.BigEndian.PutUint64(data[i:], uint64(n)<<32|uint64(i))
	}
	return data[:n]
}

// get asks for n bytes, and fails the test if it is told that others are all there is. It reports whether they came.
func get(ctx context.Context, t *testing.T, client *http.Client, n int) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://pod:8080/"+strconv.Itoa(n), nil)
	if err != nil {
		t.Error(err)
		return false
	}
	resp, err := client.Do(r)
	if err != nil {
		allow(t, err)
		return false
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if !bytes.HasPrefix(pattern(n), body) {
		t.Errorf("wrong bytes in an answer of %d", n)
	}
	if err != nil {
		allow(t, err)
		return false
	}
	if len(body) != n {
		t.Errorf("%d bytes were taken for all of %d", len(body), n)
	}
	return true
}

// allow fails the test unless err is one that a connection into a pod may have: it was not made, it was reset, lost or refused, or it ended
// before the answer did.
func allow(t *testing.T, err error) {
	for _, allowed := range []error{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNREFUSED, sdk.ErrLostConnection,
		io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded} {
		if errors.Is(err, allowed) {
			return
		}
	}
	if !errors.As(err, new(*sdk.ForwardError)) {
		t.Errorf("a request ended with %v", err)
	}
}

func (h *harbour) forward(t *testing.T, target sdk.Target) *sdk.Forward {
	t.Helper()
	f, err := h.client.Forward(t.Context(), target, sdk.ForwardOptions{OnEvent: h.note})
	ok(t, err)
	return f
}

// pod returns the pod of a name.
func (h *harbour) pod(t *testing.T, name string) *corev1.Pod {
	t.Helper()
	pod := &corev1.Pod{}
	ok(t, h.Client().Get(t.Context(), name, pod))
	return pod
}

// TestForwardHeals: one pain a row, in the middle of an answer. A request at the time may fail, the next ones do not.
func TestForwardHeals(t *testing.T) {
	reconnects := func(f *sdk.Forward, h *harbour) error {
		if h.told(sdk.ForwardConnected) < 2 {
			return fmt.Errorf("there was no new connection: %v", h.events)
		}
		return f.Err()
	}
	for _, tt := range []struct {
		rule     string
		replicas int32
		fault    func(t *testing.T, h *harbour, f *sdk.Forward)
		check    func(f *sdk.Forward, h *harbour) error
	}{
		{"the connection is cut", 1, func(_ *testing.T, h *harbour, _ *sdk.Forward) { h.cut() }, reconnects},
		{"the connection stands still, half open", 1, func(_ *testing.T, h *harbour, _ *sdk.Forward) {
			h.stall()
			<-time.After(2 * time.Minute)
		}, reconnects},
		{"it is cut after four hours", 1, func(_ *testing.T, h *harbour, _ *sdk.Forward) {
			<-time.After(4 * time.Hour)
			h.cut()
		}, reconnects},
		{"the API server restarts", 1, func(_ *testing.T, h *harbour, _ *sdk.Forward) {
			h.setDown(true)
			<-time.After(90 * time.Second)
			h.setDown(false)
		}, reconnects},
		{"a burst of 429", 1, func(_ *testing.T, h *harbour, _ *sdk.Forward) {
			h.refuse(429, 9, "Retry-After: 1\r\n")
			h.cut()
		}, reconnects},
		{"a burst of 500", 1, func(_ *testing.T, h *harbour, _ *sdk.Forward) {
			h.refuse(500, 9, "")
			h.cut()
		}, reconnects},
		{"the next watches are answered by 410, and the pod is killed", 2, func(t *testing.T, h *harbour, f *sdk.Forward) {
			h.expire(3)
			h.cut()
			ok(t, h.Client().Delete(t.Context(), h.pod(t, f.Pod()), sdk.Grace(0)))
		}, reconnects},
		{"ten pods roll", 10, func(t *testing.T, h *harbour, _ *sdk.Forward) {
			var pods corev1.PodList
			ok(t, h.Client().List(t.Context(), &pods, sdk.SelectingText("app=web")))
			for i := range pods.Items {
				ok(t, h.Client().Delete(t.Context(), &pods.Items[i]))
			}
		}, reconnects},
		{"the pod is killed, another is ready", 2, func(t *testing.T, h *harbour, f *sdk.Forward) {
			ok(t, h.Client().Delete(t.Context(), h.pod(t, f.Pod()), sdk.Grace(0)))
		}, reconnects},
		{"the pod is killed, another is made", 1, func(t *testing.T, h *harbour, f *sdk.Forward) {
			ok(t, h.Client().Delete(t.Context(), h.pod(t, f.Pod()), sdk.Grace(0)))
		}, reconnects},
		{"the pod is told to end, another takes over", 2, func(t *testing.T, h *harbour, f *sdk.Forward) {
			ok(t, h.Client().Delete(t.Context(), h.pod(t, f.Pod())))
		}, reconnects},
		{"the container restarts", 1, func(_ *testing.T, h *harbour, _ *sdk.Forward) {
			h.crash <- struct{}{}
		}, func(f *sdk.Forward, h *harbour) error { return f.Err() }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			fake.Bubble(t, func(t *testing.T) {
				h := newHarbour(t, tt.replicas)
				f := h.forward(t, sdk.ControllerNamed("web"))
				defer f.Close()
				if !get(t.Context(), t, f.HTTPClient(), 100_000) {
					t.Fatal("no answer at first")
				}
				for range 3 {
					var transfer sync.WaitGroup
					transfer.Go(func() { get(t.Context(), t, f.HTTPClient(), 300_000) }) // a second and a half, whole or not
					<-time.After(500 * time.Millisecond)
					tt.fault(t, h, f)
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					ok(t, f.Ready(ctx, "http"))
					for !get(ctx, t, f.HTTPClient(), 100_000) {
						select {
						case <-time.After(100 * time.Millisecond):
						case <-ctx.Done():
							t.Fatal("no answer a minute after")
						}
					}
					cancel()
					transfer.Wait()
					<-time.After(time.Minute)
				}
				ok(t, tt.check(f, h))
			})
		})
	}
}

// A pod whose client has closed learns that nobody reads any more, as over TCP, though it is not asked to end.
func TestForwardCloseReachesThePod(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		h := newHarbour(t, 0)
		ended := make(chan error, 1)
		h.HandleFunc("fountain", func(ctx context.Context, p *fake.Process) error {
			l, err := p.Listen("tcp", ":8080")
			if err != nil {
				return err
			}
			defer l.Close()
			conn, err := l.Accept()
			if err != nil {
				return err
			}
			defer conn.Close()
			for err == nil {
				_, err = conn.Write(make([]byte, 1<<10))
			}
			ended <- err
			<-ctx.Done()
			return nil
		})
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "fountain"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "fountain"}}}}
		ok(t, h.Client().Run(t.Context(), pod))
		f := h.forward(t, sdk.PodNamed("fountain"))
		defer f.Close()
		ok(t, f.Ready(t.Context()))
		synctest.Wait() // it listens
		conn, err := f.DialContext(t.Context(), "tcp", "pod:8080")
		ok(t, err)
		_, err = io.ReadFull(conn, make([]byte, 10<<10))
		ok(t, err)
		ok(t, conn.Close())
		if err := <-ended; !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the pod's write ended with %v", err)
		}
	})
}

// TestForwardManyRequests: whatever goes wrong in 10,000 requests, an answer is whole and right, or an error of those that TCP has.
func TestForwardManyRequests(t *testing.T) {
	const faults = 50
	requests := long(10_000)
	fake.Bubble(t, func(t *testing.T) {
		h := newHarbour(t, 2)
		f := h.forward(t, sdk.SelectedText("app=web"))
		defer f.Close()
		ctx, cancel := context.WithCancel(t.Context())
		var asking sync.WaitGroup
		var asked, answered atomic.Int64
		const clients = 10
		for i := range clients {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			asking.Go(func() {
				for range requests / clients {
					asked.Add(1)
					one, done := context.WithTimeout(ctx, time.Minute)
					if get(one, t, f.HTTPClient(), random.IntN(60_000)) {
						answered.Add(1)
					}
					done()
					<-time.After(time.Duration(random.Int64N(int64(10_000_000/requests))) * time.Millisecond)
				}
			})
		}
		random := rand.New(rand.NewPCG(seed(t), 7))
		for range faults {
			<-time.After(time.Duration(random.IntN(20_000)) * time.Millisecond)
			h.harm(t, f, random)
		}
		asking.Wait()
		cancel()
		t.Logf("%d requests, %d answered, %d connections", asked.Load(), answered.Load(), h.told(sdk.ForwardConnected))
		ok(t, f.Err())
		if h.told(sdk.ForwardConnected) < faults/3 {
			t.Error("the faults did little")
		}
		if answered.Load() < asked.Load()/2 {
			t.Errorf("only %d of %d requests were answered", answered.Load(), asked.Load())
		}
	})
}

// harm does one of the things that happen.
func (h *harbour) harm(t *testing.T, f *sdk.Forward, random *rand.Rand) {
	switch random.IntN(7) {
	case 0:
		h.cut()
	case 1:
		h.cutAfter(random.Int64N(50_000))
	case 2:
		h.setDown(true)
		<-time.After(time.Duration(random.IntN(3000)) * time.Millisecond)
		h.setDown(false)
	case 3:
		h.refuse([]int{429, 500, 503}[random.IntN(3)], random.IntN(5), "")
		h.cut()
	case 4:
		h.stall()
	case 5:
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: f.Pod()}}
		ok(t, h.Client().Delete(t.Context(), pod, sdk.Grace(time.Duration(random.IntN(2))*time.Second), sdk.IgnoreNotFound()))
	case 6:
		select {
		case h.crash <- struct{}{}:
		default:
		}
	}
}
