package sdk_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// network breaks what goes over it as a test says.
type network struct {
	next http.RoundTripper

	mu      sync.Mutex
	open    []*body // answers that are under way, the oldest first
	fail    int     // answers of that code come instead of the next few
	codes   int
	expired int  // watches that are answered by 410
	down    bool // nothing comes through
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	down, code, expired := n.down, 0, false
	if n.codes > 0 {
		n.codes--
		code = n.fail
	}
	if n.expired > 0 && r.URL.Query().Has("watch") {
		n.expired--
		expired = true
	}
	n.mu.Unlock()
	switch {
	case down:
		return nil, errors.New("connect: connection refused")
	case expired:
		return tooOld(r), nil
	case code != 0:
		return &http.Response{StatusCode: code, Status: strconv.Itoa(code), Header: http.Header{"Content-Type": {"text/plain"}},
			Body: io.NopCloser(strings.NewReader("trouble")), Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}, nil
	}
	resp, err := n.next.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusOK {
		b := &body{ReadCloser: resp.Body, n: n, isLog: strings.HasSuffix(r.URL.Path, "/log"), ctx: r.Context(), closed: make(chan struct{})}
		n.mu.Lock()
		n.open = append(n.open, b)
		n.mu.Unlock()
		resp.Body = b
	}
	return resp, err
}

// tooOld answers a watch that begins where the server's memory does not reach any more.
func tooOld(r *http.Request) *http.Response {
	answer := httptest.NewRecorder()
	status(apierrors.NewResourceExpired("too old"))(answer, r)
	return answer.Result()
}

// each calls f with the answers that are under way.
func (n *network) each(logsOnly bool, f func(*body)) {
	n.mu.Lock()
	bodies := slices.Clone(n.open)
	n.mu.Unlock()
	for _, b := range bodies {
		if b.isLog || !logsOnly {
			f(b)
		}
	}
}

func (n *network) answer(code, times int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fail, n.codes = code, times
}

// expire breaks all watches, and has the next few of them answered by 410.
func (n *network) expire(times int) {
	n.mu.Lock()
	n.expired = times
	n.mu.Unlock()
	n.each(false, func(b *body) {
		if !b.isLog {
			b.end(io.ErrUnexpectedEOF)
		}
	})
}

func (n *network) setDown(down bool) {
	n.mu.Lock()
	n.down = down
	n.mu.Unlock()
	if down {
		n.each(false, func(b *body) { b.end(io.ErrUnexpectedEOF) })
	}
}

// body is an answer that can be cut or stalled.
type body struct {
	io.ReadCloser
	n     *network
	isLog bool
	ctx   context.Context

	closing sync.Once
	closed  chan struct{}
	stalled atomic.Bool
	cause   atomic.Pointer[error]
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.stalled.Load() {
		select {
		case <-b.closed:
			return 0, io.ErrClosedPipe
		case <-b.ctx.Done():
			return 0, b.ctx.Err()
		}
	}
	if cause := b.cause.Load(); cause != nil {
		return n / 2, *cause // in the middle of something
	}
	return n, err
}

func (b *body) Close() error {
	b.closing.Do(func() {
		close(b.closed)
		b.n.mu.Lock()
		b.n.open = slices.DeleteFunc(b.n.open, func(o *body) bool { return o == b })
		b.n.mu.Unlock()
	})
	return b.ReadCloser.Close()
}

// end ends the answer with err: io.EOF is the clean end that a server makes of an end of its own.
func (b *body) end(err error) {
	b.cause.Store(&err)
	b.ReadCloser.Close()
}

// truth is what containers wrote, and what was read of it.
type truth struct {
	mu      sync.Mutex
	written []fake.LogLine
	read    []sdk.LogLine
	gaps    []*sdk.LogGap
	errs    []error
}

func (h *truth) sink(l fake.LogLine) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.written = append(h.written, l)
}

