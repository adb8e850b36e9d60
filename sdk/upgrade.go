package sdk

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	gorilla "github.com/gorilla/websocket"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/transport/websocket"
	"k8s.io/streaming/pkg/httpstream"
)

// whileWanted dials, and waits no longer than ctx: an upgrade heeds a context in part only, and is left behind to end by itself, when drop
// closes what came of it.
func whileWanted[T any](ctx context.Context, dial func() (T, error), drop func(T)) (T, error) {
	type dialled struct {
		conn T
		err  error
	}
	answer, left := make(chan dialled), make(chan struct{})
	go func() {
		conn, err := dial()
		select {
		case answer <- dialled{conn, err}:
		case <-left:
			if err == nil {
				drop(conn)
			}
		}
	}()
	select {
	case d := <-answer:
		return d.conn, d.err
	case <-ctx.Done():
		close(left)
		var none T
		return none, ctx.Err()
	}
}

// eitherWay tries WebSocket, and SPDY where the server or a proxy will not have that, as kubectl does.
func eitherWay[T any](ctx context.Context, webSocket, spdy func() (T, error)) (T, error) {
	conn, err := webSocket()
	if err == nil || ctx.Err() != nil || !httpstream.IsUpgradeFailure(err) && !httpstream.IsHTTPSProxyError(err) {
		return conn, err
	}
	conn, refused := spdy()
	var failure *httpstream.UpgradeFailureError
	if refused != nil && errors.As(err, &failure) && apierrors.ReasonForError(failure.Cause) != "" {
		return conn, failure.Cause // the server's own words, which SPDY's error has lost
	}
	return conn, refused
}

// webSocket asks for an upgrade to a WebSocket that speaks a protocol.
func (c *Client) webSocket(ctx context.Context, address *url.URL, protocol string) (*gorilla.Conn, error) {
	transport, holder, err := websocket.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	return websocket.Negotiate(transport, holder, r, protocol)
}
