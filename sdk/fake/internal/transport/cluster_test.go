package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/remotecommand"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/streaming/pkg/httpstream"
	"k8s.io/streaming/pkg/httpstream/spdy"
	"k8s.io/streaming/pkg/httpstream/wsstream"
)

// client-go reports errors of its streams to utilruntime, whose back-off measures with a clock outside the bubble and
// then sleeps for years.
func init() { utilruntime.ErrorHandlers = utilruntime.ErrorHandlers[:1] }

// tinyCluster answers just enough for client-go's clients to be tried. It keeps the headers of upgrade requests.
type tinyCluster struct {
	upgrades chan http.Header
}

func newTinyCluster() *tinyCluster { return &tinyCluster{upgrades: make(chan http.Header, 100)} }

func (c *tinyCluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const pod = "/api/v1/namespaces/default/pods/x"
	switch r.URL.Path {
	case pod:
		writeJSON(w, http.StatusOK, corev1.Pod{TypeMeta: metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"},
			ObjectMeta: metav1.ObjectMeta{Name: "x"}, Status: corev1.PodStatus{HostIP: r.RemoteAddr}})
	case pod + "/log": // a follow that never ends
		_, _ = io.WriteString(w, "first\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	case pod + "/wait": // no answer
		<-r.Context().Done()
	case pod + "/exec", pod + "/attach":
		c.upgrades <- r.Header.Clone()
		cat(w, r)
	default:
		writeJSON(w, http.StatusNotFound, metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
			Status: metav1.StatusFailure, Reason: metav1.StatusReasonNotFound, Code: 404, Message: "no " + r.URL.Path})
	}
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

// cat copies stdin to stdout over either protocol until the stream or the request's context ends.
func cat(w http.ResponseWriter, r *http.Request) {
	open := openSPDY
	if wsstream.IsWebSocketRequest(r) {
		open = openWebSocket
	}
	stdin, stdout, status, closer := open(w, r)
	if closer == nil {
		return
	}
	defer closer.Close()
	defer context.AfterFunc(r.Context(), func() { _ = closer.Close() })()
	_, _ = io.Copy(stdout, stdin)
	_ = json.NewEncoder(status).Encode(metav1.Status{Status: metav1.StatusSuccess})
}

func openWebSocket(w http.ResponseWriter, r *http.Request) (io.Reader, io.Writer, io.Writer, io.Closer) {
	conn := wsstream.NewConn(map[string]wsstream.ChannelProtocolConfig{remotecommand.StreamProtocolV5Name: {Binary: true,
		Channels: []wsstream.ChannelType{wsstream.ReadChannel, wsstream.WriteChannel, wsstream.IgnoreChannel, wsstream.WriteChannel, wsstream.IgnoreChannel}}})
	_, streams, err := conn.Open(w, r)
	if err != nil {
		return nil, nil, nil, nil
	}
	_, _ = streams[1].Write(nil) // client-go waits for the first message
	return streams[0], streams[1], streams[3], conn
}

func openSPDY(w http.ResponseWriter, r *http.Request) (io.Reader, io.Writer, io.Writer, io.Closer) {
	if _, err := httpstream.Handshake(r, w, []string{remotecommand.StreamProtocolV4Name}); err != nil {
		return nil, nil, nil, nil
	}
	arrived := make(chan httpstream.Stream, 3)
	conn := spdy.NewResponseUpgrader().UpgradeResponse(w, r, func(s httpstream.Stream, _ <-chan struct{}) error {
		arrived <- s
		return nil
	})
	if conn == nil {
		return nil, nil, nil, nil
	}
	streams := map[string]httpstream.Stream{}
	for len(streams) < 3 {
		select {
		case s := <-arrived:
			streams[s.Headers().Get(corev1.StreamType)] = s
		case <-r.Context().Done():
			_ = conn.Close()
			return nil, nil, nil, nil
		}
	}
	return streams[corev1.StreamTypeStdin], streams[corev1.StreamTypeStdout], streams[corev1.StreamTypeError], conn
}

func serve(t testing.TB, handler http.Handler) *Server {
	t.Helper()
	s := Serve(handler, Options{})
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func clientset(t testing.TB, config *rest.Config) kubernetes.Interface {
	t.Helper()
	c, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func getPod(config *rest.Config) (*corev1.Pod, error) {
	c, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return c.CoreV1().Pods("default").Get(context.Background(), "x", metav1.GetOptions{})
}

// follow starts to read a log that does not end, and returns after its first line.
func follow(config *rest.Config) (io.ReadCloser, error) {
	c, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	logs, err := c.CoreV1().Pods("default").GetLogs("x", &corev1.PodLogOptions{Follow: true}).Stream(context.Background())
	if err != nil {
		return nil, err
	}
	line := make([]byte, len("first\n"))
	if _, err := io.ReadFull(logs, line); err != nil || string(line) != "first\n" {
		return nil, fmt.Errorf("first line %q: %w", line, err)
	}
	return logs, nil
}

// drain lets spdystream's shutdown timers pass; only for use in a bubble.
func drain() { <-time.After(time.Minute) }

func contains(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}
