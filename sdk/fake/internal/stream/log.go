package stream

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	corev1 "k8s.io/api/core/v1"
)

// LogSource is a container's log. Its readers give io.EOF at the end of the log and, when they follow, wait for more
// until there is none or ctx ends.
type LogSource interface {
	Read(ctx context.Context, options *corev1.PodLogOptions) (io.ReadCloser, error)
}

// ServeLog answers r with the text that options choose of the log. While it follows, each line is sent as it comes. A
// nil source is the log of a container that has no node yet, and answers 204 No Content, as the API server does. A client
// that asks for a WebSocket gets the text in its messages, as StreamObject sends it.
//
// It returns an error only when the log could not be opened or the upgrade is not in order, and has written nothing then.
// Options that are invalid have to be refused before; here they are such an error. For a reader that was too slow it
// breaks the connection: see [podlog.ErrDropped].
func ServeLog(w http.ResponseWriter, r *http.Request, source LogSource, options *corev1.PodLogOptions) error {
	if source == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	log, err := source.Read(ctx, options)
	if err != nil {
		return err
	}
	defer log.Close()
	if isWebSocket(r) {
		return serveLogWebSocket(ctx, cancel, w, r, log)
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusOK)
	out, flushing := io.Writer(w), flusher{w, http.NewResponseController(w)}
	if flushing.controller.Flush() == nil && options != nil && options.Follow {
		out = flushing
	}
	if _, err := io.Copy(out, log); errors.Is(err, podlog.ErrDropped) {
		panic(http.ErrAbortHandler) // so that it does not look like the end of the log
	} // another error means that the client has left, or ctx ended: there is nobody to tell
	return nil
}

// flusher sends each Write at once.
type flusher struct {
	w          io.Writer
	controller *http.ResponseController
}

func (f flusher) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if err == nil {
		err = f.controller.Flush()
	}
	return n, err
}