// collect reads until ctx ends.
func (h *truth) collect(ctx context.Context, c *sdk.Client, target sdk.Target, o sdk.LogOptions) {
	for l, err := range c.Logs(ctx, target, o) {
		var gap *sdk.LogGap
		h.mu.Lock()
		switch {
		case errors.As(err, &gap):
			h.gaps = append(h.gaps, gap)
		case err != nil && ctx.Err() == nil:
			h.errs = append(h.errs, err)
		case err == nil:
			h.read = append(h.read, l)
		}
		h.mu.Unlock()
	}
}

// check fails the test unless every line was read once, or a gap says that it may be missing; gaps says whether there may be any.
func (h *truth) check(t *testing.T, gaps bool) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, err := range h.errs {
		t.Errorf("an error: %v", err)
	}
	if !gaps {
		for _, gap := range h.gaps {
			t.Errorf("a gap: %v", gap)
		}
	}
	times := map[string]int{}
	byPod := map[string][]time.Time{}
	for _, l := range h.read {
		times[l.Pod+" "+l.Text]++
		byPod[l.Pod] = append(byPod[l.Pod], l.Time)
	}
	for _, all := range byPod {
		slices.SortFunc(all, time.Time.Compare)
	}
	lost, twice, hidden := 0, 0, 0
	for _, l := range h.written {
		switch n := times[l.Pod+" "+l.Text]; {
		case n > 1:
			if twice++; twice < 5 {
				t.Errorf("%d times: %s %s", n, l.Pod, l.Text)
			}
		case n == 0:
			lost++
			if !h.explained(l, byPod[l.Pod]) {
				if hidden++; hidden < 5 {
					t.Errorf("lost, and no gap says so: %s %s at %v", l.Pod, l.Text, l.Time)
				}
			}
		}
	}
	if len(h.read) > len(h.written)-lost+twice {
		t.Errorf("%d lines read, of %d written", len(h.read), len(h.written))
	}
	t.Logf("%d lines written, %d read, %d lost in %d gaps, %d hidden, %d twice", len(h.written), len(h.read), lost, len(h.gaps), hidden, twice)
}

// explained reports whether a gap covers a line: no line was read between the gap's beginning and the line.
func (h *truth) explained(l fake.LogLine, read []time.Time) bool {
	i, _ := slices.BinarySearchFunc(read, l.Time, time.Time.Compare)
	before := time.Time{}
	if i > 0 {
		before = read[i-1]
	}
	return slices.ContainsFunc(h.gaps, func(g *sdk.LogGap) bool {
		return g.Pod == l.Pod && g.Container == l.Container && !g.After.After(l.Time) && !g.After.Before(before)
	})
}

// talkers is a cluster with a controller whose pods write lines until a budget is used up, and a client behind a bad network.
type talkers struct {
	*fake.Cluster
	*network
	truth  *truth
	client *sdk.Client
	budget atomic.Int64
	// Each container writes bursts of lines with pauses, and fails after so many of them, if not 0.
	burst, life int
	pause       time.Duration
	kill        bool // pods too
}

func newTalkers(t *testing.T, lines int64, opts ...fake.Option) *talkers {
	t.Helper()
	w := &talkers{truth: &truth{}, network: &network{}, burst: 20, pause: 20 * time.Millisecond}
	w.budget.Store(lines)
	w.Cluster = fake.RunT(t, append(opts, fake.LogSink(w.truth.sink))...)
	w.HandleFunc("talker", w.talk)
	config := w.RESTConfig()
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		w.network.next = next
		return w.network
	})
	w.client = clientOf(t, config)
	return w
}

// start has the controller make its pods.
func (w *talkers) start(t *testing.T, replicas int32) {
	t.Helper()
	rc := &corev1.ReplicationController{ObjectMeta: metav1.ObjectMeta{Name: "talkers"}}
	rc.Spec.Replicas = &replicas
	rc.Spec.Selector = map[string]string{"app": "talker"}
	rc.Spec.Template = &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: rc.Spec.Selector}, Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "main", Image: "talker"}}, TerminationGracePeriodSeconds: new(int64(1))}}
	ok(t, w.Client().Create(t.Context(), rc))
}

