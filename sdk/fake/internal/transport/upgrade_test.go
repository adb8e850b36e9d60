package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	apispdy "k8s.io/apimachinery/pkg/util/httpstream/spdy"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/client-go/transport/websocket"
	"k8s.io/streaming/pkg/httpstream"
	streamspdy "k8s.io/streaming/pkg/httpstream/spdy"
)

// TestUpgradeTypes is the canary: the hook goes by the types of the round trippers that client-go hands it. If this fails
// after an update of client-go, the switch in Server.wrap needs the new type.
func TestUpgradeTypes(t *testing.T) {
	var seen []string
	config := &rest.Config{Host: Host, WrapTransport: func(rt http.RoundTripper) http.RoundTripper {
		seen = append(seen, reflect.TypeOf(rt).String()+" "+reflect.TypeOf(rt).Elem().PkgPath())
		return rt
	}}
	if _, _, err := spdy.RoundTripperFor(config); err != nil {
		t.Fatal(err)
	}
	if _, holder, err := websocket.RoundTripperFor(config); err != nil {
		t.Fatal(err)
	} else if _, ok := holder.(*websocket.RoundTripper); !ok {
		t.Errorf("the WebSocket connection is held by %T", holder)
	}
	want := "*spdy.SpdyRoundTripper k8s.io/apimachinery/pkg/util/httpstream/spdy, *websocket.RoundTripper k8s.io/client-go/transport/websocket"
	if got := strings.Join(seen, ", "); got != want {
		t.Errorf("client-go wraps\n%s, want\n%s", got, want)
	}
}

// executors are the ways in which client-go runs a command.
var executors = map[string]func(config *rest.Config, path string) (remotecommand.Executor, error){
	"SPDY": spdyExecutor,
	"WebSocket": func(config *rest.Config, path string) (remotecommand.Executor, error) {
		return remotecommand.NewWebSocketExecutor(config, "GET", execURL(config, path))
	},
	"fallback": func(config *rest.Config, path string) (remotecommand.Executor, error) {
		ws, err := remotecommand.NewWebSocketExecutor(config, "GET", execURL(config, path))
		if err != nil {
			return nil, err
		}
		sp, err := spdyExecutor(config, path)
		if err != nil {
			return nil, err
		}
		return remotecommand.NewFallbackExecutor(ws, sp, httpstream.IsUpgradeFailure)
	},
}

func spdyExecutor(config *rest.Config, path string) (remotecommand.Executor, error) {
	r, err := http.NewRequest("POST", execURL(config, path), nil)
	if err != nil {
		return nil, err
	}
	return remotecommand.NewSPDYExecutor(config, "POST", r.URL)
}

func execURL(config *rest.Config, path string) string {
	options := &corev1.PodExecOptions{Command: []string{"cat"}, Stdin: true, Stdout: true}
	query, err := scheme.ParameterCodec.EncodeParameters(options, corev1.SchemeGroupVersion)
	if err != nil {
		panic(err)
	}
	return config.Host + path + "?" + query.Encode()
}

const execPath = "/api/v1/namespaces/default/pods/x/exec"

// cats runs cat with the input and returns its output.
func cats(ctx context.Context, e remotecommand.Executor, input string) (string, error) {
	var out bytes.Buffer
	err := e.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: strings.NewReader(input), Stdout: &out})
	return out.String(), err
}

func TestUpgradesStayInMemory(t *testing.T) {
	input := strings.Repeat("0123456789abcdef", 1<<16)
	for name, executor := range executors {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cluster := newTinyCluster()
				s := Serve(cluster, Options{})
				config := s.Config()
				config.BearerToken, config.UserAgent = "secret", "tester/1"
				e, err := executor(config, execPath)
				if err != nil {
					t.Fatal(err)
				}
				got, err := cats(t.Context(), e, input)
				if err != nil || got != input {
					t.Errorf("cat gave %d bytes, %v; want %d", len(got), err, len(input))
				}
				header := <-cluster.upgrades
				if header.Get("Authorization") != "Bearer secret" || header.Get("User-Agent") != "tester/1" {
					t.Errorf("the upgrade came with Authorization %q and User-Agent %q", header.Get("Authorization"), header.Get("User-Agent"))
				}
				_ = s.Close()
				drain()
			})
		})
	}
}

