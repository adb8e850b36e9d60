package podfs

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// A Namespace is the files that one container sees: its own tree at the root, and volumes mounted into it.
//
// A Namespace can be used by any number of goroutines.
type Namespace struct {
	root    *mounted
	options NamespaceOptions

	mounting sync.Mutex // one Mount at a time
	mounts   atomic.Pointer[[]*mounted]

	open  opened
	ended atomic.Bool
	done  chan struct{}
}

// NamespaceOptions say how a container sees its files. The zero value is fine.
type NamespaceOptions struct {
	// Container is the container's name, for errors of [Namespace.Mount].
	Container string
	// ReadOnly refuses writing to the root tree. Mount still makes the directories it needs, as a container runtime does.
	ReadOnly bool
}

// mounted is a tree, or a part of one, at a place.
type mounted struct {
	at       spot // what it covers; the root covers nothing
	root     *inode
	path     string
	readOnly bool
	nests    bool // directories to mount on are made although it is read-only
}

// spot is a file as it is reached through a mount.
type spot struct {
	mnt *mounted
	ino *inode
}

// NewNamespace makes the files of a container, which writes to root. Nothing else is mounted.
func NewNamespace(root *Tree, o NamespaceOptions) *Namespace {
	return &Namespace{root: &mounted{root: root.root, path: "/", readOnly: o.ReadOnly}, options: o, done: make(chan struct{})}
}

// FS is the view of a program that runs as who, in the working directory dir, which is absolute; empty is "/". Its umask is
// 022. The directory need not exist: then relative names do not either.
func (ns *Namespace) FS(who Credentials, dir string) *FS {
	f := &FS{ns: ns, who: who, umask: 0o022, dir: "/"}
	return f.In(dir)
}

// Close is what the death of a container does: its files are closed and its locks let go of, what waits ends, and every
// later use of a view, a file or a watch answers [fs.ErrClosed]. Volumes stay as they are. It may be called more than once.
func (ns *Namespace) Close() {
	if ns.ended.CompareAndSwap(false, true) {
		close(ns.done)
		ns.open.close()
	}
}

// MountInfo is one line of /proc/mounts.
type MountInfo struct {
	Path     string
	ReadOnly bool
}

// Mounts lists what is mounted, by path; the root is the first.
func (ns *Namespace) Mounts() []MountInfo {
	list := []MountInfo{{Path: ns.root.path, ReadOnly: ns.root.readOnly}}
	if p := ns.mounts.Load(); p != nil {
		for _, m := range *p {
			list = append(list, MountInfo{Path: m.path, ReadOnly: m.readOnly})
		}
	}
	slices.SortStableFunc(list, func(a, b MountInfo) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// attach covers a place.
func (ns *Namespace) attach(m *mounted) {
	var all []*mounted
	if p := ns.mounts.Load(); p != nil {
		all = *p
	}
	all = append(slices.Clip(all), m)
	ns.mounts.Store(&all)
}

// cross goes from a place to what is mounted on it.
func (ns *Namespace) cross(s spot) spot {
	p := ns.mounts.Load()
	if p == nil {
		return s
	}
	for {
		i := slices.IndexFunc(*p, func(m *mounted) bool { return m.at == s })
		if i < 0 {
			return s
		}
		s = spot{(*p)[i], (*p)[i].root}
	}
}

// up is the directory above one. The one above the root is the root. A directory that was moved out of what is mounted
// has none.
func (ns *Namespace) up(s spot) (spot, error) {
	for s.ino == s.mnt.root {
		if s.mnt == ns.root {
			return s, nil
		}
		s = s.mnt.at
	}
	t := s.ino.tree
	t.mu.RLock()
	parent, inside := s.ino.parent, s.ino.within(s.mnt.root)
	t.mu.RUnlock()
	if !inside || parent == nil {
		return s, syscall.ENOENT
	}
	return ns.cross(spot{s.mnt, parent}), nil
}
