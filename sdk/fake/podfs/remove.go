package podfs

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// Remove takes away a file, or a directory that is empty. A mount point is EBUSY. Files that are open stay readable and
// writable for those who have them.
func (f *FS) Remove(name string) error {
	w, err := f.walk(untrailed(name), false, nil)
	if err == nil {
		err = f.removable(&w)
	}
	if err == nil && w.at.ino.kind != fs.ModeDir && trailingSlash(name) {
		err = syscall.ENOTDIR
	}
	if err == nil {
		err = w.dir.ino.tree.remove(&f.who, w.dir.ino, w.name)
	}
	return pathError("remove", name, err)
}

func (f *FS) removable(w *found) error {
	switch {
	case w.at.ino == nil:
		return syscall.ENOENT
	case w.name == ".":
		return syscall.EINVAL
	case w.name == "..":
		return syscall.ENOTEMPTY
	case w.name == "", w.at.mnt != w.dir.mnt:
		return syscall.EBUSY
	}
	return f.writable(w.dir)
}

// RemoveAll takes away a file or directory with all that is in it. One that is missing is fine. What cannot be removed, such as
// a mount point, stays, the rest goes, and the first problem is returned.
func (f *FS) RemoveAll(name string) error {
	if name == "" {
		return nil
	}
	if name == "." || strings.HasSuffix(name, "/.") {
		return pathError("RemoveAll", name, syscall.EINVAL)
	}
	w, err := f.walk(untrailed(name), false, nil)
	if err == nil && w.at.ino != nil {
		err = f.removeAll(w)
	}
	if errors.Is(err, syscall.ENOENT) {
		return nil
	}
	return pathError("unlinkat", name, err)
}

func (f *FS) removeAll(w found) error {
	first := f.removeEntries(&w)
	err := f.removable(&w)
	if err == nil {
		err = w.dir.ino.tree.remove(&f.who, w.dir.ino, w.name)
	}
	if first == nil || errors.Is(err, syscall.ENOENT) {
		first = err
	}
	return first
}

// removeEntries empties a directory as far as it can.
func (f *FS) removeEntries(w *found) error {
	if w.at.ino.kind != fs.ModeDir {
		return nil
	}
	list, err := f.list(w.at)
	if err != nil {
		return err
	}
	if err := w.at.ino.tree.allows(&f.who, w.at.ino, read|execute); err != nil && len(list) > 0 {
		return err
	}
	var first error
	for _, entry := range list {
		at, err := f.step(w.at, entry.Name())
		if err == nil {
			err = f.removeAll(found{dir: w.at, name: entry.Name(), at: at})
		}
		if first == nil && !errors.Is(err, syscall.ENOENT) {
			first = err
		}
	}
	return first
}

// Rename gives a file another name, in one step: whoever opens the new name gets the old file or the new one, never none.
// A file that has the name is replaced, a directory is not (EEXIST). Both must be in one volume (EXDEV).
func (f *FS) Rename(oldname, newname string) error {
	return linkError("rename", oldname, newname, f.rename(oldname, newname))
}

func (f *FS) rename(oldname, newname string) error {
	if info, err := f.Lstat(newname); err == nil && info.IsDir() {
		old, err := f.Lstat(oldname)
		if err != nil {
			return err
		}
		if oldname == newname || !SameFile(old, info) {
			return syscall.EEXIST
		}
	}
	from, err := f.walk(untrailed(oldname), false, nil)
	if err != nil {
		return err
	}
	to, err := f.walk(untrailed(newname), false, nil)
	if err != nil && (to.dir.ino == nil || from.at.ino != nil && from.proper()) {
		return err
	}
	switch {
	case from.dir.mnt != to.dir.mnt:
		return syscall.EXDEV
	case !from.proper(), err == nil && !to.proper():
		return syscall.EBUSY
	case from.at.ino == nil:
		return syscall.ENOENT
	case from.at.ino.kind != fs.ModeDir && (trailingSlash(oldname) || trailingSlash(newname)):
		return syscall.ENOTDIR
	case from.at.mnt != from.dir.mnt, to.at.mnt != to.dir.mnt:
		return syscall.EBUSY
	}
	if err := f.writable(from.dir); err != nil {
		return err
	}
	return from.dir.ino.tree.rename(&f.who, from.dir.ino, from.name, to.dir.ino, to.name)
}
