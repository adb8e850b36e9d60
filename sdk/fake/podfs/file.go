package podfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"sync/atomic"
	"syscall"
)

// A File is an open file or directory, with the methods and errors of [os.File]. It lives on when its name is taken away,
// and answers [fs.ErrClosed] after Close or [Namespace.Close].
//
// A File can be used by any number of goroutines, which share its offset.
type File struct {
	view   *FS
	name   string
	at     spot
	flag   int
	stream io.ReadWriteCloser // of a device or a pipe; nil otherwise
	closed atomic.Bool

	mu     sync.Mutex // guards what follows
	offset int64
	list   []fs.DirEntry // what is left to be listed
	listed bool
}

var (
	_ fs.ReadDirFile     = (*File)(nil)
	_ io.ReadWriteSeeker = (*File)(nil)
	_ io.ReaderAt        = (*File)(nil)
	_ io.WriterAt        = (*File)(nil)
	_ io.StringWriter    = (*File)(nil)
)

// Name is the name as it was given to Open.
func (f *File) Name() string { return f.name }

// ready tells whether the file can still be used, and so.
func (f *File) ready(op string, want fs.FileMode) error {
	switch have := wanted(f.flag &^ os.O_TRUNC); {
	case f.closed.Load(), f.view.ns.ended.Load():
		return pathError(op, f.name, fs.ErrClosed)
	case want&have != want:
		return pathError(op, f.name, syscall.EBADF)
	case want != 0 && f.at.ino.kind == fs.ModeDir:
		return pathError(op, f.name, syscall.EISDIR)
	}
	return nil
}

// failed is what went wrong, unless it is the end of the file.
func (f *File) failed(op string, err error) error {
	if err == io.EOF {
		return err
	}
	return pathError(op, f.name, err)
}

// Read reads from the offset on.
func (f *File) Read(p []byte) (int, error) {
	if err := f.ready("read", read); err != nil {
		return 0, err
	}
	if f.stream != nil {
		n, err := f.stream.Read(p)
		return n, f.failed("read", err)
	}
	t := f.at.ino.tree
	if _, err := t.content(f.at.ino); err != nil {
		return 0, f.failed("read", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := t.readAt(f.at.ino, p, f.offset)
	f.offset += int64(n)
	return n, f.failed("read", err)
}

// ReadAt reads from a place and leaves the offset alone. It fills p, or tells why not.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if err := f.usableAt("read", read, len(p), off); err != nil || len(p) == 0 {
		return 0, err
	}
	n, err := f.at.ino.tree.readAt(f.at.ino, p, off)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, f.failed("read", err)
}

// Write writes at the offset, or at the end with O_APPEND.
func (f *File) Write(p []byte) (int, error) {
	if err := f.ready("write", write); err != nil {
		return 0, err
	}
	if f.stream != nil {
		n, err := f.stream.Write(p)
		return n, f.failed("write", err)
	}
	t := f.at.ino.tree
	if _, err := t.content(f.at.ino); err != nil {
		return 0, f.failed("write", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	off := f.offset
	if f.flag&os.O_APPEND != 0 {
		off = -1
	}
	n, end, err := t.writeAt(&f.view.who, f.at.ino, p, off)
	if n > 0 {
		f.offset = end
	}
	return n, f.failed("write", err)
}

// WriteString is Write.
func (f *File) WriteString(s string) (int, error) { return f.Write([]byte(s)) }

// WriteAt writes at a place and leaves the offset alone. A file opened with O_APPEND refuses.
func (f *File) WriteAt(p []byte, off int64) (int, error) {
	if f.flag&os.O_APPEND != 0 {
		return 0, errors.New("os: invalid use of WriteAt on file opened with O_APPEND")
	}
	if err := f.usableAt("write", write, len(p), off); err != nil || len(p) == 0 {
		return 0, err
	}
	n, _, err := f.at.ino.tree.writeAt(&f.view.who, f.at.ino, p, off)
	return n, f.failed("write", err)
}

// usableAt is ready for a read or write at an offset. One of nothing is always fine, as with package os.
func (f *File) usableAt(op string, want fs.FileMode, size int, off int64) error {
	if off < 0 {
		return pathError(op+"at", f.name, errors.New("negative offset"))
	}
	if size == 0 {
		return nil
	}
	if err := f.ready(op, want); err != nil {
		return err
	}
	if f.stream != nil {
		return pathError(op, f.name, syscall.ESPIPE)
	}
	return nil
}

// Seek sets the offset. It may be beyond the end. A directory can be rewound only; a pipe or device is ESPIPE.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	if err := f.ready("seek", 0); err != nil {
		return 0, err
	}
	if f.stream != nil {
		return 0, pathError("seek", f.name, syscall.ESPIPE)
	}
	size := f.at.ino.describe("").size
	f.mu.Lock()
	defer f.mu.Unlock()
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += size
	default:
		return 0, pathError("seek", f.name, syscall.EINVAL)
	}
	if offset < 0 {
		return 0, pathError("seek", f.name, syscall.EINVAL)
	}
	f.offset = offset
	f.list, f.listed = nil, false
	return offset, nil
}

