package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	gorilla "github.com/gorilla/websocket"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/remotecommand"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/client-go/transport/websocket"
	"k8s.io/streaming/pkg/httpstream"
)

// remoteConn is an upgraded connection that carries the streams of a command.
type remoteConn interface {
	// serve carries them until the command has ended or ctx has, closes the connection, and returns how the command ended.
	serve(ctx context.Context, o ExecOptions) error
	close()
}

// connect dials and serves. It returns ctx's error once that has ended.
func (c *Client) connect(ctx context.Context, address *url.URL, o ExecOptions) error {
	conn, err := c.dialRemote(ctx, address)
	if err == nil {
		err = conn.serve(ctx, o)
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// dialRemote connects. An upgrade heeds a context in part only, and is left behind to end by itself when ctx does.
func (c *Client) dialRemote(ctx context.Context, address *url.URL) (remoteConn, error) {
	type dialled struct {
		conn remoteConn
		err  error
	}
	answer, left := make(chan dialled), make(chan struct{})
	go func() {
		conn, err := c.upgradeRemote(ctx, address)
		select {
		case answer <- dialled{conn, err}:
		case <-left:
			if err == nil {
				conn.close()
			}
		}
	}()
	select {
	case d := <-answer:
		return d.conn, d.err
	case <-ctx.Done():
		close(left)
		return nil, ctx.Err()
	}
}

// upgradeRemote tries WebSocket, and SPDY where the server or a proxy will not have that, as kubectl does.
func (c *Client) upgradeRemote(ctx context.Context, address *url.URL) (remoteConn, error) {
	ws, err := c.negotiateWebSocket(ctx, address)
	if err == nil {
		return &webSocketRemote{conn: ws}, nil
	}
	if ctx.Err() != nil || !httpstream.IsUpgradeFailure(err) && !httpstream.IsHTTPSProxyError(err) {
		return nil, err
	}
	conn, plain := c.negotiateSPDY(ctx, address)
	if plain == nil {
		return &spdyRemote{conn: conn}, nil
	}
	var failure *httpstream.UpgradeFailureError
	if errors.As(err, &failure) && apierrors.ReasonForError(failure.Cause) != "" {
		return nil, failure.Cause // the server's own words, which SPDY's error has lost
	}
	return nil, plain
}

// negotiateWebSocket asks for the fifth version of the protocol, the first that can say that stdin has ended.
func (c *Client) negotiateWebSocket(ctx context.Context, address *url.URL) (*gorilla.Conn, error) {
	transport, holder, err := websocket.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	return websocket.Negotiate(transport, holder, r, remotecommand.StreamProtocolV5Name)
}

// negotiateSPDY asks for the fourth version, the first that tells exit codes.
func (c *Client) negotiateSPDY(ctx context.Context, address *url.URL) (httpstream.Connection, error) {
	transport, upgrader, err := spdy.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), nil)
	if err != nil {
		return nil, err
	}
	conn, _, err := spdy.NegotiateStreaming(upgrader, &http.Client{Transport: transport}, r, remotecommand.StreamProtocolV4Name)
	return conn, err
}

const (
	remoteChunk   = 32 << 10
	remoteMessage = 64 << 10 // the longest word on how a command ended
)

var errNoExit = errors.New("the connection ended before it was said how the command did; whether it ran is not known")

// exitOf reads how a command ended: a status, whose cause is the exit code where there is one.
func exitOf(message []byte) error {
	if len(message) == 0 {
		return errNoExit
	}
	var status metav1.Status
	if err := json.Unmarshal(message, &status); err != nil {
		return fmt.Errorf("the server's word on the command's end is no status: %q", message)
	}
	if status.Status == metav1.StatusSuccess {
		return nil
	}
	if status.Reason == remotecommand.NonZeroExitCodeReason && status.Details != nil {
		for _, cause := range status.Details.Causes {
			if code, err := strconv.Atoi(cause.Message); err == nil && cause.Type == remotecommand.ExitCodeCauseType {
				return &ExitError{Code: code}
			}
		}
	}
	if status.Reason != "" && status.Code != 0 {
		return &apierrors.StatusError{ErrStatus: status}
	}
	return errors.New(strings.TrimSpace(status.Message))
}

// output is the writers by the order of the streams: stdout, stderr.
func (o ExecOptions) output() []io.Writer { return []io.Writer{o.Stdout, o.Stderr} }
