package stream

import (
	"context"
	"io"
	"net/http"

	corev1 "k8s.io/api/core/v1"
)

// LogSource is a container's log. Its readers give io.EOF at the end of the log and, when they follow, wait for more
// until there is none or ctx ends.
type LogSource interface {
	Read(ctx context.Context, options *corev1.PodLogOptions) (io.ReadCloser, error)
}

// ServeLog answers r with the text that options choose of the log. While it follows, each line is sent as it comes. A
// nil source is the log of a container that has no node yet, and answers 204 No Content, as the API server does.
//
// It returns an error only when the log could not be opened, and has written nothing then. Options that are invalid
// have to be refused before; here they are such an error.
func ServeLog(w http.ResponseWriter, r *http.Request, source LogSource, options *corev1.PodLogOptions) error {
	if source == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	log, err := source.Read(r.Context(), options)
	if err != nil {
		return err
	}
	defer log.Close()
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusOK)
	out := flusher{w, http.NewResponseController(w)}
	if out.controller.Flush() != nil || options == nil || !options.Follow {
		_, _ = io.Copy(w, log) // an error means that the client has left, or ctx ended: there is nobody to tell
		return nil
	}
	_, _ = io.Copy(out, log)
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
