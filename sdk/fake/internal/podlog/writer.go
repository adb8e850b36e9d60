package podlog

import (
	"bytes"
	"fmt"
	"io/fs"
)

// writer turns what a container writes to one stream into records.
type writer struct {
	log     *Log
	stream  string
	pending []byte // text of the line that is not complete yet; at most MaxRecord bytes, and a \r
}

// keepPending is the largest buffer that a writer keeps between lines.
const keepPending = 1 << 10

// Write takes all of p, or nothing if the log is closed.
func (w *writer) Write(p []byte) (int, error) {
	rotated, err := w.write(p)
	if rotated != nil {
		rotated()
	}
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// write returns whom to tell of a rotation, if there was one.
func (w *writer) write(p []byte) (rotated func(), err error) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	if w.log.closed {
		return nil, fmt.Errorf("write %s log: the container has ended: %w", w.stream, fs.ErrClosed)
	}
	before := w.log.rotations
	for rest := p; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		if ended {
			w.finish(line)
		} else {
			w.hold(line)
		}
		rest = after
	}
	w.log.wake()
	if w.log.rotations != before {
		rotated = w.log.rotated
	}
	return rotated, nil
}

// finish adds the end of a line. A \r before the newline is dropped, as containerd does.
func (w *writer) finish(text []byte) {
	if len(w.pending) > 0 {
		w.hold(text)
		text = w.pending
	}
	text = w.split(bytes.TrimSuffix(text, []byte{'\r'}))
	w.log.append(w.stream, full, text)
	w.release()
}

// hold keeps text that no newline has followed yet, and lets go of what can only be a partial record. A \r that would
// be one byte too many is kept, since a newline may follow.
func (w *writer) hold(text []byte) {
	for len(text) > 0 {
		if len(w.pending) > MaxRecord {
			w.shift()
		}
		n := min(len(text), MaxRecord+1-len(w.pending))
		w.pending = append(w.pending, text[:n]...)
		text = text[n:]
	}
	if n := len(w.pending); n > MaxRecord && w.pending[n-1] != '\r' {
		w.shift()
	}
}

// shift moves one partial record from the pending text to the log.
func (w *writer) shift() {
	w.log.append(w.stream, partial, w.pending[:MaxRecord])
	w.pending = append(w.pending[:0], w.pending[MaxRecord:]...)
}

// split adds text as partial records until the rest, which it returns, fits into one.
func (w *writer) split(text []byte) []byte {
	for len(text) > MaxRecord {
		w.log.append(w.stream, partial, text[:MaxRecord])
		text = text[MaxRecord:]
	}
	return text
}

// flush adds the text of a line that will never be complete, flagged partial.
func (w *writer) flush() {
	if len(w.pending) > 0 {
		w.log.append(w.stream, partial, w.split(w.pending))
		w.pending = nil
	}
}

func (w *writer) release() {
	if cap(w.pending) > keepPending {
		w.pending = nil
	}
	w.pending = w.pending[:0]
}
