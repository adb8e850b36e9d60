package sdk

import (
	"encoding/binary"
	"errors"
	"io"
	"syscall"
	"time"
)

// receive hands out what the server sends, until the connection ends.
func (s *session) receive() {
	s.read()
	s.wire.Close() // ends a send that blocks
	s.mu.Lock()
	tunnels := inOrder(s.streams)
	s.streams = nil
	s.mu.Unlock()
	close(s.lost)
	for _, t := range tunnels {
		t.lose()
	}
}

// Read is the wire's, and notes that there is life in it.
func (s *session) Read(p []byte) (int, error) {
	n, err := s.wire.Read(p)
	s.heard.Add(1)
	return n, err
}

func (s *session) read() error {
	buffer := make([]byte, spdyHead)
	for {
		head, err := readHead(s, buffer)
		if err != nil {
			return err
		}
		if head.kind == 0 {
			err = s.data(head)
		} else {
			err = s.control(head)
		}
		if err != nil {
			return err
		}
	}
}

// tunnelOf returns whose stream it is; nil if it has ended.
func (s *session) tunnelOf(id uint32) *tunnel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stream := s.streams[id]; stream != nil {
		return stream.tunnel
	}
	return nil
}

func (s *session) data(head frameHead) error {
	t := s.tunnelOf(head.stream)
	var err error
	switch {
	case t == nil:
		return skip(s, head.length)
	case head.stream == t.errs:
		err = t.hear(s, head.length)
	default:
		err = t.arrived.fill(s, head.length, t.closed, s.held.Store)
	}
	if err == nil && head.flags&spdyFin != 0 {
		s.ended(head.stream, io.EOF)
	}
	return err
}

var errGoAway = errors.New("the server ends the connection")

func (s *session) control(head frameHead) error {
	body := make([]byte, head.length)
	if _, err := io.ReadFull(s, body); err != nil {
		return err
	}
	if head.kind == spdyGoAway {
		return errGoAway
	}
	if len(body) < 4 {
		return nil
	}
	id := binary.BigEndian.Uint32(body)
	if head.kind == spdyPing && id%2 == 0 {
		s.out.control(func(frames []byte) []byte { return appendControl(frames, spdyPing, id) })
	}
	switch head.kind {
	case spdyReply:
		s.answer(id, nil)
		if head.flags&spdyFin != 0 {
			s.ended(id, io.EOF)
		}
	case spdyReset:
		s.answer(id, errRefused)
		s.ended(id, syscall.ECONNRESET)
	}
	return nil
}

var errRefused = errors.New("the server refuses the stream")

// answer is told of the first word on a stream, and of others that change nothing.
func (s *session) answer(id uint32, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stream := s.streams[id]
	if stream == nil || stream.answered {
		return
	}
	stream.answered = true
	stream.unanswered--
	if err == nil && id == stream.errs { // nothing is written to it
		s.out.control(func(frames []byte) []byte { return appendFin(frames, id) })
	}
	if err != nil || stream.unanswered == 0 {
		stream.settle(err)
	}
	if stream.unanswered == 0 && stream.released {
		s.drop(stream.tunnel)
	}
}

// ended is told that nothing more comes on a stream, and why.
func (s *session) ended(id uint32, reason error) {
	s.mu.Lock()
	stream := s.streams[id]
	delete(s.streams, id)
	s.mu.Unlock()
	switch {
	case stream == nil: // whoever closed the tunnel was first
	case id == stream.errs:
		stream.reported()
	default:
		stream.dataEnded(reason)
	}
}

// send sends what waits, until there is nothing more to come.
func (s *session) send() {
	defer close(s.sent)
	var spare []byte
	for {
		frames := s.out.next(spare, s.lost)
		if frames == nil {
			break
		}
		if s.wire.send(frames) != nil {
			s.wire.Close() // which the reader notices
			return
		}
		if spare = frames; cap(spare) > 2*outboxSize {
			spare = nil
		}
	}
	s.wire.goodbye()
}

// listen ends the connection if there is no sign of life for too long, though somebody waits for it.
func (s *session) listen() {
	ticker := time.NewTicker(pingPeriod)
	defer ticker.Stop()
	heard, silent := int64(0), 0
	for id := uint32(1); ; id += 2 {
		select {
		case <-ticker.C:
		case <-s.lost:
			return
		}
		silent++
		if now := s.heard.Load(); now != heard || s.held.Load() {
			heard, silent = now, 0
		}
		if silent > silentPings {
			s.wire.Close()
			return
		}
		s.out.control(func(frames []byte) []byte { return appendControl(frames, spdyPing, id) })
	}
}
