package podfs

import (
	"io/fs"
	"syscall"
	"time"
)

// chmod sets the permission bits. That is for the owner; setgid needs the file's group too.
func (t *Tree) chmod(who *Credentials, n *inode, perm fs.FileMode) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !who.owns(n) {
		return syscall.EPERM
	}
	n.perm = perm & permBits
	if who.UID != 0 && !who.in(int(n.gid)) {
		n.perm &^= fs.ModeSetgid
	}
	n.touched()
	return nil
}

// chown sets the owners; -1 leaves one as it is. Only root may give a file away; an owner may choose among his groups.
func (t *Tree) chown(who *Credentials, n *inode, uid, gid int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if uid == -1 {
		uid = int(n.uid)
	}
	if gid == -1 {
		gid = int(n.gid)
	}
	if who.UID != 0 && (!who.owns(n) || uid != int(n.uid) || gid != int(n.gid) && !who.in(gid)) {
		return syscall.EPERM
	}
	n.uid, n.gid = uint32(uid), uint32(gid)
	if n.kind == 0 {
		n.perm &^= fs.ModeSetuid
		if n.perm&0o010 != 0 {
			n.perm &^= fs.ModeSetgid
		}
	}
	n.touched()
	return nil
}

// chtimes sets the time of the last change; the zero time leaves it.
func (t *Tree) chtimes(who *Credentials, n *inode, at time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !who.owns(n) {
		return syscall.EPERM
	}
	if !at.IsZero() {
		n.modTime = at.UnixNano()
	}
	n.touched()
	return nil
}

// allows tells whether one may do with a file what is wanted.
func (t *Tree) allows(who *Credentials, n *inode, want fs.FileMode) error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !who.may(n, want) {
		return syscall.EACCES
	}
	return nil
}
