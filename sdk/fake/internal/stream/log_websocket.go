package stream

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
)

// The sub-protocols of a WebSocket that sends one stream, without channels.
const (
	protocolBinary = "binary.k8s.io"
	protocolBase64 = "base64.binary.k8s.io"
)

// logChunk is the most that one message carries.
const logChunk = 2048

// serveLogWebSocket sends a log in messages after an empty one, as wsstream's Reader does: a client that understands no
// sub-protocol gets them binary. What the client says is ignored; when it leaves, ctx is cancelled, and the log ends with that.
func serveLogWebSocket(ctx context.Context, cancel context.CancelFunc, w http.ResponseWriter, r *http.Request, log io.Reader) error {
	conn, err := acceptWebSocket(w, r, protocolBinary, protocolBase64)
	switch {
	case errors.Is(err, errLeft):
		return nil
	case err != nil:
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.NetConn().Close() }) // ends reads and writes that wait
	defer stop()
	var reading sync.WaitGroup
	defer reading.Wait()
	defer conn.NetConn().Close()
	reading.Go(func() {
		defer cancel()
		for err := error(nil); err == nil; _, _, err = conn.NextReader() {
		}
	})
	out := messages{conn, conn.Subprotocol() == protocolBase64}
	if _, err := out.Write(nil); err == nil {
		_, err := io.CopyBuffer(out, struct{ io.Reader }{log}, make([]byte, logChunk)) // as with HTTP, nobody is told of an error
		if errors.Is(err, podlog.ErrDropped) {
			return nil // without a word of farewell
		}
	}
	goodbye(ctx, conn)
	return nil
}

// messages is a WebSocket to write to, a message each time.
type messages struct {
	conn *websocket.Conn
	text bool // base64
}

func (m messages) Write(p []byte) (int, error) {
	kind, message := websocket.BinaryMessage, p
	if m.text {
		kind, message = websocket.TextMessage, base64.StdEncoding.AppendEncode(nil, p)
	}
	if err := m.conn.WriteMessage(kind, message); err != nil {
		return 0, err
	}
	return len(p), nil
}
