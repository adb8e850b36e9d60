package controllerruntime

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A cache gets over a watch that ends, and over one that cannot go on where it ended: it misses no change, not even a
// deletion. client-go waits longer and longer between watches that were short, so many are cut in virtual time only.
func TestCacheOutlivesWatches(t *testing.T) {
	t.Parallel()
	for _, expired := range []bool{false, true} {
		t.Run(fmt.Sprintf("expired %t", expired), func(t *testing.T) {
			eachWay(t, func(w *world) { outlives(w, 1, expired) }, fake.APIOnly())
			t.Run("many, in a bubble", func(t *testing.T) {
				bubble(t, func(w *world) { outlives(w, 20, expired) }, fake.APIOnly())
			})
		})
	}
}

func outlives(w *world, cuts int, expired bool) {
	direct := w.client()
	s, asked := &scissors{expired: expired}, &requests{}
	w.config.Wrap(asked.wrap)
	w.config.Wrap(s.wrap)
	m := w.manager(ctrl.Options{})
	informer, err := m.GetCache().GetInformer(w.ctx, &corev1.ConfigMap{})
	ok(w.t, err)
	events := eventsOf(w, informer)
	old, young := "a", "b"
	ok(w.t, direct.Create(w.ctx, configMap(old)))
	w.start(m)
	equal(w.t, "add a", receive(w, events, "an event"))
	for i := range cuts {
		cm := configMap(old)
		cm.Data = map[string]string{"cut": fmt.Sprint(i)} // a short watch without an event makes client-go list anew
		ok(w.t, direct.Update(w.ctx, cm))
		equal(w.t, "update "+old, receive(w, events, "an event"))
		resume := s.cut()
		ok(w.t, direct.Create(w.ctx, configMap(young)))
		ok(w.t, direct.Delete(w.ctx, configMap(old)))
		resume()
		got := map[string]bool{receive(w, events, "an event"): true, receive(w, events, "an event"): true}
		equal(w.t, map[string]bool{"add " + young: true, "delete " + old: true}, got)
		old, young = young, old
	}
	if lists, streams := asked.counts(); (lists+streams > 1) != expired {
		w.t.Errorf("%d lists and %d streaming lists", lists, streams)
	}
}

// scissors cut the watches of a client and hold back new ones until they may go on.
type scissors struct {
	expired bool // those that go on ask for a version that the server has forgotten

	held sync.RWMutex
	mu   sync.Mutex
	open []*strip
}

// strip is the body of a watch.
type strip struct {
	io.ReadCloser
	cut chan struct{}
}

func (s *strip) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	select {
	case <-s.cut:
		return 0, io.EOF // as when the server ends it
	default:
		return n, err
	}
}

func (s *scissors) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		query := req.URL.Query()
		if query.Get("watch") == "" {
			return next.RoundTrip(req)
		}
		s.held.RLock()
		defer s.held.RUnlock()
		if s.expired && query.Get("sendInitialEvents") == "" {
			query.Set("resourceVersion", "1")
			req = req.Clone(req.Context())
			req.URL.RawQuery = query.Encode()
		}
		resp, err := next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		body := &strip{resp.Body, make(chan struct{})}
		s.open = append(s.open, body)
		resp.Body = body
		return resp, nil
	})
}

// cut ends every watch, and returns what lets clients watch again.
func (s *scissors) cut() (resume func()) {
	s.held.Lock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, body := range s.open {
		close(body.cut)
		_ = body.ReadCloser.Close()
	}
	s.open = nil
	return s.held.Unlock
}

// A cache gets over a server that is away for a while.
func TestCacheOutlivesServer(t *testing.T) {
	t.Parallel()
	c := fake.RunT(t, fake.APIOnly(), fake.Token("secret"))
	w := &world{Cluster: c, t: t, ctx: t.Context(), log: journal(t)}
	e, err := c.Serve(t.Context(), "127.0.0.1:0")
	ok(t, err)
	w.config, err = clientcmd.RESTConfigFromKubeConfig(e.Kubeconfig())
	ok(t, err)
	m := w.manager(ctrl.Options{})
	informer, err := m.GetCache().GetInformer(w.ctx, &corev1.ConfigMap{})
	ok(t, err)
	events := eventsOf(w, informer)
	w.start(m)

	address := e.URL()[len("https://"):]
	ok(t, e.Close())
	ok(t, c.Client().Create(w.ctx, configMap("a")))
	_, err = c.Serve(t.Context(), address)
	ok(t, err)
	equal(t, "add a", receive(w, events, "an event"))
	cm := configMap("a")
	ok(t, m.GetClient().Get(w.ctx, client.ObjectKeyFromObject(cm), cm))
}
