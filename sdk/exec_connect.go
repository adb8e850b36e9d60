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

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/remotecommand"
	"k8s.io/client-go/transport/spdy"
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

// dialRemote connects. Of both protocols it asks for the version that is wanted at the least: the fifth of WebSocket is the first that can
// say that stdin has ended, the fourth of SPDY the first that tells exit codes.
func (c *Client) dialRemote(ctx context.Context, address *url.URL) (remoteConn, error) {
	dial := func() (remoteConn, error) {
		return eitherWay(ctx, func() (remoteConn, error) {
			conn, err := c.webSocket(ctx, address, remotecommand.StreamProtocolV5Name)
			if err != nil {
				return nil, err
			}
			return &webSocketRemote{conn: conn}, nil
		}, func() (remoteConn, error) {
			conn, err := c.negotiateSPDY(ctx, address)
			if err != nil {
				return nil, err
			}
			return &spdyRemote{conn: conn}, nil
		})
	}
	return whileWanted(ctx, dial, remoteConn.close)
}

// negotiateSPDY asks for an upgrade to SPDY.
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
