package podfs

import (
	"io/fs"
	"slices"
)

// Credentials say who a program is. The zero value is root, who may do everything.
type Credentials struct {
	UID, GID int
	// Groups are the supplementary groups.
	Groups []int
}

// What a program may want of a file, as the three lowest permission bits.
const (
	read    fs.FileMode = 4
	write   fs.FileMode = 2
	execute fs.FileMode = 1
)

// may tells whether the permission bits let one do all that is wanted. Only the bits of the first class that fits count.
func (c *Credentials) may(n *inode, want fs.FileMode) bool {
	if c.UID == 0 {
		return want&execute == 0 || n.kind != 0 || n.perm&0o111 != 0
	}
	bits := n.perm
	switch {
	case int(n.uid) == c.UID:
		bits >>= 6
	case c.in(int(n.gid)):
		bits >>= 3
	}
	return bits&want == want
}

func (c *Credentials) in(gid int) bool {
	return c.GID == gid || slices.Contains(c.Groups, gid)
}

func (c *Credentials) owns(n *inode) bool {
	return c.UID == 0 || c.UID == int(n.uid)
}

// mayUnlink tells whether one may take child out of dir. In a sticky directory that is for the owner of either.
func (c *Credentials) mayUnlink(dir, child *inode) bool {
	if !c.may(dir, write|execute) {
		return false
	}
	return dir.perm&fs.ModeSticky == 0 || c.owns(child) || c.owns(dir)
}