// Stat describes the file, even if its name is gone.
func (f *File) Stat() (fs.FileInfo, error) {
	if err := f.ready("stat", 0); err != nil {
		return nil, err
	}
	return f.at.ino.describe(path.Base(f.name)), nil
}

// Truncate sets the size and leaves the offset alone.
func (f *File) Truncate(size int64) error {
	if err := f.ready("truncate", 0); err != nil {
		return err
	}
	if f.at.ino.kind != 0 || wanted(f.flag&^os.O_TRUNC)&write == 0 {
		return pathError("truncate", f.name, syscall.EINVAL)
	}
	return pathError("truncate", f.name, f.at.ino.tree.truncate(&f.view.who, f.at.ino, size))
}

// Chmod sets the permission bits.
func (f *File) Chmod(mode fs.FileMode) error {
	if err := f.ready("chmod", 0); err != nil {
		return err
	}
	if err := f.view.writable(spot{mnt: f.at.mnt}); err != nil {
		return pathError("chmod", f.name, err)
	}
	return pathError("chmod", f.name, f.at.ino.tree.chmod(&f.view.who, f.at.ino, mode))
}

// Chown sets the owners; -1 leaves one as it is.
func (f *File) Chown(uid, gid int) error {
	if err := f.ready("chown", 0); err != nil {
		return err
	}
	if err := f.view.writable(spot{mnt: f.at.mnt}); err != nil {
		return pathError("chown", f.name, err)
	}
	return pathError("chown", f.name, f.at.ino.tree.chown(&f.view.who, f.at.ino, uid, gid))
}

// Sync does nothing: what was written is there.
func (f *File) Sync() error { return f.ready("sync", 0) }

// ReadDir lists up to n more entries by name, and then io.EOF; all that are left, without io.EOF, if n is not positive.
func (f *File) ReadDir(n int) ([]fs.DirEntry, error) {
	if err := f.ready("readdir", 0); err != nil {
		return nil, err
	}
	if f.at.ino.kind != fs.ModeDir {
		return nil, pathError("readdirent", f.name, syscall.ENOTDIR)
	}
	all, err := f.view.list(f.at)
	if err != nil {
		return nil, pathError("readdirent", f.name, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.listed {
		f.list, f.listed = all, true
	}
	if n > 0 && len(f.list) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(f.list) {
		n = len(f.list)
	}
	list := f.list[:n:n]
	f.list = f.list[n:]
	return list, nil
}

// Close lets go of the file, and of its lock. A second Close is [fs.ErrClosed].
func (f *File) Close() error {
	if !f.closed.CompareAndSwap(false, true) {
		return pathError("close", f.name, fs.ErrClosed)
	}
	n, t := f.at.ino, f.at.ino.tree
	f.view.ns.open.remove(f)
	f.unlock()
	t.mu.Lock()
	n.opens--
	t.release(n)
	t.mu.Unlock()
	if f.stream != nil {
		return pathError("close", f.name, f.stream.Close())
	}
	return nil
}
