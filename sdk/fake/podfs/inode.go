package podfs

import (
	"io/fs"
	"slices"
	"time"
)

// inode is a file of a tree, whatever its kind. All but the first group is guarded by the tree's lock. It is kept small,
// because every pod has dozens.
type inode struct {
	tree   *Tree
	node   any         // what stands behind a Device, a pipe or a socket; the target of a symbolic link
	kind   fs.FileMode // the type bits alone
	number uint32

	perm           fs.FileMode // permission bits, setuid, setgid and sticky
	uid, gid       uint32
	modTime        int64  // in nanoseconds since 1970
	version, below uint32 // go up with every change, of the file and of what is in a directory
	links, opens   int32  // names that it has, and files open on it
	parent         *inode // the directory that it was put into last; nil at the root

	lower   *imageNode // of a directory: what entries does not say; of a file: its content until it is written
	entries *entries   // what a directory says of names; nil under one is for what was removed from lower
	data    []byte
	size    int64 // what is beyond data is a hole, which reads as zeros and takes no space

	released bool // has no name and is not open, so its space is free
	borrowed bool // data is somebody else's and must not be changed
	*visited
}

// visited is what few files have.
type visited struct {
	watches map[*Watch]struct{}
	lock    *flock
}

// symlink is the node of a symbolic link: where it leads.
type symlink string

// target is where a symbolic link leads.
func (n *inode) target() string { return string(n.node.(symlink)) }

// visit makes room for watches and locks.
func (n *inode) visit() *visited {
	if n.visited == nil {
		n.visited = &visited{watches: map[*Watch]struct{}{}}
	}
	return n.visited
}

// permBits are the mode bits that chmod sets.
const permBits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

// newInode makes a file that has no name yet.
func (t *Tree) newInode(kind, perm fs.FileMode, who *Credentials) *inode {
	return &inode{
		tree: t, kind: kind, number: t.numbers.Add(1), perm: perm & permBits,
		uid: uint32(who.UID), gid: uint32(who.GID), modTime: time.Now().UnixNano(),
	}
}

// fromImage makes the file that stands for one of an image.
func (t *Tree) fromImage(n *imageNode) *inode {
	return &inode{
		tree: t, kind: n.mode.Type(), number: t.numbers.Add(1), perm: n.mode & permBits,
		modTime: n.modTime.UnixNano(), size: n.size, node: n.node, lower: n,
	}
}

// load reads what the image has of a directory, so that its listing is there once the lock is held.
func (n *inode) load() error {
	if n.kind != fs.ModeDir || n.lower == nil {
		return nil
	}
	_, err := n.lower.children()
	return err
}

// image returns what the image has in a directory that was loaded.
func (n *inode) image() *listing {
	if n.lower == nil {
		return nil
	}
	return n.lower.listing.Load()
}

// get finds an entry. The tree is locked for writing, and the directory was loaded.
func (n *inode) get(name string) *inode {
	if child, known := n.entries.get(name); known {
		return child
	}
	l := n.image()
	if l == nil || l.nodes[name] == nil {
		return nil
	}
	child := n.tree.fromImage(l.nodes[name])
	child.links, child.parent = 1, n
	n.set(name, child)
	return child
}

func (n *inode) set(name string, child *inode) {
	if n.entries == nil {
		n.entries = &entries{}
	}
	n.entries.set(name, child)
}

// put gives child a name.
func (n *inode) put(name string, child *inode) {
	n.set(name, child)
	child.links++
	child.parent = n
	n.changed()
}

// drop takes the name from child. What the image has under it stays hidden.
func (n *inode) drop(name string, child *inode) {
	if l := n.image(); l != nil && l.nodes[name] != nil {
		n.set(name, nil)
	} else {
		n.entries.remove(name)
	}
	child.links--
	n.changed()
}

// names lists a directory in order.
func (n *inode) names() []string {
	var names []string
	for name, child := range n.entries.all() {
		if child != nil {
			names = append(names, name)
		}
	}
	if l := n.image(); l != nil {
		for _, name := range l.names {
			if _, known := n.entries.get(name); !known {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// empty tells whether a directory has no entry.
func (n *inode) empty() bool {
	for _, child := range n.entries.all() {
		if child != nil {
			return false
		}
	}
	l := n.image()
	return l == nil || !slices.ContainsFunc(l.names, func(name string) bool {
		_, known := n.entries.get(name)
		return !known
	})
}

// changed says that content or entries are other than before.
func (n *inode) changed() {
	n.modTime = time.Now().UnixNano()
	n.touched()
}

// touched says that something about the file is other than before, to those who watch it or its directory.
func (n *inode) touched() {
	n.version++
	n.notify()
	if p := n.parent; p != nil {
		p.below++
		p.notify()
	}
}

func (n *inode) notify() {
	if n.visited == nil {
		return
	}
	for w := range n.watches {
		w.wake()
	}
}
