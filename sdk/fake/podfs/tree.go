package podfs

import (
	"io/fs"
	"sync"
	"sync/atomic"
)

// A Tree is a file system of its own: a volume, the files of a node, or the writable layer of a container. Any number of
// containers can have it mounted; each sees what the others write. [Tree.FS] reads and writes it from outside.
//
// A Tree can be used by any number of goroutines.
type Tree struct {
	mu      sync.RWMutex
	root    *inode
	numbers atomic.Uint32
	random  uint64

	limit, capacity int64
	used            int64
	exceeded        chan struct{} // made when asked for
	over            bool
}

// TreeOptions say what a tree begins as. The zero value is an empty directory that belongs to root, with mode 0755.
type TreeOptions struct {
	// Image is what is there at first. Nil is nothing.
	Image *Image
	// Mode are the permission bits of the root. Zero is 0755.
	Mode fs.FileMode
	// Limit is a number of bytes above which [Tree.Exceeded] tells. Writing goes on. Zero is no limit.
	Limit int64
	// Capacity is a number of bytes above which writing fails with ENOSPC. Zero is no limit.
	Capacity int64
	// Seed decides the random parts of names that [FS.CreateTemp], [FS.MkdirTemp] and volumes make.
	Seed uint64
}

// NewTree makes a tree.
func NewTree(o TreeOptions) *Tree {
	t := &Tree{limit: o.Limit, capacity: o.Capacity, random: o.Seed}
	if o.Image != nil {
		t.root = t.fromImage(o.Image.root)
	} else {
		t.root = t.newInode(fs.ModeDir, 0o755, &Credentials{})
	}
	if o.Mode != 0 {
		t.root.perm = o.Mode & permBits
	}
	t.root.links = 1
	return t
}

// FS is the tree as root sees it who has it alone: no mounts, no umask, paths from the tree's root. It is meant for the
// node, which fills volumes, and for tests, which look into them.
func (t *Tree) FS() *FS {
	return &FS{ns: NewNamespace(t, NamespaceOptions{}), dir: "/"}
}

// Usage is how full a tree is.
type Usage struct {
	// Used counts whole blocks of 4096 bytes of what was written, as du does. Holes, directories and the files of an image
	// that were not written cost nothing. A removed file counts until it is closed.
	Used int64
	// Capacity is what fits, and zero when there is no limit.
	Capacity int64
}

// Usage tells how full the tree is.
func (t *Tree) Usage() Usage {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return Usage{Used: t.used, Capacity: t.capacity}
}

// Exceeded is closed when the tree first holds more than [TreeOptions.Limit], and stays so. It is what evicts a pod whose
// emptyDir is over its sizeLimit. Without a limit it never closes.
func (t *Tree) Exceeded() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.exceeded == nil {
		t.exceeded = make(chan struct{})
		if t.over {
			close(t.exceeded)
		}
	}
	return t.exceeded
}

// charge counts the blocks of a file whose data grew or shrank. One that was let go of counts no more.
func (t *Tree) charge(n *inode, before, after int) {
	if n.released {
		return
	}
	t.used += blocks(after) - blocks(before)
	if t.limit == 0 || t.used <= t.limit || t.over {
		return
	}
	t.over = true
	if t.exceeded != nil {
		close(t.exceeded)
	}
}

// room is how long data can get, which has n bytes now.
func (t *Tree) room(n int) int64 {
	if t.capacity == 0 {
		return maxFile
	}
	return max(int64(n), t.capacity-t.used+blocks(n))
}

func blocks(n int) int64 { return (int64(n) + block - 1) / block * block }

// draw is the next of the tree's random numbers, by the splitmix64 generator.
func (t *Tree) draw() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.random += 0x9e3779b97f4a7c15
	z := t.random
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// release stops counting a file once it has no name and nobody has it open. Its content stays for who has just found it, or
// has it mounted.
func (t *Tree) release(n *inode) {
	if n.links == 0 && n.opens == 0 {
		t.charge(n, len(n.data), 0)
		n.released = true
	}
}
