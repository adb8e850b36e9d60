package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	gorilla "github.com/gorilla/websocket"
	"k8s.io/apimachinery/pkg/util/remotecommand"
)

const (
	pingTime = 5 * time.Second  // between two pings
	pongTime = 61 * time.Second // without a word, after which a connection is dead, as client-go has it
)

// webSocketRemote is a connection of v5.channel.k8s.io: the first byte of each message is the number of its stream.
type webSocketRemote struct {
	conn  *gorilla.Conn
	write sync.Mutex // one writer at a time, as package websocket wants
}

func (w *webSocketRemote) close() { w.conn.Close() }

// serve reads on the caller's goroutine; another one pings and resizes, and one more reads stdin.
func (w *webSocketRemote) serve(ctx context.Context, o ExecOptions) error {
	stop := context.AfterFunc(ctx, w.close)
	defer stop()
	ended := make(chan struct{})
	var tending sync.WaitGroup
	tending.Go(func() { w.tend(ended, o.Resize) })
	if o.Stdin != nil {
		go w.feed(o.Stdin, ended)
	}
	exit, err := w.read(o.output())
	close(ended)
	w.close() // ends a write that blocks
	tending.Wait()
	if err != nil {
		return err
	}
	return exitOf(exit)
}

// read takes messages until the server closes the connection, and returns what it said of the command's end.
func (w *webSocketRemote) read(outputs []io.Writer) (exit []byte, err error) {
	alive := func() error { return w.conn.SetReadDeadline(time.Now().Add(pongTime)) }
	w.conn.SetPongHandler(func(string) error { return alive() })
	buffer := make([]byte, remoteChunk)
	for {
		alive()
		kind, message, err := w.conn.NextReader()
		if gorilla.IsCloseError(err, gorilla.CloseNormalClosure) || err != nil && len(exit) > 0 {
			return exit, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNoExit, err)
		}
		if kind != gorilla.BinaryMessage {
			return nil, errors.New("the server sent text where the protocol has bytes")
		}
		if _, err := io.ReadFull(message, buffer[:1]); err != nil {
			continue // an empty message says nothing
		}
		switch stream := buffer[0]; stream {
		case remotecommand.StreamStdOut, remotecommand.StreamStdErr:
			if to := outputs[stream-remotecommand.StreamStdOut]; to != nil {
				if err := carry(to, message, buffer); err != nil {
					return nil, err
				}
			}
		case remotecommand.StreamErr:
			said, _ := io.ReadAll(io.LimitReader(message, remoteMessage))
			exit = append(exit, said...)
		}
	}
}

// carry copies a message. An error is the writer's: that of the connection shows when the next message is awaited.
func carry(to io.Writer, message io.Reader, buffer []byte) error {
	for {
		n, err := message.Read(buffer)
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return fmt.Errorf("write the command's output: %w", err)
			}
		}
		if err != nil {
			return nil
		}
	}
}

// send writes a message.
func (w *webSocketRemote) send(message []byte) error {
	w.write.Lock()
	defer w.write.Unlock()
	return w.conn.WriteMessage(gorilla.BinaryMessage, message)
}

// feed sends stdin until its end, and says so.
func (w *webSocketRemote) feed(stdin io.Reader, ended <-chan struct{}) {
	buffer := make([]byte, 1+remoteChunk)
	for {
		n, err := stdin.Read(buffer[1:])
		select {
		case <-ended:
			return
		default:
		}
		if n > 0 {
			buffer[0] = remotecommand.StreamStdIn
			if w.send(buffer[:1+n]) != nil {
				return // the connection is gone, which the reader sees
			}
		}
		if err != nil {
			w.send([]byte{remotecommand.StreamClose, remotecommand.StreamStdIn})
			return
		}
	}
}

// tend pings, and tells of the terminal's size.
func (w *webSocketRemote) tend(ended <-chan struct{}, resize <-chan TerminalSize) {
	ticker := time.NewTicker(pingTime)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			w.conn.WriteControl(gorilla.PingMessage, nil, time.Now().Add(pingTime))
		case size, ok := <-resize:
			if !ok {
				resize = nil
				continue
			}
			text, _ := json.Marshal(size) // two numbers
			w.send(append([]byte{remotecommand.StreamResize}, text...))
		case <-ended:
			return
		}
	}
}