func clientOf(t *testing.T, config *rest.Config) *sdk.Client {
	t.Helper()
	c, err := sdk.New(config)
	ok(t, err)
	return c
}

func (w *talkers) talk(ctx context.Context, p *fake.Process) error {
	born := time.Now().UnixNano()
	for i := 0; w.life == 0 || i < w.life; {
		for range w.burst {
			if w.budget.Add(-1) < 0 {
				<-ctx.Done()
				return nil
			}
			fmt.Fprintf(p.Stdout, "%s %d %d\n", p.Hostname(), born, i)
			i++
		}
		select {
		case <-ctx.Done():
			fmt.Fprintf(p.Stdout, "%s %d bye\n", p.Hostname(), born)
			return nil
		case <-time.After(w.pause):
		}
	}
	return fake.Exit(1)
}

// follow reads the logs of all talkers while faults does its worst, and for a few minutes more.
func (w *talkers) follow(t *testing.T, faults func(ctx context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.truth.collect(ctx, w.client, sdk.SelectedText("app=talker"), sdk.LogOptions{Follow: true})
	}()
	faults(ctx)
	<-time.After(5 * time.Minute)
	cancel()
	<-done
}

// deletePods deletes n of the pods.
func (w *talkers) deletePods(t *testing.T, n int) {
	var list corev1.PodList
	ok(t, w.Client().List(t.Context(), &list))
	for i := range min(n, len(list.Items)) {
		ok(t, w.Client().Delete(t.Context(), &list.Items[i], sdk.IgnoreNotFound()))
	}
}

// TestFollowFaults: one pain a row; nothing is lost, nothing comes twice.
func TestFollowFaults(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		pods  int32
		life  int
		pause time.Duration
		fault func(t *testing.T, w *talkers)
	}{
		{rule: "nothing is wrong", fault: func(*testing.T, *talkers) {}},
		{rule: "a pod is killed", fault: func(t *testing.T, w *talkers) { w.deletePods(t, 1) }},
		{rule: "a stream is reset", fault: func(_ *testing.T, w *talkers) { w.each(true, func(b *body) { b.end(io.ErrUnexpectedEOF) }) }},
		{rule: "a stream ends as if all were well", fault: func(_ *testing.T, w *talkers) { w.each(true, func(b *body) { b.end(io.EOF) }) }},
		{rule: "a stream stands still, half open", fault: func(_ *testing.T, w *talkers) { w.each(true, func(b *body) { b.stalled.Store(true) }) }},
		{rule: "streams are cut after four hours", pause: 20 * time.Minute, fault: func(_ *testing.T, w *talkers) {
			<-time.After(4 * time.Hour)
			w.each(false, func(b *body) { b.end(io.EOF) })
		}},
		{rule: "the API server restarts", fault: func(_ *testing.T, w *talkers) {
			w.setDown(true)
			<-time.After(7 * time.Second)
			w.setDown(false)
		}},
		{rule: "a burst of 429", fault: func(_ *testing.T, w *talkers) {
			w.answer(429, 10)
			w.each(false, func(b *body) { b.end(io.ErrUnexpectedEOF) })
		}},
		{rule: "a burst of 500", fault: func(_ *testing.T, w *talkers) {
			w.answer(500, 10)
			w.each(false, func(b *body) { b.end(io.ErrUnexpectedEOF) })
		}},
		{rule: "a watch is answered by 410 while a pod is replaced", pause: 100 * time.Millisecond, fault: func(t *testing.T, w *talkers) {
			w.expire(3)
			w.deletePods(t, 1)
			<-time.After(5 * time.Second) // a pod that came and went before the pods are listed anew, nobody can know of
		}},
		{rule: "containers restart", life: 300, fault: func(*testing.T, *talkers) {}},
		{rule: "containers restart while streams are reset", life: 300, fault: func(_ *testing.T, w *talkers) {
			w.each(true, func(b *body) { b.end(io.ErrUnexpectedEOF) })
		}},
		{rule: "ten pods roll", pods: 10, fault: func(t *testing.T, w *talkers) { w.deletePods(t, 10) }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			fake.Bubble(t, func(t *testing.T) {
				w := newTalkers(t, 12_000)
				w.life, w.pause = tt.life, cmp.Or(tt.pause, w.pause)
				w.start(t, cmp.Or(tt.pods, 3))
				w.follow(t, func(context.Context) {
					for range 3 {
						<-time.After(1500 * time.Millisecond)
						tt.fault(t, w)
					}
				})
				w.truth.check(t, false)
			})
		})
	}
}

