package podfs

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestDev(t *testing.T) {
	_, f := container(t, nil, Mount{Path: "/dev", Volume: NewDev(7)})
	equal(t, []string{"fd", "full", "mqueue", "null", "pts", "random", "shm", "stderr", "stdin", "stdout", "urandom", "zero"}, list(t, f, "/dev"))
	has(t, f, "/dev/null", "")
	ok(t, f.WriteFile("/dev/null", []byte("gone"), 0o644))
	is(t, f.WriteFile("/dev/full", []byte("no"), 0o644), syscall.ENOSPC)
	zero, err := f.Open("/dev/zero")
	ok(t, err)
	buffer := []byte("1234")
	_, err = io.ReadFull(zero, buffer)
	ok(t, err)
	equal(t, "\x00\x00\x00\x00", string(buffer))
	equal(t, "Dcrw-rw-rw-", mode(t, f, "/dev/null"))
	ok(t, f.WriteFile("/dev/shm/x", nil, 0o644))
	target, err := f.ReadLink("/dev/stdout")
	ok(t, err)
	equal(t, "/proc/self/fd/1", target)
}

func TestRandomIsTheSeeds(t *testing.T) {
	draw := func(seed uint64) (both [2][]byte) {
		_, f := container(t, nil, Mount{Path: "/dev", Volume: NewDev(seed)})
		for i := range both {
			random, err := f.Open("/dev/urandom")
			ok(t, err)
			both[i] = make([]byte, 64)
			_, err = io.ReadFull(random, both[i])
			ok(t, err)
		}
		return both
	}
	one := draw(1)
	equal(t, one, draw(1))
	if bytes.Equal(one[0], one[1]) || bytes.Equal(one[0], draw(2)[0]) {
		t.Error("two opens or two seeds give the same bytes")
	}
}

func TestStream(t *testing.T) {
	var out strings.Builder
	_, f := container(t, nil)
	ok(t, f.Mkdir("/proc/self", 0o755))
	ok(t, f.Mknod("/proc/self/0", 0o600, Stream(strings.NewReader("typed"), nil)))
	ok(t, f.Mknod("/proc/self/1", 0o600, Stream(nil, &out)))
	has(t, f, "/proc/self/0", "typed")
	ok(t, f.WriteFile("/proc/self/1", []byte("printed"), 0))
	equal(t, "printed", out.String())
	has(t, f, "/proc/self/1", "")
	is(t, f.WriteFile("/proc/self/0", []byte("x"), 0), syscall.EBADF)
	file, err := f.OpenFile("/proc/self/1", os.O_WRONLY, 0)
	ok(t, err)
	_, err = file.Seek(0, io.SeekStart)
	is(t, err, syscall.ESPIPE)
	_, err = file.WriteAt([]byte("x"), 3)
	is(t, err, syscall.ESPIPE)
}

func TestMknod(t *testing.T) {
	_, f := container(t, nil)
	broken := errors.New("no medium")
	ok(t, f.Mknod("/tmp/disk", fs.ModeDevice|0o660, func(int) (io.ReadWriteCloser, error) { return nil, broken }))
	equal(t, "Drw-r-----", mode(t, f, "/tmp/disk"))
	_, err := f.Open("/tmp/disk")
	words(t, "open /tmp/disk: no medium", err)
	is(t, f.Mknod("/tmp/disk", 0o600, nil), syscall.EEXIST)
	is(t, f.Mknod("/tmp/x", fs.ModeDir, nil), syscall.EINVAL)
}
