package podfs

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Create makes a file, or empties one, and opens it for reading and writing.
func (f *FS) Create(name string) (*File, error) {
	return f.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
}

// WriteFile writes a whole file, making it with the mode if it is missing.
func (f *FS) WriteFile(name string, data []byte, perm fs.FileMode) error {
	file, err := f.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// Mkdir makes a directory.
func (f *FS) Mkdir(name string, perm fs.FileMode) error {
	return pathError("mkdir", name, f.mkdir(name, perm))
}

func (f *FS) mkdir(name string, perm fs.FileMode) error {
	w, err := f.walk(untrailed(name), false, nil)
	if err != nil {
		return err
	}
	if w.at.ino != nil || !w.proper() {
		return syscall.EEXIST
	}
	return f.make(&w, w.dir.ino.tree.newInode(fs.ModeDir, perm&(fs.ModePerm|fs.ModeSticky)&^f.umask, &f.who))
}

// untrailed is a path without the slashes at its end: what makes and removes entries does not follow a link there.
func untrailed(name string) string {
	trimmed := strings.TrimRight(name, "/")
	if trimmed == "" && name != "" {
		return "/"
	}
	return trimmed
}

// make puts a new file where walk found none.
func (f *FS) make(w *found, n *inode) error {
	if err := f.writable(w.dir); err != nil {
		return err
	}
	if err := w.dir.ino.tree.add(&f.who, w.dir.ino, w.name, n); err != nil {
		return err
	}
	w.at = spot{w.dir.mnt, n}
	return nil
}

// MkdirAll makes a directory with all above it. One that is there is fine.
func (f *FS) MkdirAll(name string, perm fs.FileMode) error {
	if info, err := f.Stat(name); err == nil {
		if info.IsDir() {
			return nil
		}
		return pathError("mkdir", name, syscall.ENOTDIR)
	}
	trimmed := strings.TrimRight(name, "/")
	if slash := strings.LastIndexByte(trimmed, '/'); slash > 0 {
		if err := f.MkdirAll(trimmed[:slash], perm); err != nil {
			return err
		}
	}
	err := f.Mkdir(name, perm)
	if err != nil {
		if info, statErr := f.Lstat(name); statErr == nil && info.IsDir() {
			return nil
		}
	}
	return err
}

// Symlink makes a symbolic link called name that leads to target. Nothing need be there.
func (f *FS) Symlink(target, name string) error {
	return linkError("symlink", target, name, f.symlink(target, name))
}

func (f *FS) symlink(target, name string) error {
	if err := f.checkPath(target); err != nil {
		return err
	}
	w, err := f.vacancy(name)
	if err != nil {
		return err
	}
	n := w.dir.ino.tree.newInode(fs.ModeSymlink, fs.ModePerm, &f.who)
	n.node = symlink(target)
	return f.make(&w, n)
}

// vacancy finds a place for a new file that is no directory.
func (f *FS) vacancy(name string) (found, error) {
	w, err := f.walk(untrailed(name), false, nil)
	switch {
	case err != nil:
		return w, err
	case w.at.ino != nil || !w.proper():
		return w, syscall.EEXIST
	case trailingSlash(name):
		return w, syscall.ENOENT
	}
	return w, nil
}

// Link gives a file one more name. Both must be in one volume, and it must not be a directory.
func (f *FS) Link(oldname, newname string) error {
	return linkError("link", oldname, newname, f.link(oldname, newname))
}

func (f *FS) link(oldname, newname string) error {
	old, err := f.find(oldname, false)
	if err != nil {
		return err
	}
	w, err := f.vacancy(newname)
	if err != nil {
		return err
	}
	if old.mnt != w.dir.mnt {
		return syscall.EXDEV
	}
	if old.ino.kind == fs.ModeDir {
		return syscall.EPERM
	}
	if err := f.writable(w.dir); err != nil {
		return err
	}
	return w.dir.ino.tree.link(&f.who, old.ino, w.dir.ino, w.name)
}
