package podfs

import (
	"io/fs"
	"syscall"
)

// lookup finds an entry of a directory. Nothing of the image is read while the lock is held.
func (t *Tree) lookup(who *Credentials, dir *inode, name string) (*inode, error) {
	if dir.kind != fs.ModeDir {
		return nil, syscall.ENOTDIR
	}
	if err := dir.load(); err != nil {
		return nil, err
	}
	t.mu.RLock()
	allowed := who.may(dir, execute)
	child, known := dir.entries.get(name)
	t.mu.RUnlock()
	if !allowed {
		return nil, syscall.EACCES
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	if !known && dir.lower != nil {
		t.mu.Lock()
		child = dir.get(name)
		t.mu.Unlock()
	}
	if child == nil {
		return nil, syscall.ENOENT
	}
	return child, nil
}

// add puts a new file into a directory. In a setgid directory it gets the directory's group, and a directory the bit too.
func (t *Tree) add(who *Credentials, dir *inode, name string, n *inode) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := dir.load(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.vacant(who, dir, name); err != nil {
		return err
	}
	if dir.perm&fs.ModeSetgid != 0 {
		n.gid = dir.gid
		if n.kind == fs.ModeDir {
			n.perm |= fs.ModeSetgid
		}
	}
	dir.put(name, n)
	return nil
}

// vacant tells whether one can make an entry. The directory is locked.
func (t *Tree) vacant(who *Credentials, dir *inode, name string) error {
	switch {
	case dir.links == 0:
		return syscall.ENOENT
	case dir.get(name) != nil:
		return syscall.EEXIST
	case !who.may(dir, write|execute):
		return syscall.EACCES
	}
	return nil
}

// link gives a file one more name.
func (t *Tree) link(who *Credentials, n, dir *inode, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := dir.load(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.vacant(who, dir, name); err != nil {
		return err
	}
	if n.kind == fs.ModeDir {
		return syscall.EPERM
	}
	if n.links == 0 {
		return syscall.ENOENT
	}
	dir.put(name, n)
	n.touched()
	return nil
}

// remove takes out a file, or a directory that is empty.
func (t *Tree) remove(who *Credentials, dir *inode, name string) error {
	for {
		child, err := t.lookup(who, dir, name)
		if err != nil {
			return err
		}
		if err := child.load(); err != nil {
			return err
		}
		t.mu.Lock()
		if dir.get(name) == child {
			defer t.mu.Unlock()
			return t.unlink(who, dir, name, child)
		}
		t.mu.Unlock() // Somebody put another file there.
	}
}

func (t *Tree) unlink(who *Credentials, dir *inode, name string, child *inode) error {
	if !who.mayUnlink(dir, child) {
		return denied(who, dir)
	}
	if child.kind == fs.ModeDir && !child.empty() {
		return syscall.ENOTEMPTY
	}
	dir.drop(name, child)
	child.touched()
	t.release(child)
	return nil
}

// denied is EPERM where only the sticky bit stands in the way, as on Linux.
func denied(who *Credentials, dir *inode) error {
	if who.may(dir, write|execute) {
		return syscall.EPERM
	}
	return syscall.EACCES
}

// rename gives a file another name in one step, in place of a file that has it. Over a directory it is refused with
// EEXIST, as os.Rename does.
func (t *Tree) rename(who *Credentials, from *inode, fromName string, to *inode, toName string) error {
	if err := checkName(toName); err != nil {
		return err
	}
	if err := from.load(); err != nil {
		return err
	}
	if err := to.load(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n, old := from.get(fromName), to.get(toName)
	if err := t.mayRename(who, n, from, to, old); err != nil || n == old {
		return err
	}
	if old != nil {
		to.drop(toName, old)
		old.touched()
		t.release(old)
	}
	from.drop(fromName, n)
	to.put(toName, n)
	n.touched()
	return nil
}

func (t *Tree) mayRename(who *Credentials, n, from, to, old *inode) error {
	switch {
	case n == nil, to.links == 0:
		return syscall.ENOENT
	case old != nil && old != n && old.kind == fs.ModeDir:
		return syscall.EEXIST
	case n != old && n.kind == fs.ModeDir && to.within(n):
		return syscall.EINVAL
	case !who.mayUnlink(from, n):
		return denied(who, from)
	case !who.may(to, write|execute):
		return syscall.EACCES
	case old != nil && !who.mayUnlink(to, old):
		return denied(who, to)
	case n != old && n.kind == fs.ModeDir && old != nil:
		return syscall.ENOTDIR
	case n.kind == fs.ModeDir && from != to && !who.may(n, write): // Its ".." changes.
		return syscall.EACCES
	}
	return nil
}

// within tells whether a directory is dir or lies in it. The tree is locked.
func (n *inode) within(dir *inode) bool {
	for ; n != nil; n = n.parent {
		if n == dir {
			return true
		}
	}
	return false
}
