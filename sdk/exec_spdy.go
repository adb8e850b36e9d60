package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/streaming/pkg/httpstream"
)

// spdyRemote is a connection of v4.channel.k8s.io, with a SPDY stream for each of the command's.
type spdyRemote struct{ conn httpstream.Connection }

func (s *spdyRemote) close() { s.conn.Close() }

// remoteStreams are those of one command; what was not asked for is nil.
type remoteStreams struct {
	exit, stdin, resize httpstream.Stream
	outputs             [2]httpstream.Stream
}

func (s *spdyRemote) serve(ctx context.Context, o ExecOptions) error {
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	streams, err := s.open(o)
	if err != nil {
		s.close()
		return err
	}
	ended := make(chan struct{})
	var inputs, outputs sync.WaitGroup
	if o.Stdin != nil {
		inputs.Go(func() { // a server that wants no more of it says so by closing it
			io.Copy(io.Discard, streams.stdin)
			streams.stdin.Close()
		})
		go s.feed(streams.stdin, o.Stdin, ended)
	}
	if streams.resize != nil && o.Resize != nil {
		inputs.Go(func() { s.resize(streams.resize, o.Resize, ended) })
	}
	var failed [2]error
	for i, to := range o.output() {
		if to != nil {
			outputs.Go(func() { failed[i] = s.carry(to, streams.outputs[i]) })
		}
	}
	exit, _ := io.ReadAll(io.LimitReader(streams.exit, remoteMessage))
	outputs.Wait()
	close(ended)
	s.close()
	inputs.Wait()
	if err := errors.Join(failed[:]...); err != nil {
		return err
	}
	return exitOf(exit)
}

// open makes the streams in the order in which servers want them.
func (s *spdyRemote) open(o ExecOptions) (streams remoteStreams, err error) {
	for _, want := range []struct {
		name string
		open bool
		into *httpstream.Stream
	}{
		{corev1.StreamTypeError, true, &streams.exit},
		{corev1.StreamTypeStdin, o.Stdin != nil, &streams.stdin},
		{corev1.StreamTypeStdout, o.Stdout != nil, &streams.outputs[0]},
		{corev1.StreamTypeStderr, o.Stderr != nil, &streams.outputs[1]},
		{corev1.StreamTypeResize, o.TTY, &streams.resize},
	} {
		if !want.open {
			continue
		}
		if *want.into, err = s.conn.CreateStream(http.Header{corev1.StreamType: {want.name}}); err != nil {
			return streams, fmt.Errorf("open the stream %s: %w", want.name, err)
		}
	}
	return streams, nil
}

// carry copies an output to its end. What a writer does not take is thrown away, for it would hold up the other streams.
func (s *spdyRemote) carry(to io.Writer, from io.Reader) error {
	buffer := make([]byte, remoteChunk)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				s.close()
				return fmt.Errorf("write the command's output: %w", err)
			}
		}
		if err != nil {
			return nil
		}
	}
}

func (s *spdyRemote) feed(to io.WriteCloser, stdin io.Reader, ended <-chan struct{}) {
	buffer := make([]byte, remoteChunk)
	for {
		n, err := stdin.Read(buffer)
		select {
		case <-ended:
			return
		default:
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			to.Close()
			return
		}
	}
}

func (s *spdyRemote) resize(to io.Writer, sizes <-chan TerminalSize, ended <-chan struct{}) {
	encoder := json.NewEncoder(to)
	for {
		select {
		case size, ok := <-sizes:
			if !ok || encoder.Encode(size) != nil {
				return
			}
		case <-ended:
			return
		}
	}
}
