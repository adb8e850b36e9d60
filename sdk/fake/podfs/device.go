package podfs

import (
	"io"
	"io/fs"
	"syscall"
)

// A Device is what stands behind a device file: it is called for each open, with the flags of [FS.OpenFile], and no lock is
// held. What it returns must end its Read when it is closed. An error is the error of the open.
type Device func(flag int) (io.ReadWriteCloser, error)

// opener is what an inode has that is not just bytes. done is closed when the container's files are.
type opener interface {
	open(n *inode, done <-chan struct{}, flag int) (io.ReadWriteCloser, error)
}

func (d Device) open(_ *inode, _ <-chan struct{}, flag int) (io.ReadWriteCloser, error) {
	return d(flag)
}

// Mknod makes a device file, which only root may. The mode's type is fs.ModeDevice, with fs.ModeCharDevice or, for a block
// device, without; none is a character device.
func (f *FS) Mknod(name string, mode fs.FileMode, d Device) error {
	kind := mode.Type()
	if kind == 0 {
		kind = fs.ModeDevice | fs.ModeCharDevice
	}
	if kind&^fs.ModeCharDevice != fs.ModeDevice {
		return pathError("mknod", name, syscall.EINVAL)
	}
	if f.who.UID != 0 {
		return pathError("mknod", name, syscall.EPERM)
	}
	return f.special("mknod", name, kind, mode, d)
}

func (f *FS) special(op, name string, kind, perm fs.FileMode, node any) error {
	w, err := f.vacancy(name)
	if err == nil {
		n := w.dir.ino.tree.newInode(kind, perm&permBits&^f.umask, &f.who)
		n.node = node
		err = f.make(&w, n)
	}
	return pathError(op, name, err)
}

// stream is a device made of two functions.
type stream struct {
	read, write func(p []byte) (int, error)
}

func (s stream) Read(p []byte) (int, error)  { return s.read(p) }
func (s stream) Write(p []byte) (int, error) { return s.write(p) }
func (s stream) Close() error                { return nil }

// Stream is a [Device] that reads and writes the same stream whoever opens it, such as a program's standard output. Nil
// reads as the end of the file, or refuses writing with EBADF. Closing the file neither closes them nor ends a Read that
// waits.
func Stream(r io.Reader, w io.Writer) Device {
	s := stream{
		read:  func([]byte) (int, error) { return 0, io.EOF },
		write: func([]byte) (int, error) { return 0, syscall.EBADF },
	}
	if r != nil {
		s.read = r.Read
	}
	if w != nil {
		s.write = w.Write
	}
	return func(int) (io.ReadWriteCloser, error) { return s, nil }
}
