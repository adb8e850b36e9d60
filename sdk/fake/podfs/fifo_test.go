package podfs

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
)

func TestFifo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := NewEmptyDir(EmptyDirOptions{})
		_, one := container(t, nil, Mount{Path: "/v", Volume: v})
		_, two := container(t, nil, Mount{Path: "/v", Volume: v})
		ok(t, one.Mkfifo("/v/pipe", 0o600))
		long := bytes.Repeat([]byte("0123456789"), 20_000)
		written := make(chan error)
		go func() { written <- one.WriteFile("/v/pipe", long, 0) }()
		synctest.Wait()
		got, err := two.ReadFile("/v/pipe")
		ok(t, err)
		ok(t, <-written)
		equal(t, len(long), len(got))
		equal(t, true, bytes.Equal(long, got))
		equal(t, int64(0), v.Usage().Used)
	})
}

func TestFifoWithoutThePeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ns, f := container(t, nil)
		ok(t, f.Mkfifo("/tmp/pipe", 0o600))
		_, err := f.OpenFile("/tmp/pipe", os.O_WRONLY|syscall.O_NONBLOCK, 0)
		is(t, err, syscall.ENXIO)
		reader, err := f.OpenFile("/tmp/pipe", os.O_RDONLY|syscall.O_NONBLOCK, 0)
		ok(t, err)
		_, err = reader.Read(make([]byte, 1))
		is(t, err, io.EOF)
		writer, err := f.OpenFile("/tmp/pipe", os.O_WRONLY, 0)
		ok(t, err)
		_, err = reader.Read(make([]byte, 1))
		is(t, err, syscall.EAGAIN)
		ok(t, reader.Close())
		_, err = writer.WriteString("x")
		is(t, err, syscall.EPIPE)
		ok(t, writer.Close())

		both, err := f.OpenFile("/tmp/pipe", os.O_RDWR, 0)
		ok(t, err)
		closed := make(chan error)
		go func() { _, err := both.Read(make([]byte, 1)); closed <- err }()
		synctest.Wait()
		ok(t, both.Close())
		is(t, <-closed, fs.ErrClosed)

		opened := make(chan error)
		go func() { _, err := f.Open("/tmp/pipe"); opened <- err }()
		synctest.Wait()
		ns.Close()
		is(t, <-opened, fs.ErrClosed)
	})
}

// TestFifoOfADeadContainer holds that a reader sees the end when the container that writes is gone.
func TestFifoOfADeadContainer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := NewEmptyDir(EmptyDirOptions{})
		writing, one := container(t, nil, Mount{Path: "/v", Volume: v})
		_, two := container(t, nil, Mount{Path: "/v", Volume: v})
		ok(t, one.Mkfifo("/v/pipe", 0o600))
		go func() {
			if file, err := one.OpenFile("/v/pipe", os.O_WRONLY, 0); err == nil {
				_, _ = file.WriteString("last words")
				writing.Close()
			}
		}()
		has(t, two, "/v/pipe", "last words")
	})
}
