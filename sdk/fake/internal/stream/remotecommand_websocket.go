package stream

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"k8s.io/apimachinery/pkg/util/remotecommand"
)

// The sub-protocols of a WebSocket, those that clients should speak first. All but v5 are the kubelet's; v5, which can end the
// standard input, is the API server's.
const (
	protocolV5     = remotecommand.StreamProtocolV5Name
	protocolV4     = "v4.channel.k8s.io"
	protocolV4Text = "v4.base64.channel.k8s.io"
	protocolV1     = "channel.k8s.io"
	protocolV1Text = "base64.channel.k8s.io"
)

var socketProtocols = []string{protocolV5, protocolV4, protocolV4Text, protocolV1, protocolV1Text}

// The channels, whose numbers begin each message.
const (
	channelStdin  = remotecommand.StreamStdIn
	channelStdout = remotecommand.StreamStdOut
	channelStderr = remotecommand.StreamStdErr
	channelError  = remotecommand.StreamErr
	channelResize = remotecommand.StreamResize
	channelClose  = remotecommand.StreamClose // of v5: the second byte says which one has ended
)

// serveRemoteWebSocket gives each of the client's streams a channel of one WebSocket.
func serveRemoteWebSocket(w http.ResponseWriter, r *http.Request, want request, remote Remote) error {
	offered := websocket.Subprotocols(r)
	newest := slices.Contains(offered, protocolV5)
	if err := remote.Ready(); err != nil && !newest {
		unready(w, err)
		return nil
	}
	var refused error
	upgrader := websocket.Upgrader{
		Subprotocols: socketProtocols,
		CheckOrigin:  func(*http.Request) bool { return true }, // who may ask was decided before
		Error: func(_ http.ResponseWriter, _ *http.Request, code int, reason error) {
			refused = refusal(code, "unable to upgrade: "+reason.Error())
		},
	}
	if len(offered) > 0 && !slices.ContainsFunc(offered, func(p string) bool { return slices.Contains(socketProtocols, p) }) {
		return refusal(http.StatusBadRequest, fmt.Sprintf("unable to upgrade: the WebSocket offers sub-protocols %q, but those served here are %q",
			offered, socketProtocols))
	}
	conn, err := upgrader.Upgrade(w, r, w.Header().Clone())
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return nil // the client has left
	}
	s := &socket{conn: conn, protocol: conn.Subprotocol(), stdin: newInbox(), resizes: newInbox()}
	s.serve(r.Context(), want, remote)
	return nil
}

// socket is one client.
type socket struct {
	conn           *websocket.Conn
	protocol       string
	stdin, resizes *inbox

	writing sync.Mutex
}

// serve carries out the command. The connection ends with it, and it with the connection.
func (s *socket) serve(ctx context.Context, want request, remote Remote) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = s.conn.NetConn().Close() }) // ends reads and writes that wait
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	defer s.conn.NetConn().Close()
	running.Go(func() {
		s.receive()
		s.stdin.end()
		s.resizes.end()
		cancel()
	})
	streams := Streams{TTY: want.tty, Resized: &Resizes{}}
	if want.stdin {
		streams.Stdin = s.stdin
	}
	if want.stdout {
		streams.Stdout = &channel{s, channelStdout}
	}
	if want.stderr {
		streams.Stderr = &channel{s, channelStderr}
	}
	running.Go(func() { streams.Resized.read(s.resizes) })
	_ = s.send(s.greeting(want), nil) // tells the client that the connection stands

	err := remote.Ready()
	if err != nil {
		err = fmt.Errorf("unable to upgrade connection: %w", err)
	} else {
		err = remote.Run(ctx, streams)
	}
	asJSON := s.protocol != protocolV1 && s.protocol != protocolV1Text && s.protocol != ""
	_ = s.send(channelError, encoded(outcome(err), asJSON))
	s.goodbye(ctx)
	s.stdin.end()
	s.resizes.end()
}

// greeting is the channel of the first, empty message.
func (s *socket) greeting(want request) byte {
	switch {
	case want.stdout:
		return channelStdout
	case want.stderr:
		return channelStderr
	}
	return channelError
}

// goodbye ends the WebSocket in order: the client answers by closing it.
func (s *socket) goodbye(ctx context.Context) {
	deadline := time.Now().Add(drainTimeout)
	message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if s.conn.WriteControl(websocket.CloseMessage, message, deadline) != nil {
		return
	}
	timer := time.NewTimer(drainTimeout)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done(): // the reader has seen the client leave
	}
}

// receive takes what the client sends until it leaves, or sends what no client sends.
func (s *socket) receive() {
	for {
		kind, message, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if len(message) == 0 || kind != websocket.BinaryMessage && kind != websocket.TextMessage {
			continue
		}
		to, data := message[0], message[1:]
		if s.isText() {
			if data, err = base64.StdEncoding.DecodeString(string(data)); err != nil {
				return
			}
			to -= '0'
		}
		switch {
		case to == channelStdin:
			s.stdin.put(data)
		case to == channelResize:
			s.resizes.put(data)
		case to == channelClose && s.protocol == protocolV5 && len(data) == 1 && data[0] == channelStdin:
			s.stdin.end()
		}
	}
}

func (s *socket) isText() bool { return s.protocol == protocolV4Text || s.protocol == protocolV1Text }

// send writes one message.
func (s *socket) send(to byte, data []byte) error {
	kind, message := websocket.BinaryMessage, append([]byte{to}, data...)
	if s.isText() {
		kind, message = websocket.TextMessage, base64.StdEncoding.AppendEncode([]byte{'0' + to}, data)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.conn.WriteMessage(kind, message)
}

// channel is one output.
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
