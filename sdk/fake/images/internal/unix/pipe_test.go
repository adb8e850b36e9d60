package unix

import (
	"bytes"
	"context"
	"errors"
	"io"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		read, write := Pipe()
		again := write.Dup()
		write.Close()
		write.Close()
		big := bytes.Repeat([]byte("x"), 3*pipeSize)
		go func() {
			<-time.After(time.Second)
			_, _ = again.Writer(ctx).Write(big)
			again.Close()
		}()
		got, err := io.ReadAll(read.Reader(ctx))
		if err != nil || !bytes.Equal(got, big) {
			t.Errorf("%d bytes of %d, %v", len(got), len(big), err)
		}
	})
}

func TestPipeWithoutReader(t *testing.T) {
	read, write := Pipe()
	read.Close()
	if _, err := write.Writer(t.Context()).Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("error %v, want EPIPE", err)
	}
	if _, err := write.Reader(t.Context()).Read(make([]byte, 1)); !errors.Is(err, syscall.EBADF) {
		t.Errorf("reading the end for writing: %v, want EBADF", err)
	}
}

// TestReadIsLeft: who stops waiting loses nothing for who reads next.
func TestReadIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		f := NewFile(r, nil, nil)
		gone, leave := context.WithCancelCause(t.Context())
		leave(errors.New("gone"))
		if _, err := f.Reader(gone).Read(make([]byte, 4)); err == nil || err.Error() != "gone" {
			t.Errorf("error %v", err)
		}
		go func() { _, _ = w.Write([]byte("typed")); _ = w.Close() }()
		got, err := io.ReadAll(f.Reader(t.Context()))
		if err != nil || string(got) != "typed" {
			t.Errorf("%q, %v", got, err)
		}
	})
}
