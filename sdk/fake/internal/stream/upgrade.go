package stream

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	portforwardconstants "k8s.io/apimachinery/pkg/util/portforward"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/klog/v2"
	"k8s.io/streaming/pkg/httpstream"
	"k8s.io/streaming/pkg/httpstream/spdy"
)

// upgrade switches r to SPDY/3.1, directly or in a WebSocket tunnel, whichever the client asks for, and returns the
// connection that SPDY is spoken on. Of protocols, the first that the client offers is agreed on.
func upgrade(w http.ResponseWriter, r *http.Request, protocols ...string) (net.Conn, error) {
	switch {
	case !httpstream.IsUpgradeRequest(r):
		return nil, apierrors.NewBadRequest("Upgrade request required")
	case isWebSocket(r):
		return upgradeTunnel(w, r, protocols)
	}
	return upgradeSPDY(w, r, protocols)
}

// upgradeSPDY answers as httpstream.Handshake and spdy's ResponseUpgrader do, errors included, but hijacks before it
// writes, so that a connection that cannot be hijacked is an error like the others.
func upgradeSPDY(w http.ResponseWriter, r *http.Request, protocols []string) (net.Conn, error) {
	protocol, err := negotiate(w, r, protocols)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(strings.ToLower(r.Header.Get(httpstream.HeaderUpgrade)), strings.ToLower(spdy.HeaderSpdy31)) {
		return nil, apierrors.NewBadRequest(fmt.Sprintf("unable to upgrade: Upgrade is %q, this server speaks %s",
			r.Header.Get(httpstream.HeaderUpgrade), spdy.HeaderSpdy31))
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, apierrors.NewInternalError(fmt.Errorf("unable to upgrade: unable to hijack response: %w", err))
	}
	_ = conn.SetDeadline(time.Time{}) // those of the http.Server no longer hold
	header := w.Header().Clone()
	header.Set(httpstream.HeaderConnection, httpstream.HeaderUpgrade)
	header.Set(httpstream.HeaderUpgrade, spdy.HeaderSpdy31)
	header.Set(httpstream.HeaderProtocolVersion, protocol)
	_, _ = io.WriteString(buffered, "HTTP/1.1 101 Switching Protocols\r\n")
	_ = header.Write(buffered)
	_, _ = io.WriteString(buffered, "\r\n")
	if buffered.Flush() != nil {
		conn.Close() // the client has left, which the next read tells
	}
	return &hijacked{Conn: conn, reader: buffered.Reader, protocol: protocol}, nil
}

// negotiate returns the protocol to speak: the first that the client offers of those that the server accepts.
func negotiate(w http.ResponseWriter, r *http.Request, accepted []string) (string, error) {
	values := r.Header.Values(httpstream.HeaderProtocolVersion)
	var offered []string
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				offered = append(offered, name)
			}
		}
	}
	if len(offered) == 0 {
		return "", apierrors.NewBadRequest(fmt.Sprintf("unable to upgrade: header %s does not name a protocol: set it to %s",
			httpstream.HeaderProtocolVersion, strings.Join(accepted, " or ")))
	}
	if i := slices.IndexFunc(offered, func(name string) bool { return slices.Contains(accepted, name) }); i >= 0 {
		return offered[i], nil
	}
	for _, name := range accepted {
		w.Header().Add(httpstream.HeaderAcceptedProtocolVersions, name)
	}
	return "", refusal(http.StatusForbidden, fmt.Sprintf("unable to upgrade: unable to negotiate protocol: client supports %v, server accepts %v",
		offered, accepted))
}

// hijacked is a connection taken from an http.Server, which may have read ahead.
type hijacked struct {
	net.Conn
	reader   io.Reader
	protocol string // what was agreed on
}

func (c *hijacked) Read(p []byte) (int, error) { return c.reader.Read(p) }

// upgradeTunnel answers the handshake of a WebSocket whose messages carry SPDY.
func upgradeTunnel(w http.ResponseWriter, r *http.Request, protocols []string) (net.Conn, error) {
	var accepted []string
	for _, protocol := range protocols {
		accepted = append(accepted, portforwardconstants.WebsocketsSPDYTunnelingPrefix+protocol)
	}
	conn, err := acceptWebSocket(w, r, accepted...)
	if err != nil {
		return nil, err
	}
	return &tunnel{TunnelingConnection: portforward.NewTunnelingConnectionWithLogger(klog.Logger{}, conn), socket: conn}, nil
}

// tunnel is a WebSocket whose messages carry a stream of bytes.
type tunnel struct {
	*portforward.TunnelingConnection
	socket *websocket.Conn
	frame  []byte // reused from message to message; spdystream writes under a lock of its own
}

// Write sends p as one message, in one piece. Written as package websocket does, the head, the text and the end of a message would be
// records of TLS of their own.
func (t *tunnel) Write(p []byte) (int, error) {
	t.frame = append(appendMessageHead(t.frame[:0], len(p)), p...)
	_, err := t.socket.NetConn().Write(t.frame)
	if cap(t.frame) > keepFrame {
		t.frame = nil
	}
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// appendMessageHead begins a binary message of a server, which is not masked, as RFC 6455 5.2 has it.
func appendMessageHead(b []byte, length int) []byte {
	const whole, longer, longest = 0x80 | websocket.BinaryMessage, 126, 127
	switch {
	case length < longer:
		return append(b, whole, byte(length))
	case length <= 0xffff:
		return binary.BigEndian.AppendUint16(append(b, whole, longer), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(b, whole, longest), uint64(length))
}

// Close does not say goodbye first, which would wait behind a write that a client which stopped reading holds up.
func (t *tunnel) Close() error { return t.socket.NetConn().Close() }

// errLeft says that the client left after its connection was hijacked: there is nobody to answer.
var errLeft = errors.New("the client left during the upgrade")

// refusal returns a status with the reason that goes with code.
func refusal(code int, message string) error {
	reason, ok := reasons[code]
	if !ok {
		reason = metav1.StatusReasonBadRequest
	}
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: int32(code), Reason: reason, Message: message,
	}}
}

var reasons = map[int]metav1.StatusReason{
	http.StatusForbidden:           metav1.StatusReasonForbidden,
	http.StatusMethodNotAllowed:    metav1.StatusReasonMethodNotAllowed,
	http.StatusInternalServerError: metav1.StatusReasonInternalError,
}
