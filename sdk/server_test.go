package sdk_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
)

// server answers requests as a test scripts them, over connections in memory, and keeps what was asked.
type server struct {
	t       *testing.T
	answers map[string][]http.HandlerFunc // by "GET /path"; the last one stays

	mu    sync.Mutex
	asked []ask
}

// ask is a request as the wire had it. Body is JSON, whatever it was sent as.
type ask struct {
	Line, ContentType, Body string
	Header                  http.Header
}

// bubble runs f in a synctest bubble with a client of a scripted server. That no goroutine is left is checked
// by the bubble itself.
func bubble(t *testing.T, f func(t *testing.T, s *server, c *sdk.Client), opts ...sdk.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &server{t: t, answers: map[string][]http.HandlerFunc{}}
		l := newListener()
		h := &http.Server{Handler: s}
		served := make(chan error)
		go func() { served <- h.Serve(l) }()
		transport := &http.Transport{DialContext: l.dial}
		c, err := sdk.New(&rest.Config{Host: "http://cluster.invalid", Transport: transport, QPS: -1}, opts...)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			transport.CloseIdleConnections()
			h.Close()
			<-served
		}()
		f(t, s, c)
	})
}

// on scripts the answers to one method and path, in turn; the last is repeated.
func (s *server) on(line string, answers ...http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[line] = append(s.answers[line], answers...)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	line := r.Method + " " + r.URL.Path
	s.mu.Lock()
	a := ask{Line: line, ContentType: r.Header.Get("Content-Type"), Body: asJSON(s.t, body), Header: r.Header}
	if r.URL.RawQuery != "" {
		a.Line += "?" + r.URL.RawQuery
	}
	s.asked = append(s.asked, a)
	answers := s.answers[line]
	if len(answers) > 1 {
		s.answers[line] = answers[1:]
	}
	s.mu.Unlock()
	if len(answers) == 0 {
		status(apierrors.NewNotFound(schemaResource("things"), "unscripted "+line))(w, r)
		return
	}
	answers[0](w, r)
}

func asJSON(t *testing.T, body []byte) string {
	if !strings.HasPrefix(string(body), "k8s\x00") {
		return string(body)
	}
	obj, _, err := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
	if err != nil {
		t.Errorf("decode a protobuf body: %v", err)
		return ""
	}
	data, _ := json.Marshal(obj)
	return string(data)
}

// lines returns what was asked so far, and forgets it.
func (s *server) lines() []string {
	var lines []string
	for _, a := range s.asks() {
		lines = append(lines, a.Line)
	}
	return lines
}

func (s *server) asks() []ask {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// object answers 200 with an object as JSON.
func object(obj runtime.Object) http.HandlerFunc {
	data, err := json.Marshal(obj)
	return func(w http.ResponseWriter, r *http.Request) {
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(data)
	}
}

// text answers 200 with plain text.
func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, s)
	}
}

// status answers with an API error.
func status(err *apierrors.StatusError) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		st := err.Status()
		st.Kind, st.APIVersion = "Status", "v1"
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(int(st.Code))
		json.NewEncoder(w).Encode(st)
	}
}

// parts answers 200 with parts sent one by one. "hang" leaves the answer open until the client is gone,
// "drop" breaks the connection.
func parts(parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, p := range parts {
			switch p {
			case "hang":
				<-r.Context().Done()
			case "drop":
				panic(http.ErrAbortHandler)
			default:
				io.WriteString(w, p)
				w.(http.Flusher).Flush()
			}
		}
	}
}

// listener is a net.Listener whose connections are pipes.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newListener() *listener {
	return &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return addr("memory") }

func (l *listener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "dial", Net: "memory", Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type addr string

func (addr) Network() string  { return "memory" }
func (a addr) String() string { return string(a) }

// equal fails the test if got is not what was wanted.
func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: want -, got +:\n%s", what, diff)
	}
}

// ok ends the test if there is an error.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says fails the test unless err's text holds all words.
func says(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one that says %q", words)
		return
	}
	if i := slices.IndexFunc(words, func(w string) bool { return !strings.Contains(err.Error(), w) }); i >= 0 {
		t.Errorf("error %q does not say %q", err, words[i])
	}
}
