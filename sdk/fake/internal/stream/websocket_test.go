package stream

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// socketClient is a client of WebSockets that speaks one sub-protocol; "" is none.
type socketClient struct {
	t *testing.T
	*websocket.Conn
}

// dialSocket opens a WebSocket to whatever s listens on.
func (s *server) dialSocket(t *testing.T, query, protocol string) *socketClient {
	t.Helper()
	dialer := websocket.Dialer{NetDialContext: s.dial, Subprotocols: subprotocols(protocol)}
	u := s.url(t)
	u.Scheme, u.RawQuery = "ws", query
	conn, _, err := dialer.DialContext(t.Context(), u.String(), nil)
	ok(t, err)
	equal(t, protocol, conn.Subprotocol())
	return &socketClient{t, conn}
}

func subprotocols(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// message is what a client has received; Text is whether it came as text.
type message struct {
	Text bool
	Data string
}

func (c *socketClient) next() message {
	c.t.Helper()
	kind, data, err := c.ReadMessage()
	ok(c.t, err)
	return message{kind == websocket.TextMessage, string(data)}
}

// all returns what comes until the server ends the WebSocket in order.
func (c *socketClient) all() []message {
	c.t.Helper()
	var all []message
	for {
		kind, data, err := c.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			return all
		}
		ok(c.t, err)
		all = append(all, message{kind == websocket.TextMessage, string(data)})
	}
}

func (c *socketClient) say(data string) {
	c.t.Helper()
	ok(c.t, c.WriteMessage(websocket.BinaryMessage, []byte(data)))
}

// leave ends the WebSocket in order, from the client's side.
func (c *socketClient) leave() {
	c.t.Helper()
	ok(c.t, c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Time{}))
	ok(c.t, c.Close())
}

// handshake is the header of a WebSocket's request.
func handshake(protocol string) http.Header {
	return http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="}, "Sec-Websocket-Protocol": {protocol}}
}
