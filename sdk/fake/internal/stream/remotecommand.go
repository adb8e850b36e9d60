package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/remotecommand"
	"k8s.io/streaming/pkg/httpstream"
)

// Streams are what a command in a container, or who attaches to one, is connected with.
type Streams struct {
	Stdin          io.Reader // nil if the client gives none
	Stdout, Stderr io.Writer // nil if the client wants none
	TTY            bool
	Resized        *Resizes // the sizes of the client's terminal; never nil
}

// Resizes passes on the sizes of a terminal: the last one to who comes late.
type Resizes struct {
	mu   sync.Mutex
	last *size
	hear func(width, height uint16)
}

// size is how clients say it.
type size struct{ Width, Height uint16 }

// Each has f called with the size, if it is known, and with each new one. f must not block.
func (r *Resizes) Each(f func(width, height uint16)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hear = f
	if r.last != nil && f != nil {
		f(r.last.Width, r.last.Height)
	}
}

func (r *Resizes) set(s size) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = &s
	if r.hear != nil {
		r.hear(s.Width, s.Height)
	}
}

// read takes the sizes that a client sends, one JSON object after the other.
func (r *Resizes) read(from io.Reader) {
	for d := json.NewDecoder(from); ; {
		var s size
		if d.Decode(&s) != nil {
			return
		}
		r.set(s)
	}
}

// Remote is a command that a client wants to run, or a program that it wants to attach to.
type Remote interface {
	// Ready says whether there is a container for it. Its error is a kubelet's.
	Ready() error
	// Run carries it out with the client's streams, until it has ended or ctx does. A nil error is exit code 0, an [ExitError]
	// its code; others stand in the status that the client gets.
	Run(ctx context.Context, s Streams) error
}

// ExitError is how a command ended that did not succeed.
type ExitError struct{ Code int }

func (e ExitError) Error() string { return fmt.Sprintf("command terminated with exit code %d", e.Code) }

// ServeRemoteCommand serves the exec and attach subresources: over SPDY (v1 to v4 of channel.k8s.io) or WebSocket (v1, v4 and v5,
// binary or base64), whichever the client asks for. It returns an error, a Kubernetes status, if the request is not in order;
// nothing is written then. Otherwise it blocks until the command has ended or the client leaves, and returns nil.
func ServeRemoteCommand(w http.ResponseWriter, r *http.Request, remote Remote) error {
	want, err := newRequest(r)
	switch {
	case err != nil:
		return err
	case !httpstream.IsUpgradeRequest(r):
		return apierrors.NewBadRequest("Upgrade request required")
	case isWebSocket(r):
		return serveRemoteWebSocket(w, r, want, remote)
	}
	return serveRemoteSPDY(w, r, want, remote)
}

// request is which streams a client asks for.
type request struct{ stdin, stdout, stderr, tty bool }

// newRequest reads the query. With a terminal there is one output only, as on every terminal.
func newRequest(r *http.Request) (request, error) {
	query := r.URL.Query()
	is := func(name string) bool {
		b, _ := strconv.ParseBool(query.Get(name))
		return b
	}
	want := request{stdin: is("stdin"), stdout: is("stdout"), stderr: is("stderr"), tty: is("tty")}
	if want.tty {
		want.stderr = false
	}
	if !want.stdin && !want.stdout && !want.stderr {
		return want, apierrors.NewBadRequest("you must specify at least 1 of stdin, stdout, stderr")
	}
	return want, nil
}

// kubeletSays answers, in plain text, what a kubelet says instead of upgrading: the API server passes it on as it is.
func kubeletSays(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, message)
}

// outcome is the status that tells a client how its command has ended, in a kubelet's words.
func outcome(err error) metav1.Status {
	var exit ExitError
	switch {
	case err == nil:
		return metav1.Status{Status: metav1.StatusSuccess}
	case errors.As(err, &exit):
		return metav1.Status{
			Status: metav1.StatusFailure, Reason: remotecommand.NonZeroExitCodeReason,
			Details: &metav1.StatusDetails{Causes: []metav1.StatusCause{
				{Type: remotecommand.ExitCodeCauseType, Message: strconv.Itoa(exit.Code)},
			}},
			Message: fmt.Sprintf("command terminated with non-zero exit code: %v", err),
		}
	}
	return apierrors.NewInternalError(err).ErrStatus
}

// encoded is a status as the error stream carries it: JSON since v4, and before that only the text of a failure.
func encoded(status metav1.Status, asJSON bool) []byte {
	switch {
	case asJSON:
		text, err := json.Marshal(status)
		if err != nil {
			return []byte(err.Error()) // a status of strings and numbers
		}
		return text
	case status.Status == metav1.StatusSuccess:
		return nil
	}
	return []byte(status.Message)
}
