package podfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

const accessMode = os.O_RDONLY | os.O_WRONLY | os.O_RDWR

// OpenFile opens a file with the flags of package os: one of O_RDONLY, O_WRONLY and O_RDWR, and any of O_APPEND, O_CREATE,
// O_EXCL and O_TRUNC; O_SYNC changes nothing. perm is the mode of a file that is made, less the umask.
// A pipe waits for the other end unless syscall.O_NONBLOCK is given.
func (f *FS) OpenFile(name string, flag int, perm fs.FileMode) (*File, error) {
	for {
		at, created, err := f.place(name, flag, perm)
		if errors.Is(err, syscall.EEXIST) && flag&os.O_EXCL == 0 {
			continue // Somebody else has just made it.
		}
		if err == nil && !created {
			err = f.mayOpen(at, flag)
		}
		if err != nil {
			return nil, pathError("open", name, err)
		}
		return f.start(name, at, flag)
	}
}

// place finds the file to open, or makes it.
func (f *FS) place(name string, flag int, perm fs.FileMode) (at spot, created bool, err error) {
	create := flag&os.O_CREATE != 0
	exclusive := create && flag&os.O_EXCL != 0
	slash := create && trailingSlash(name)
	if slash {
		name = untrailed(name)
	}
	w, err := f.walk(name, !exclusive && !slash, nil)
	switch {
	case create && w.dirs, err == nil && slash:
		return at, false, syscall.EISDIR
	case err != nil:
		return at, false, err
	case w.at.ino != nil && exclusive:
		return at, false, syscall.EEXIST
	case w.at.ino != nil && create && w.at.ino.kind == fs.ModeDir:
		return at, false, syscall.EISDIR
	case w.at.ino != nil:
		return w.at, false, nil
	case !create:
		return at, false, syscall.ENOENT
	}
	err = f.make(&w, w.dir.ino.tree.newInode(0, perm&permBits&^f.umask, &f.who))
	return w.at, true, err
}

// mayOpen tells whether a file that is there may be opened so.
func (f *FS) mayOpen(at spot, flag int) error {
	want := wanted(flag)
	switch {
	case at.ino.kind == fs.ModeSymlink:
		return syscall.ELOOP
	case at.ino.kind == fs.ModeDir && want&write != 0:
		return syscall.EISDIR
	case at.ino.kind == fs.ModeSocket:
		return syscall.ENXIO
	}
	if err := at.ino.tree.allows(&f.who, at.ino, want); err != nil {
		return err
	}
	if want&write != 0 {
		return f.writable(at)
	}
	return nil
}

func wanted(flag int) fs.FileMode {
	want := read
	switch flag & accessMode {
	case os.O_WRONLY:
		want = write
	case os.O_RDWR:
		want = read | write
	}
	if flag&os.O_TRUNC != 0 {
		want |= write
	}
	return want
}

// start opens what was found.
func (f *FS) start(name string, at spot, flag int) (*File, error) {
	file := &File{view: f, name: name, at: at, flag: flag}
	n, t := at.ino, at.ino.tree
	if special, ok := n.node.(opener); ok {
		stream, err := special.open(n, f.ns.done, flag)
		if err != nil {
			return nil, pathError("open", name, err)
		}
		file.stream = stream
	}
	t.mu.Lock()
	n.opens++
	t.mu.Unlock()
	if err := f.ns.open.add(file); err != nil {
		return nil, errors.Join(pathError("open", name, err), file.Close())
	}
	if flag&os.O_TRUNC != 0 && n.kind == 0 {
		if err := t.truncate(&f.who, n, 0); err != nil {
			return nil, errors.Join(pathError("open", name, err), file.Close())
		}
	}
	return file, nil
}

// readSpecial reads what is no regular file to its end.
func (f *FS) readSpecial(name string) ([]byte, error) {
	file, err := f.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
