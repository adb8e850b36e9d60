package stream

import (
	"bytes"
	"io"
	"testing"
)

// record is a connection that keeps what is written to it.
type record struct {
	hijacked
	writes []string
	err    error
}

func (r *record) Write(p []byte) (int, error) {
	r.writes = append(r.writes, string(p))
	return len(p), r.err
}

func TestWireWritesWholeFrames(t *testing.T) {
	control := []byte("\x80\x03\x00\x06\x00\x00\x00\x04ping")
	data := append([]byte("\x00\x00\x00\x01\x01\x01\x00\x00"), bytes.Repeat([]byte("x"), 1<<16)...)
	empty := []byte("\x00\x00\x00\x01\x01\x00\x00\x00")
	for _, size := range []int{1, 2, 4, 7, 8, 1000} {
		r := &record{}
		c := &wire{Conn: r}
		for _, frame := range [][]byte{control, data, empty, control} {
			for rest := frame; len(rest) > 0; {
				n := min(size, len(rest))
				written, err := c.Write(rest[:n])
				ok(t, err)
				equal(t, n, written)
				rest = rest[n:]
			}
		}
		equal(t, []string{string(control), string(data), string(empty), string(control)}, r.writes)
	}
	if _, err := (&wire{Conn: &record{err: io.ErrClosedPipe}}).Write(empty); err != io.ErrClosedPipe {
		t.Errorf("Write = %v", err)
	}
}
