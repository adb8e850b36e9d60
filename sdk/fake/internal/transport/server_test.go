package transport

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestClientsetOverMemory(t *testing.T) {
	s := serve(t, newTinyCluster())
	pod, err := getPod(s.Config())
	if err != nil {
		t.Fatal(err)
	}
	if pod.Name != "x" || pod.Status.HostIP != "192.168.49.1:32768" {
		t.Errorf("pod %s for client %s, want x for 192.168.49.1:32768", pod.Name, pod.Status.HostIP)
	}
	_, err = clientset(t, s.Config()).CoreV1().Pods("default").Get(t.Context(), "absent", metav1.GetOptions{})
	if !apierrors.IsNotFound(err) {
		t.Errorf("an absent pod: %v, want NotFound", err)
	}
}

func TestConfigIsAFreshCopy(t *testing.T) {
	s := serve(t, newTinyCluster())
	spoilt := s.Config()
	spoilt.Host, spoilt.Transport, spoilt.WrapTransport = "http://elsewhere", nil, nil
	if _, err := getPod(s.Config()); err != nil {
		t.Errorf("changing one configuration changed another: %v", err)
	}
	if a, b := s.Config(), s.Config(); a.Transport != b.Transport {
		t.Error("two configurations do not share their connections")
	}
}

func TestOnlyTheOwnHostIsInMemory(t *testing.T) {
	s := serve(t, newTinyCluster())
	config := s.Config()
	config.Host = "http://other.example"
	_, err := getPod(config)
	contains(t, err, "other.example:80 is not in memory")
	_, err = s.DialContext(t.Context(), "tcp", "cluster.invalid:443")
	contains(t, err, "cluster.invalid:443 is not in memory")
}

// underWay are things a client may be doing when its server closes. Each returns when it has begun, and then a function
// that returns how it ended.
var underWay = map[string]func(s *Server) (wait func() error, err error){
	"a follow that is read": func(s *Server) (func() error, error) {
		logs, err := follow(s.Config())
		return func() error { _, err := io.ReadAll(logs); return err }, err
	},
	"a follow that nobody reads or closes": func(s *Server) (func() error, error) {
		logs, err := follow(s.Config())
		return func() error { synctest.Wait(); _, err := io.ReadAll(logs); return err }, err
	},
	"a request without an answer": func(s *Server) (func() error, error) {
		done := make(chan error, 1)
		go func() {
			resp, err := (&http.Client{Transport: s.Config().Transport}).Get(Host + "/api/v1/namespaces/default/pods/x/wait")
			if err == nil {
				_ = resp.Body.Close()
			}
			done <- err
		}()
		return func() error { return <-done }, nil
	},
	"a raw connection that says nothing": func(s *Server) (func() error, error) {
		c, err := s.DialContext(context.Background(), "tcp", address)
		return func() error { defer c.Close(); _, err := io.ReadAll(c); return err }, err
	},
}

func TestCloseWhile(t *testing.T) {
	for name, begin := range underWay {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := Serve(newTinyCluster(), Options{})
				wait, err := begin(s)
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				done := make(chan error, 1)
				go func() { done <- s.Close() }()
				if err := wait(); err == nil {
					t.Error("the client got no error")
				}
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// hijacker takes the connection over and returns when its context ends.
func hijacker(ended *bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n")
		<-r.Context().Done()
		*ended = true // without a lock: Close must have waited
	})
}

func TestCloseWaitsForHijackedHandlers(t *testing.T) {
	for range 20 {
		var ended bool
		s := Serve(hijacker(&ended), Options{})
		r, _ := http.NewRequest("GET", Host, nil)
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Upgrade", "test")
		resp, err := s.Config().Transport.RoundTrip(r)
		if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
			t.Fatal(resp, err)
		}
		if _, ok := resp.Body.(io.ReadWriteCloser); !ok {
			t.Error("the body of a switched connection cannot be written")
		}
		_ = s.Close()
		if !ended {
			t.Fatal("Close returned before the handler")
		}
		if _, err := resp.Body.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the hijacked connection reads %v, want ECONNRESET", err)
		}
	}
}

func TestCloseWaitsForASlowHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			<-release
		}), Options{})
		failed := make(chan error, 1)
		go func() { // not client-go, which would try again
			_, err := s.Config().Transport.RoundTrip(must(http.NewRequest("GET", Host, nil)))
			failed <- err
		}()
		synctest.Wait()
		closed := make(chan error, 2)
		for range cap(closed) { // a second Close waits too
			go func() { closed <- s.Close() }()
		}
		synctest.Wait()
		if len(closed) != 0 {
			t.Error("Close returned before the handler")
		}
		if len(failed) == 0 {
			t.Error("the client waits for a handler whose connection is gone")
		}
		close(release)
		for range cap(closed) {
			<-closed
		}
		if err := <-failed; err == nil {
			t.Error("the client got no error")
		}
	})
}

func TestAfterClose(t *testing.T) {
	s := Serve(newTinyCluster(), Options{})
	config := s.Config()
	if _, err := getPod(config); err != nil {
		t.Fatal(err)
	}
	_, _ = s.Close(), s.Close()
	for name, config := range map[string]any{"an old configuration": config.Transport, "a new one": s.Config().Transport} {
		_, err := (&http.Client{Transport: config.(http.RoundTripper)}).Get(Host)
		if !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("a request with %s: %v, want ECONNREFUSED", name, err)
		}
	}
	if c, err := s.DialContext(t.Context(), "tcp", address); c != nil || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dial = %v, %v; want nil, ECONNREFUSED", c, err)
	}
}

func TestPanicOfAHandlerIsTheClientsError(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oops") }))
	if resp, err := s.Config().Transport.RoundTrip(must(http.NewRequest("GET", Host, nil))); err == nil {
		t.Errorf("the client got %s", resp.Status)
	}
}

func TestDownloadLongerThanTheCap(t *testing.T) {
	const size = 256 << 20
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.CopyN(w, zeros{}, size)
	}))
	resp, err := (&http.Client{Transport: s.Config().Transport}).Get(Host)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); n != size || err != nil {
		t.Errorf("read %d bytes, %v; want %d", n, err, size)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// A bubble fails by itself if a goroutine is left in it.
func TestBubbleKeepsNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Serve(newTinyCluster(), Options{})
		if _, err := getPod(s.Config()); err != nil {
			t.Fatal(err)
		}
		_ = s.Close()
	})
}

// Here too the bubble fails if a goroutine is left. runtime.NumGoroutine would not do: it counts goroutines that are
// about to be gone, and those of other bubbles.
func TestTwoHundredServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := runtime.NumGoroutine()
		var clients sync.WaitGroup
		servers := make([]*Server, 200)
		for i := range servers {
			servers[i] = Serve(newTinyCluster(), Options{})
			clients.Go(func() {
				if _, err := getPod(servers[i].Config()); err != nil {
					t.Error(err)
				}
				if _, err := follow(servers[i].Config()); err != nil {
					t.Error(err)
				}
			})
		}
		clients.Wait()
		synctest.Wait()
		if during := runtime.NumGoroutine(); during < before+200 {
			t.Errorf("%d goroutines for 200 servers: they are not alive", during-before)
		}
		for _, s := range servers {
			clients.Go(func() {
				_ = s.Close()
				s.client.mu.Lock()
				defer s.client.mu.Unlock()
				if s.client.conns != 0 {
					t.Errorf("Close returned before %d connections of the client were closed", s.client.conns)
				}
			})
		}
		clients.Wait()
	})
}

func BenchmarkGet(b *testing.B) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })
	get := func(b *testing.B, client *http.Client, url string) {
		b.ReportAllocs()
		for b.Loop() {
			resp, err := client.Get(url)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}
	b.Run("memory", func(b *testing.B) {
		s := serve(b, handler)
		get(b, &http.Client{Transport: s.Config().Transport}, Host)
	})
	b.Run("tcp", func(b *testing.B) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Skip(err)
		}
		p, err := ServeListener(l, handler, nil, Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer p.Close()
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		get(b, client, "http://"+p.Addr().String())
	})
}

// BenchmarkServeAndClose is the whole life of a server with one request.
func BenchmarkServeAndClose(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		s := Serve(newTinyCluster(), Options{})
		resp, err := s.Config().Transport.RoundTrip(must(http.NewRequest("GET", Host, nil)))
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
		_ = s.Close()
	}
}

func must(r *http.Request, err error) *http.Request {
	if err != nil {
		panic(err)
	}
	return r
}
