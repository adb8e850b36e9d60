package podfs

import "io/fs"

// OwnershipOptions say how [Tree.SetOwnership] works. The zero value changes everything, for writing.
type OwnershipOptions struct {
	// ReadOnly gives the group the right to read only.
	ReadOnly bool
	// OnRootMismatch is fsGroupChangePolicy OnRootMismatch: nothing is changed if the root is as it should be already.
	OnRootMismatch bool
}

// SetOwnership gives a volume to a pod's fsGroup, as the kubelet's VolumeOwnership.ChangePermissions does: each file gets
// the group and the right of the group to read and write it, directories also to be searched and to hand the group down
// to new files. Symbolic links get the group only.
func (t *Tree) SetOwnership(fsGroup int64, o OwnershipOptions) {
	mask := fs.FileMode(0o660)
	if o.ReadOnly {
		mask = 0o440
	}
	if o.OnRootMismatch && t.owned(int(fsGroup), mask|0o110) {
		return
	}
	t.FS().own(spot{ino: t.root}, int(fsGroup), mask)
}

// owned tells whether the root is as it should be, as requiresPermissionChange does.
func (t *Tree) owned(gid int, mask fs.FileMode) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.root.gid == uint32(gid) && t.root.perm&mask == mask && t.root.perm&fs.ModeSetgid != 0
}

// own changes a file after what is in it. A directory of an image that cannot be read is left as it is.
func (f *FS) own(at spot, gid int, mask fs.FileMode) {
	n := at.ino
	if n.kind == fs.ModeDir {
		list, _ := f.list(at)
		for _, entry := range list {
			if child, err := n.tree.lookup(&f.who, n, entry.Name()); err == nil {
				f.own(spot{ino: child}, gid, mask)
			}
		}
		mask |= fs.ModeSetgid | 0o110
	}
	n.tree.mu.Lock()
	defer n.tree.mu.Unlock()
	n.gid = uint32(gid)
	if n.kind != fs.ModeSymlink {
		n.perm |= mask
	}
	n.touched()
}
