package sdk_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
)

func TestNewRefusesNoConfig(t *testing.T) {
	_, err := sdk.New(nil)
	says(t, err, "new client", "no rest.Config")
}

func TestNewRefusesTransportWithTLS(t *testing.T) {
	_, err := sdk.New(&rest.Config{Transport: http.DefaultTransport, TLSClientConfig: rest.TLSClientConfig{Insecure: true}})
	says(t, err, "new client")
}

func TestNamespaceOfRequests(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		for _, c := range []*sdk.Client{c, c.Namespace("web"), c.Namespace("web").Namespace("")} {
			c.Get(t.Context(), "app", &corev1.Pod{})
		}
		equal(t, "requests", []string{
			"GET /api/v1/namespaces/default/pods/app",
			"GET /api/v1/namespaces/web/pods/app",
			"GET /api/v1/namespaces/default/pods/app",
		}, s.lines())
	})
}

// A Timeout of the config bounds plain requests and leaves streams alone.
func TestTimeoutSparesStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{t: t, answers: map[string][]http.HandlerFunc{}}
		l := newListener()
		h := &http.Server{Handler: s}
		served := make(chan error)
		go func() { served <- h.Serve(l) }()
		transport := &http.Transport{DialContext: l.dial}
		c, err := sdk.New(&rest.Config{Host: "http://cluster.invalid", Transport: transport, Timeout: time.Second})
		ok(t, err)
		s.on("GET /api/v1/namespaces/default/pods/app", object(pod("app", "1", containers("a"))), parts("hang"))
		s.on("GET /api/v1/namespaces/default/pods/app/log", func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-time.After(time.Hour)
			w.Write([]byte("late\n"))
		})

		stream, err := c.LogStream(t.Context(), sdk.PodNamed("app"), sdk.LogOptions{Follow: true})
		ok(t, err)
		line, err := io.ReadAll(stream)
		ok(t, err)
		ok(t, stream.Close())
		equal(t, "line", "late\n", string(line))
		err = c.Get(t.Context(), "app", &corev1.Pod{})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("get of a server that hangs: %v", err)
		}
		transport.CloseIdleConnections()
		h.Close()
		<-served
	})
}

// The limits are client-go's, and hold for all clients that come of one.
func TestRateLimits(t *testing.T) {
	tests := []struct {
		name   string
		change func(*rest.Config)
		want   time.Duration // for twenty requests
	}{
		{"client-go's defaults: ten at once, then five a second", func(*rest.Config) {}, 2 * time.Second},
		{"less than 0 is none", func(c *rest.Config) { c.QPS = -1 }, 0},
		{"what the config says", func(c *rest.Config) { c.QPS, c.Burst = 1, 1 }, 19 * time.Second},
		{"what the config says, and the default burst", func(c *rest.Config) { c.QPS = 1 }, 10 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := &rest.Config{Host: "http://cluster.invalid", Transport: byHandler(object(pod("app", "1")))}
				tt.change(config)
				c, err := sdk.New(config)
				ok(t, err)
				began := time.Now()
				for i := range 20 {
					ok(t, c.Namespace([]string{"a", "b"}[i%2]).Get(t.Context(), "app", &corev1.Pod{}))
				}
				equal(t, "time", tt.want, time.Since(began).Round(100*time.Millisecond))
			})
		})
	}
}

// byHandler answers requests by a handler, without any connection.
type byHandler http.HandlerFunc

func (f byHandler) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	f(w, r)
	return w.Result(), nil
}

func TestUserAgent(t *testing.T) {
	tests := []struct {
		name   string
		config string
		opts   []sdk.Option
		want   string
	}{
		{"client-go's default", "", nil, rest.DefaultKubernetesUserAgent()},
		{"that of the config", "config/1", nil, "config/1"},
		{"that of the option", "config/1", []sdk.Option{sdk.UserAgent("bakery/2")}, "bakery/2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			c, err := sdk.New(&rest.Config{UserAgent: tt.config, Transport: byHandler(func(w http.ResponseWriter, r *http.Request) {
				got = r.UserAgent()
				object(pod("app", "1"))(w, r)
			})}, tt.opts...)
			ok(t, err)
			ok(t, c.Get(t.Context(), "app", &corev1.Pod{}))
			equal(t, "user agent", tt.want, got)
		})
	}
}
