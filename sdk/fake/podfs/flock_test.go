package podfs

import (
	"io/fs"
	"syscall"
	"testing"
	"testing/synctest"
)

func TestFlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := volume(t, map[string]string{"lock": ""})
		open := func() (*Namespace, *File) {
			ns, f := container(t, nil, Mount{Path: "/v", Volume: v})
			file, err := f.Open("/v/lock")
			ok(t, err)
			return ns, file.(*File)
		}
		_, a := open()
		_, b := open()
		ns, c := open()
		ok(t, a.Flock(LockShared))
		ok(t, b.Flock(LockShared|LockNonblock))
		is(t, b.Flock(LockExclusive|LockNonblock), syscall.EWOULDBLOCK)
		ok(t, b.Flock(LockRelease))
		ok(t, a.Flock(LockExclusive))
		is(t, b.Flock(LockShared|LockNonblock), syscall.EWOULDBLOCK)
		is(t, b.Flock(LockShared|LockExclusive), syscall.EINVAL)

		got := make(chan error, 1)
		go func() { got <- b.Flock(LockExclusive) }()
		synctest.Wait()
		equal(t, 0, len(got))
		ok(t, a.Close())
		ok(t, <-got)

		go func() { got <- c.Flock(LockExclusive) }()
		synctest.Wait()
		ns.Close()
		is(t, <-got, fs.ErrClosed)

		dying, d := open()
		ok(t, b.Close())
		ok(t, d.Flock(LockExclusive))
		_, e := open()
		go func() { got <- e.Flock(LockExclusive) }()
		synctest.Wait()
		dying.Close()
		ok(t, <-got)
	})
}