func TestUpgradeRefused(t *testing.T) {
	s := serve(t, newTinyCluster())
	e, err := executors["WebSocket"](s.Config(), "/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	_, err = cats(t.Context(), e, "x")
	var failure *httpstream.UpgradeFailureError
	if !errors.As(err, &failure) || !apierrors.IsNotFound(failure.Cause) {
		t.Errorf("a refused WebSocket: %v, want an UpgradeFailureError of NotFound", err)
	}
	e, err = executors["SPDY"](s.Config(), "/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	_, err = cats(t.Context(), e, "x")
	contains(t, err, "no /nowhere")
}

func TestWebSocketProtocolMismatch(t *testing.T) {
	s := serve(t, newTinyCluster())
	rt, holder, err := websocket.RoundTripperFor(s.Config())
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequest("GET", Host+execPath, nil)
	_, err = websocket.Negotiate(rt, holder, r, "v0.unknown")
	if !httpstream.IsUpgradeFailure(err) {
		t.Errorf("an unknown protocol: %v, want an UpgradeFailureError", err)
	}
}

// marking adds a header to each request.
type marking struct{ http.RoundTripper }

func (m marking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Mark", "yes")
	return m.RoundTripper.RoundTrip(r)
}

func (m marking) WrappedRoundTripper() http.RoundTripper { return m.RoundTripper }

func TestWrappersOfTheUser(t *testing.T) {
	mark := func(rt http.RoundTripper) http.RoundTripper { return marking{rt} }
	around := func(s *Server) *rest.Config { c := s.Config(); c.Wrap(mark); return c }
	inside := func(s *Server) *rest.Config {
		c := s.Config()
		hook := c.WrapTransport
		c.WrapTransport = func(rt http.RoundTripper) http.RoundTripper { return hook(mark(rt)) }
		return c
	}
	rows := []struct {
		rule, executor string
		config         func(*Server) *rest.Config
	}{
		{"around the hook, with WebSocket", "WebSocket", around},
		{"around the hook, with SPDY", "SPDY", around},
		{"inside the hook, with SPDY", "SPDY", inside},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			cluster := newTinyCluster()
			s := serve(t, cluster)
			e, err := executors[row.executor](row.config(s), execPath)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := cats(t.Context(), e, "hello"); got != "hello" || err != nil {
				t.Errorf("cat = %q, %v", got, err)
			}
			if mark := (<-cluster.upgrades).Get("X-Mark"); mark != "yes" {
				t.Error("the user's wrapper was left out")
			}
		})
	}
}

func TestHookKnowsBothSPDYTypes(t *testing.T) {
	s := serve(t, newTinyCluster())
	old, err := apispdy.NewRoundTripper(nil)
	if err != nil {
		t.Fatal(err)
	}
	current, err := streamspdy.NewRoundTripper(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, rt := range []http.RoundTripper{old, current} {
		t.Run(fmt.Sprintf("%T", rt), func(t *testing.T) {
			if got := s.wrap(rt); got != rt {
				t.Fatalf("the hook gives %T: client-go would not find the connection in it", got)
			}
			r, _ := http.NewRequest("POST", Host+"/nowhere", nil)
			resp, err := rt.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusNotFound {
				t.Errorf("status %s, want the server's 404", resp.Status)
			}
		})
	}
}

func TestCloseWhileUpgraded(t *testing.T) {
	for name, executor := range executors {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := Serve(newTinyCluster(), Options{})
				e, err := executor(s.Config(), execPath)
				if err != nil {
					t.Fatal(err)
				}
				done := make(chan error, 1)
				go func() {
					done <- e.StreamWithContext(context.Background(), remotecommand.StreamOptions{Stdin: &silence{t.Context()}, Stdout: &bytes.Buffer{}})
				}()
				synctest.Wait()
				_ = s.Close()
				// SPDY gives nil: to client-go an error stream that ends without a message is success.
				if err := <-done; err == nil && name != "SPDY" {
					t.Error("the client got no error")
				}
				drain()
			})
		})
	}
}

// silence is an input that says nothing until the test ends.
type silence struct{ ctx context.Context }

func (s *silence) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, io.EOF
}
