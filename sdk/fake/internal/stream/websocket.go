package stream

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"k8s.io/streaming/pkg/httpstream"
)

func isWebSocket(r *http.Request) bool {
	return httpstream.IsUpgradeRequest(r) && strings.EqualFold(r.Header.Get(httpstream.HeaderUpgrade), "websocket")
}

// acceptWebSocket answers a WebSocket's handshake. Of protocols, the first that the client offers is agreed on; one that
// offers none speaks none, which the callers take for the binary form of the oldest. The error is [errLeft] if there is
// nobody to answer any more.
func acceptWebSocket(w http.ResponseWriter, r *http.Request, protocols ...string) (*websocket.Conn, error) {
	offered := websocket.Subprotocols(r)
	if len(offered) > 0 && !slices.ContainsFunc(offered, func(p string) bool { return slices.Contains(protocols, p) }) {
		return nil, refusal(http.StatusForbidden, fmt.Sprintf(
			"unable to upgrade: the WebSocket offers sub-protocols %q, but those served here are %q", offered, protocols))
	}
	var refused error
	upgrader := websocket.Upgrader{
		Subprotocols: protocols,
		CheckOrigin:  func(*http.Request) bool { return true }, // who may ask was decided before, by the API server
		Error: func(_ http.ResponseWriter, _ *http.Request, code int, reason error) {
			refused = refusal(code, "unable to upgrade: "+reason.Error())
		},
	}
	conn, err := upgrader.Upgrade(w, r, w.Header().Clone())
	switch {
	case refused != nil:
		return nil, refused
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errLeft, err)
	}
	return conn, nil
}

// goodbye ends a WebSocket in order: the client answers by closing it, upon which its reader ends ctx.
func goodbye(ctx context.Context, conn *websocket.Conn) {
	message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(drainTimeout)) != nil {
		return
	}
	timer := time.NewTimer(drainTimeout)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// socket is a WebSocket whose messages belong to channels. Their numbers begin each message, as a byte, or as a digit
// if the rest is base64.
type socket struct {
	conn *websocket.Conn
	text bool          // base64
	idle time.Duration // how long nothing may be sent or received; 0 is for ever

	writing sync.Mutex
}

// send writes one message.
func (s *socket) send(to byte, data []byte) error {
	kind, message := websocket.BinaryMessage, append([]byte{to}, data...)
	if s.text {
		kind, message = websocket.TextMessage, base64.StdEncoding.AppendEncode([]byte{'0' + to}, data)
	}
	s.stir()
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.conn.WriteMessage(kind, message)
}

// receive waits for the next message. An error ends the connection: the client has left, or sends what no client does.
func (s *socket) receive() (to byte, data []byte, err error) {
	for len(data) == 0 {
		s.stir()
		if _, data, err = s.conn.ReadMessage(); err != nil {
			return 0, nil, err
		}
	}
	to, data = data[0], data[1:]
	if s.text {
		to -= '0'
		data, err = base64.StdEncoding.DecodeString(string(data))
	}
	return to, data, err
}

// stir says that the connection is not idle, as wsstream's resetTimeout does.
func (s *socket) stir() {
	if s.idle > 0 {
		_ = s.conn.NetConn().SetReadDeadline(time.Now().Add(s.idle))
	}
}

// channel is a socket's channel to write to.
type channel struct {
	socket *socket
	number byte
}

func (c *channel) Write(p []byte) (int, error) {
	if err := c.socket.send(c.number, p); err != nil {
		return 0, err
	}
	return len(p), nil
}
