package sdk_test

import (
	"context"
	"errors"
	"io"
	"net/http"
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
