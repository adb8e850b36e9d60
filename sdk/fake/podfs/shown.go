package podfs

import (
	"errors"
	"io"
	"io/fs"
	"syscall"
	"time"
)

// A Shown is the content of a file that is kept somewhere else, such as the log of a container. Its methods are called by any number of
// goroutines. What was once read must not change, but there may be more each time.
type Shown interface {
	io.ReaderAt
	Size() int64
	ModTime() time.Time
}

// Show makes a regular file that shows what a source has. It can be read, renamed and removed; writing to it and cutting it short is
// EPERM, as for a file that chattr has made immutable. Those who watch it or its directory are told that it was made, not that it grew. An
// error is that of [FS.Mkfifo].
func (f *FS) Show(name string, perm fs.FileMode, s Shown) error {
	return f.special("show", name, 0, perm, s)
}

// shown is where the content of a file is, if that is not in the tree.
func (n *inode) shown() (Shown, bool) {
	s, ok := n.node.(Shown)
	return s, ok
}

// readShown is readAt for a source: less than is asked for is no error, unless it is nothing.
func readShown(s Shown, p []byte, off int64) (int, error) {
	n, err := s.ReadAt(p, off)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// fixed says why a file cannot be changed that shows a source.
func (n *inode) fixed() error {
	if _, ok := n.shown(); ok {
		return syscall.EPERM
	}
	return nil
}
