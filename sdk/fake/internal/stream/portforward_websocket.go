package stream

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	portforwardconstants "k8s.io/apimachinery/pkg/util/portforward"
)

var channelProtocols = []string{protocolV4, protocolV4Text}

// asksForTunnel reports whether r asks for a WebSocket that carries SPDY, as IsWebSocketRequestWithTunnelingProtocol does.
func asksForTunnel(r *http.Request) bool {
	return isWebSocket(r) && slices.ContainsFunc(websocket.Subprotocols(r), func(protocol string) bool {
		return strings.HasPrefix(protocol, portforwardconstants.WebsocketsSPDYTunnelingPrefix) &&
			strings.HasSuffix(protocol, portforwardconstants.KubernetesSuffix)
	})
}

// serveForwardWebSocket serves clients that know no SPDY: one connection to each of ports, with a channel for its data
// and one for its error, as a kubelet's handleWebSocketStreams does. Neither end of a connection can be told apart from
// silence while others are open; the WebSocket ends with the last.
func serveForwardWebSocket(w http.ResponseWriter, r *http.Request, pod string, dialer Dialer, ports []int32) error {
	if problem := portProblem(ports); problem != "" {
		kubeletSays(w, http.StatusBadRequest, problem)
		return nil
	}
	conn, err := acceptWebSocket(w, r, channelProtocols...)
	switch {
	case errors.Is(err, errLeft):
		return nil
	case err != nil:
		return err
	}
	f := &socketForwarder{pod: pod, dialer: dialer, ports: ports}
	f.conn, f.text, f.idle = conn, conn.Subprotocol() == protocolV4Text, IdleTimeout
	for range ports {
		f.inboxes = append(f.inboxes, newInbox())
	}
	f.serve(r.Context())
	return nil
}

// portProblem is what a kubelet says of ports that it does not take, in the words of NewV4Options.
func portProblem(ports []int32) string {
	switch {
	case len(ports) == 0:
		return `query parameter "port" is required`
	case slices.Contains(ports, 0):
		return `port "0" must be > 0`
	}
	return ""
}

// socketForwarder serves one client.
type socketForwarder struct {
	socket
	pod     string
	dialer  Dialer
	ports   []int32
	inboxes []*inbox        // what came for each port
	ctx     context.Context // ends with the request, or when the client has left and the drain timeout is over
}

// serve holds the connections, and ends when they have.
func (f *socketForwarder) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = f.conn.NetConn().Close() }) // ends reads and writes that wait
	defer stop()
	f.ctx = ctx
	client, leave := context.WithCancel(ctx)
	var reading, forwarding sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	for i, port := range f.ports { // says that the connection stands
		number := binary.LittleEndian.AppendUint16(nil, uint16(port))
		_, _ = f.channel(i, dataChannel).Write(number)
		_, _ = f.channel(i, errorChannel).Write(number)
	}
	reading.Go(func() {
		f.sort()
		leave()
		drain := time.NewTimer(drainTimeout)
		defer drain.Stop()
		select {
		case <-drain.C:
			cancel()
		case <-ctx.Done():
		}
	})
	for i := range f.ports {
		forwarding.Go(func() { f.forward(client, i) })
	}
	forwarding.Wait()
	goodbye(client, f.conn)
}

// The two channels of a port.
const (
	dataChannel = iota
	errorChannel
	channelsPerPort
)

func (f *socketForwarder) channel(port, kind int) *channel {
	return &channel{&f.socket, byte(port*channelsPerPort + kind)}
}

// sort takes what the client sends until it leaves, or is silent with all its pods for [IdleTimeout].
func (f *socketForwarder) sort() {
	for {
		to, data, err := f.receive()
		if err != nil {
			break
		}
		if i := int(to) / channelsPerPort; int(to)%channelsPerPort == dataChannel && i < len(f.inboxes) {
			f.inboxes[i].put(data)
		}
	}
	for _, in := range f.inboxes {
		in.end()
	}
}

// lastWords is how long a pod that has ended its half still gets what the client has sent, as containerd's portForward
// gives it: the client has no means to end the other half.
const lastWords = 500 * time.Millisecond

// forward connects one port, until the pod ends the connection or the client has left.
func (f *socketForwarder) forward(client context.Context, i int) {
	in, port := f.inboxes[i], uint16(f.ports[i])
	conn, err := f.dialer.DialPort(f.ctx, port)
	if err != nil {
		in.end()
		f.report(i, err)
		return
	}
	var copies sync.WaitGroup
	defer copies.Wait()
	defer in.end()
	defer conn.Close()
	up, down := make(chan struct{}), make(chan struct{})
	copies.Go(func() {
		upload(conn, in)
		in.end() // what a pod does not want must not hold up the other ports
		close(up)
	})
	copies.Go(func() {
		f.report(i, download(f.channel(i, dataChannel), conn))
		close(down)
	})
	rest := f.ctx
	select {
	case <-client.Done():
	case <-down:
		var cancel context.CancelFunc
		rest, cancel = context.WithTimeout(f.ctx, lastWords)
		defer cancel()
	}
	select {
	case <-up:
	case <-rest.Done():
	}
}

// report tells the client why a port's connection has ended, if it was not in order.
func (f *socketForwarder) report(i int, err error) {
	if err != nil {
		_, _ = io.WriteString(f.channel(i, errorChannel), forwardError(uint16(f.ports[i]), f.pod, err))
	}
}
