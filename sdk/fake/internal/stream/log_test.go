package stream

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
)

var _ LogSource = (*podlog.Log)(nil)

// serveLog serves one log to client-go until the test ends. Each handler's result goes to the channel.
func serveLog(t *testing.T, source LogSource, options *corev1.PodLogOptions) (*rest.Request, <-chan error) {
	t.Helper()
	done := make(chan error, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := ServeLog(w, r, source, options)
		writeError(w, err)
		done <- err
	}))
	t.Cleanup(s.Close)
	client, err := kubernetes.NewForConfig(&rest.Config{Host: s.URL, QPS: -1})
	ok(t, err)
	return client.CoreV1().Pods("default").GetLogs("crane", options), done
}

func TestServeLog(t *testing.T) {
	log := podlog.New(podlog.Options{})
	fmt.Fprint(log.Stdout(), "one\ntwo\nthree\n")
	request, done := serveLog(t, log, &corev1.PodLogOptions{TailLines: new(int64(2))})
	body, err := request.DoRaw(t.Context())
	ok(t, err)
	equal(t, "two\nthree\n", string(body))
	ok(t, <-done)

	w := httptest.NewRecorder()
	ok(t, ServeLog(w, httptest.NewRequest("GET", "/log", nil), log, nil))
	equal(t, "text/plain", w.Header().Get("Content-Type"))
	equal(t, "one\ntwo\nthree\n", w.Body.String())
}

func TestServeLogFollows(t *testing.T) {
	log := podlog.New(podlog.Options{})
	request, done := serveLog(t, log, &corev1.PodLogOptions{Follow: true})
	stream, err := request.Stream(t.Context()) // the header comes before any line does
	ok(t, err)
	defer stream.Close()
	lines := bufio.NewReader(stream)
	for i := range 3 {
		fmt.Fprintln(log.Stdout(), "line", i)
		line, err := lines.ReadString('\n')
		ok(t, err)
		equal(t, fmt.Sprintln("line", i), line)
	}
	fmt.Fprint(log.Stderr(), "last")
	ok(t, log.Close())
	equal(t, "last", readAll(t, lines))
	ok(t, <-done)
}

func TestServeLogEndsWithItsClient(t *testing.T) {
	request, done := serveLog(t, podlog.New(podlog.Options{}), &corev1.PodLogOptions{Follow: true})
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := request.Stream(ctx)
	ok(t, err)
	defer stream.Close()
	cancel()
	ok(t, <-done)
}

func TestServeLogOfNothing(t *testing.T) {
	w := httptest.NewRecorder()
	ok(t, ServeLog(w, httptest.NewRequest("GET", "/log", nil), nil, nil))
	equal(t, http.StatusNoContent, w.Code)
	equal(t, 0, w.Body.Len())
}

// gone is a log that cannot be opened.
type gone struct{}

func (gone) Read(context.Context, *corev1.PodLogOptions) (io.ReadCloser, error) {
	return nil, apierrors.NewBadRequest("previous terminated container not found")
}

func TestServeLogReturnsWhyALogCannotBeOpened(t *testing.T) {
	request, done := serveLog(t, gone{}, &corev1.PodLogOptions{})
	if _, err := request.DoRaw(t.Context()); !apierrors.IsBadRequest(err) {
		t.Errorf("DoRaw = %v", err)
	}
	if err := <-done; !apierrors.IsBadRequest(err) {
		t.Errorf("ServeLog = %v", err)
	}
}