// TestFollowRotation: what rotates away while nothing can be read is reported as a gap, and the rest comes once.
func TestFollowRotation(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		w := newTalkers(t, 12_000, fake.LogRotation(40_000, 0, 2))
		w.start(t, 3)
		w.follow(t, func(context.Context) {
			<-time.After(time.Second)
			w.setDown(true)
			<-time.After(2 * time.Second)
			w.setDown(false)
		})
		w.truth.check(t, true)
		if len(w.truth.gaps) == 0 {
			t.Error("nothing was rotated away")
		}
		for _, gap := range w.truth.gaps {
			equal(t, "reason", sdk.GapRotated, gap.Reason)
		}
	})
}

// TestFollowExactlyOnce: every line that is written is read exactly once, or a gap is reported, over a million lines with 200 faults;
// where containers are replaced and logs rotate besides, over a tenth of that, or as many with PODWRIGHT_LONG=1.
func TestFollowExactlyOnce(t *testing.T) {
	const lines, faults = 1_000_000, 200
	for _, tt := range []struct {
		rule string
		opts []fake.Option
		much func(all int) int // of the lines and the faults
		life int               // lines after which a container fails, and waits to be started again
		kill bool
		gaps bool // there may be some
	}{
		{"containers that stay", []fake.Option{fake.LogRotation(1<<30, 0, 2)}, long, 0, false, false},
		{"containers that restart, pods that are deleted", nil, longest, 4000, true, true},
		{"logs that rotate besides", []fake.Option{fake.LogRotation(150_000, 0, 2)}, longest, 4000, true, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			fake.Bubble(t, func(t *testing.T) {
				w := newTalkers(t, int64(tt.much(lines)), tt.opts...)
				w.life, w.pause, w.kill = tt.life, 80*time.Millisecond, tt.kill
				w.start(t, 4)
				random := rand.New(rand.NewPCG(seed(t), 2))
				w.follow(t, func(ctx context.Context) {
					for i := range tt.much(faults) {
						<-time.After(time.Duration(random.IntN(2000)) * time.Millisecond)
						w.fault(t, random)
						if i%5 == 4 { // who is never well for a minute is given up, as documented
							<-time.After(20 * time.Second)
						}
					}
					for w.budget.Load() > 0 {
						<-time.After(time.Second)
					}
				})
				w.truth.check(t, tt.gaps)
			})
		})
	}
}

// fault does one thing of those that happen.
func (w *talkers) fault(t *testing.T, random *rand.Rand) {
	some := func(b *body) bool { return random.IntN(2) == 0 }
	switch random.IntN(8) {
	case 0:
		if w.kill {
			w.deletePods(t, 1)
		}
	case 1:
		w.each(true, func(b *body) {
			if some(b) {
				b.end(io.ErrUnexpectedEOF)
			}
		})
	case 2:
		w.each(true, func(b *body) {
			if some(b) {
				b.end(io.EOF)
			}
		})
	case 3:
		w.each(true, func(b *body) {
			if some(b) {
				b.stalled.Store(true)
			}
		})
	case 4:
		w.setDown(true)
		<-time.After(time.Duration(random.IntN(3000)) * time.Millisecond)
		w.setDown(false)
	case 5:
		w.answer([]int{429, 500, 503}[random.IntN(3)], random.IntN(8))
	case 6:
		w.each(false, func(b *body) { b.end(io.ErrUnexpectedEOF) })
	case 7:
		if !w.kill { // who lists anew does not see a pod that came and went meanwhile, of which there is nobody to tell
			w.expire(1)
		}
	}
}
