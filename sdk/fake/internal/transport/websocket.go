package transport

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	gorilla "github.com/gorilla/websocket"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/transport/websocket"
	"k8s.io/streaming/pkg/httpstream"
	"k8s.io/streaming/pkg/httpstream/wsstream"
)

// webSocket does by another dialer what client-go's websocket.RoundTripper does, whose own cannot be replaced. The connection
// ends up in the original, where client-go looks for it.
type webSocket struct {
	by    *http.Transport
	inner *websocket.RoundTripper
}

// WrappedRoundTripper returns the original.
func (w *webSocket) WrappedRoundTripper() http.RoundTripper { return w.inner }

// frameHeader is the room that client-go adds to its buffers for the byte that names the channel.
const frameHeader = 1024

// RoundTrip shakes hands. A refusal is an UpgradeFailureError, on which client-go falls back to SPDY; its cause is the
// Status of the answer, if there is one.
func (w *webSocket) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	secure := r.URL.Scheme == "https" || r.URL.Scheme == "wss"
	if secure && w.by.TLSClientConfig == nil {
		return nil, fmt.Errorf("websocket to %s: an in-memory server speaks plain http, not %q", r.URL.Host, r.URL.Scheme)
	}
	protocols := r.Header[wsstream.WebSocketProtocolHeader]
	header := r.Header.Clone()
	delete(header, wsstream.WebSocketProtocolHeader) // the dialer sends it
	target := *r.URL
	if target.Scheme = "ws"; secure {
		target.Scheme = "wss"
	}
	size := w.inner.DataBufferSize() + frameHeader
	dialer := gorilla.Dialer{NetDialContext: w.by.DialContext, TLSClientConfig: w.by.TLSClientConfig,
		Subprotocols: protocols, ReadBufferSize: size, WriteBufferSize: size}
	conn, resp, err := dialer.DialContext(r.Context(), target.String(), header)
	switch {
	case errors.Is(err, gorilla.ErrBadHandshake):
		return nil, &httpstream.UpgradeFailureError{Cause: refusal(resp, err)}
	case err != nil:
		return nil, err
	case !slices.Contains(protocols, conn.Subprotocol()):
		_ = conn.Close()
		return nil, &httpstream.UpgradeFailureError{Cause: fmt.Errorf(
			"invalid protocol, expected one of %q, got %q", protocols, conn.Subprotocol())}
	}
	w.inner.Conn = conn
	return resp, nil
}

// maxRefusal is how much of a refusal is read; gorilla keeps less.
const maxRefusal = 64 << 10

// refusal says why a server did not shake hands.
func refusal(resp *http.Response, err error) error {
	if resp == nil {
		return err
	}
	defer resp.Body.Close()
	err = fmt.Errorf("%w (%s)", err, resp.Status)
	text, readErr := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	if readErr != nil {
		return fmt.Errorf("%w: its answer cannot be read: %w", err, readErr)
	}
	var status metav1.Status
	if json.Unmarshal(text, &status) == nil && status.Kind == "Status" {
		return &apierrors.StatusError{ErrStatus: status}
	}
	if reason := strings.TrimSpace(string(text)); reason != "" {
		return fmt.Errorf("%w: %s", err, reason)
	}
	return err
}
