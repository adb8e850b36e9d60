package sdk

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	gorilla "github.com/gorilla/websocket"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apispdy "k8s.io/apimachinery/pkg/util/httpstream/spdy"
	"k8s.io/apimachinery/pkg/util/portforward"
	"k8s.io/client-go/rest"
	"k8s.io/streaming/pkg/httpstream"
)

// dialPod connects to the portforward subresource of a pod: SPDY through a WebSocket, or, if the
// server or a proxy will not have that, plain SPDY, as kubectl does.
func (c *Client) dialPod(ctx context.Context, namespace, pod string) (*session, error) {
	r, err := c.stream(http.MethodPost, podKind)
	if err != nil {
		return nil, err
	}
	address := r.Namespace(namespace).Name(pod).SubResource("portforward").URL()
	dial := func() (wire, error) { return c.upgrade(ctx, address) }
	w, err := whileWanted(ctx, dial, func(w wire) { w.Close() })
	if err != nil {
		return nil, overdue(ctx, err)
	}
	return newSession(w, namespace+"/"+pod), nil
}

// overdue returns ctx's error for what failed because ctx ended. The deadline also stands on the
// network connection, whose time-out may come a moment before ctx knows.
func overdue(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if at, ok := ctx.Deadline(); ok && !time.Now().Before(at) {
		return context.DeadlineExceeded
	}
	return err
}

func (c *Client) upgrade(ctx context.Context, address *url.URL) (wire, error) {
	return eitherWay(ctx, func() (wire, error) {
		conn, err := c.webSocket(ctx, address, portforward.WebsocketsSPDYTunnelingPortForwardV1)
		if err != nil {
			return nil, err
		}
		return &socketWire{Conn: conn}, nil
	}, func() (wire, error) {
		plain, err := c.upgradeSPDY(ctx, address)
		if err != nil {
			return nil, err
		}
		return plain, nil
	})
}

func (c *Client) upgradeSPDY(ctx context.Context, address *url.URL) (*plainWire, error) {
	tls, err := rest.TLSConfigFor(c.config)
	if err != nil {
		return nil, err
	}
	proxy := http.ProxyFromEnvironment
	if c.config.Proxy != nil {
		proxy = c.config.Proxy
	}
	dialer, err := apispdy.NewRoundTripperWithConfig(apispdy.RoundTripperConfig{TLS: tls, Proxier: proxy})
	if err != nil {
		return nil, err
	}
	upgrade := &spdyUpgrade{dialer: dialer}
	transport, err := rest.HTTPWrappersForConfig(c.config, upgrade)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set(httpstream.HeaderProtocolVersion, portforward.PortForwardV1Name)
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err == nil {
		err = refusalOf(resp)
	}
	if err != nil {
		upgrade.close()
		return nil, err
	}
	return upgrade.wire, nil
}

// spdyUpgrade is what client-go's SpdyRoundTripper is, but that it gives the connection away.
type spdyUpgrade struct {
	dialer *apispdy.SpdyRoundTripper
	wire   *plainWire // after the round trip
}

// WrappedRoundTripper returns client-go's, for hooks that change how it dials.
func (u *spdyUpgrade) WrappedRoundTripper() http.RoundTripper { return u.dialer }

// close ends the connection of the last round trip, if it made one.
func (u *spdyUpgrade) close() {
	if u.wire != nil {
		u.wire.Close()
	}
}

func (u *spdyUpgrade) RoundTrip(r *http.Request) (*http.Response, error) {
	u.close() // what led to another place
	r = r.Clone(r.Context())
	r.Header.Set(httpstream.HeaderConnection, httpstream.HeaderUpgrade)
	r.Header.Set(httpstream.HeaderUpgrade, apispdy.HeaderSpdy31)
	conn, err := u.dialer.Dial(r)
	if err != nil {
		return nil, err
	}
	u.wire = &plainWire{conn, bufio.NewReaderSize(conn, smallChunk)}
	resp, err := http.ReadResponse(u.wire.in, r)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return resp, nil
}

// maxRefusal is how much of a refusal is read.
const maxRefusal = 64 << 10

// refusalOf returns why a server did not switch to SPDY, in its own words where it has some.
func refusalOf(resp *http.Response) error {
	has := func(name, value string) bool {
		return strings.Contains(strings.ToLower(resp.Header.Get(name)), strings.ToLower(value))
	}
	if resp.StatusCode == http.StatusSwitchingProtocols &&
		has(httpstream.HeaderConnection, httpstream.HeaderUpgrade) && has(httpstream.HeaderUpgrade, apispdy.HeaderSpdy31) {
		return nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	if err != nil {
		return fmt.Errorf("unable to upgrade the connection: %s, and the answer breaks off: %w", resp.Status, err)
	}
	var status metav1.Status
	if json.Unmarshal(text, &status) == nil && status.Reason != "" {
		return &apierrors.StatusError{ErrStatus: status}
	}
	return fmt.Errorf("unable to upgrade the connection: %s: %s", resp.Status, strings.TrimSpace(string(text)))
}

// wire carries the bytes of SPDY. One goroutine reads and one sends; any may Close, which ends both.
type wire interface {
	io.Reader
	send(frames []byte) error
	// goodbye is called by who sent last.
	goodbye()
	Close() error
}

// plainWire is a connection that speaks SPDY.
type plainWire struct {
	net.Conn
	in *bufio.Reader
}

func (w *plainWire) Read(p []byte) (int, error) { return w.in.Read(p) }

func (w *plainWire) send(frames []byte) error {
	_, err := w.Write(frames)
	return err
}

func (w *plainWire) goodbye() {}

// socketWire is a WebSocket whose messages carry SPDY.
type socketWire struct {
	*gorilla.Conn
	message io.Reader // nil between two messages
}

func (w *socketWire) Read(p []byte) (int, error) {
	for {
		if w.message == nil {
			kind, message, err := w.NextReader()
			if err != nil {
				return 0, err
			}
			if kind != gorilla.BinaryMessage {
				return 0, errNoSPDY
			}
			w.message = message
		}
		n, err := w.message.Read(p)
		if err != io.EOF {
			return n, err
		}
		w.message = nil
		if n > 0 {
			return n, nil
		}
	}
}

func (w *socketWire) send(frames []byte) error { return w.WriteMessage(gorilla.BinaryMessage, frames) }

func (w *socketWire) goodbye() {
	message := gorilla.FormatCloseMessage(gorilla.CloseNormalClosure, "")
	w.WriteControl(gorilla.CloseMessage, message, time.Now().Add(closePatience))
}
