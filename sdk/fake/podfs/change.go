package podfs

import (
	"io/fs"
	"syscall"
	"time"
)

// Chmod sets the permission bits, setuid, setgid and sticky of what a name leads to.
func (f *FS) Chmod(name string, mode fs.FileMode) error {
	return f.change("chmod", name, true, func(t *Tree, n *inode) error { return t.chmod(&f.who, n, mode) })
}

// Chown sets the owners of what a name leads to; -1 leaves one as it is.
func (f *FS) Chown(name string, uid, gid int) error {
	return f.change("chown", name, true, func(t *Tree, n *inode) error { return t.chown(&f.who, n, uid, gid) })
}

// Lchown is Chown that does not follow a symbolic link.
func (f *FS) Lchown(name string, uid, gid int) error {
	return f.change("lchown", name, false, func(t *Tree, n *inode) error { return t.chown(&f.who, n, uid, gid) })
}

// Chtimes sets the time of the last change, which is in the years from 1678 to 2262. The zero time leaves it, and the time of
// the last access is not kept at all.
func (f *FS) Chtimes(name string, _, mtime time.Time) error {
	return f.change("chtimes", name, true, func(t *Tree, n *inode) error { return t.chtimes(&f.who, n, mtime) })
}

// Truncate sets the size of a file. What is added reads as zeros and takes no space.
func (f *FS) Truncate(name string, size int64) error {
	if size < 0 {
		return pathError("truncate", name, syscall.EINVAL)
	}
	return f.change("truncate", name, true, func(t *Tree, n *inode) error {
		switch {
		case n.kind == fs.ModeDir:
			return syscall.EISDIR
		case n.kind != 0:
			return syscall.EINVAL
		}
		if err := t.allows(&f.who, n, write); err != nil {
			return err
		}
		return t.truncate(&f.who, n, size)
	})
}

func (f *FS) change(op, name string, follow bool, do func(*Tree, *inode) error) error {
	at, err := f.find(name, follow)
	if err == nil {
		err = f.writable(spot{mnt: at.mnt})
	}
	if err == nil {
		err = do(at.ino.tree, at.ino)
	}
	return pathError(op, name, err)
}
