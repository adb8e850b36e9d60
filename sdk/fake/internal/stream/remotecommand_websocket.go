package stream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

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
		kubeletSays(w, http.StatusInternalServerError, err.Error())
		return nil
	}
	conn, err := acceptWebSocket(w, r, socketProtocols...)
	switch {
	case errors.Is(err, errLeft):
		return nil
	case err != nil:
		return err
	}
	s := &commandSocket{stdin: newInbox(), resizes: newInbox(), protocol: conn.Subprotocol()}
	s.conn, s.text = conn, s.protocol == protocolV4Text || s.protocol == protocolV1Text
	s.serve(r.Context(), want, remote)
	return nil
}

// commandSocket is one client.
type commandSocket struct {
	socket
	protocol       string
	stdin, resizes *inbox
}

// serve carries out the command. The connection ends with it, and it with the connection.
func (s *commandSocket) serve(ctx context.Context, want request, remote Remote) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = s.conn.NetConn().Close() }) // ends reads and writes that wait
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	defer s.conn.NetConn().Close()
	running.Go(func() {
		s.sort()
		s.stdin.end()
		s.resizes.end()
		cancel()
	})
	streams := Streams{TTY: want.tty, Resized: &Resizes{}}
	if want.stdin {
		streams.Stdin = s.stdin
	}
	if want.stdout {
		streams.Stdout = &channel{&s.socket, channelStdout}
	}
	if want.stderr {
		streams.Stderr = &channel{&s.socket, channelStderr}
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
	goodbye(ctx, s.conn)
	s.stdin.end()
	s.resizes.end()
}

// greeting is the channel of the first, empty message.
func (s *commandSocket) greeting(want request) byte {
	switch {
	case want.stdout:
		return channelStdout
	case want.stderr:
		return channelStderr
	}
	return channelError
}

// sort takes what the client sends until it leaves, or sends what no client sends.
func (s *commandSocket) sort() {
	for {
		to, data, err := s.receive()
		switch {
		case err != nil:
			return
		case to == channelStdin:
			s.stdin.put(data)
		case to == channelResize:
			s.resizes.put(data)
		case to == channelClose && s.protocol == protocolV5 && len(data) == 1 && data[0] == channelStdin:
			s.stdin.end()
		}
	}
}
