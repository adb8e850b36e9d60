package podfs

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync/atomic"
	"time"
)

// An Image is what containers of one image share: a layer that is only read. Nothing of it is read before a program asks
// for it, each directory and each file is read once however many containers there are, and what a container changes goes
// to its own [Tree].
//
// An Image can be used by any number of goroutines.
type Image struct {
	files fs.FS
	root  *imageNode
}

// imageNode is one file of an image. All but the two pointers is set when its directory is read.
type imageNode struct {
	image    *Image
	path     string // in the image's files; empty for a directory that the image lacks and every container has
	mode     fs.FileMode
	modTime  time.Time
	size     int64
	node     any // of a symbolic link or a device, as an inode has it
	listing  atomic.Pointer[listing]
	contents atomic.Pointer[[]byte]
}

// listing is a directory of an image, in the order of its names.
type listing struct {
	names []string
	nodes map[string]*imageNode
}

// skeleton is what a container runtime puts into every container's root if the image lacks it.
var skeleton = map[string]fs.FileMode{"dev": 0o755, "etc": 0o755, "proc": 0o555, "sys": 0o555, "tmp": 0o777 | fs.ModeSticky}

// NewImage makes an image of files, which may be nil: then it has what every container has, the directories dev, etc,
// proc, sys and tmp. The files must not change afterwards; what was read is kept.
//
// All files belong to root. A file without permission bits, as in a plain fstest.MapFile, has 0644, a directory 0755, and
// a file without a time is of 1970, as in a reproducible build. Symbolic links need an [fs.ReadLinkFS]; devices, sockets
// and pipes of the files are left out.
func NewImage(files fs.FS) *Image {
	i := &Image{files: files}
	i.root = &imageNode{image: i, path: ".", mode: fs.ModeDir | 0o755, modTime: time.Unix(0, 0)}
	return i
}

// children reads a directory, once.
func (n *imageNode) children() (*listing, error) {
	if l := n.listing.Load(); l != nil {
		return l, nil
	}
	l, err := n.read()
	if err != nil {
		return nil, err
	}
	if n.listing.CompareAndSwap(nil, l) {
		return l, nil
	}
	return n.listing.Load(), nil
}

func (n *imageNode) read() (*listing, error) {
	l := &listing{nodes: map[string]*imageNode{}}
	if n.image.files != nil && n.path != "" {
		if err := n.readInto(l); err != nil {
			return nil, err
		}
	}
	if n == n.image.root {
		for name, perm := range skeleton {
			if l.nodes[name] == nil {
				l.nodes[name] = &imageNode{image: n.image, mode: fs.ModeDir | perm, modTime: n.modTime}
			}
		}
	}
	l.sort()
	return l, nil
}

func (l *listing) sort() {
	l.names = slices.Sorted(maps.Keys(l.nodes))
}

func (n *imageNode) readInto(l *listing) error {
	entries, err := fs.ReadDir(n.image.files, n.path)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		child, err := n.child(entry)
		if err != nil {
			return err
		}
		if child != nil {
			l.nodes[entry.Name()] = child
		}
	}
	return nil
}

// child describes an entry, or is nil for what an image cannot carry.
func (n *imageNode) child(entry fs.DirEntry) (*imageNode, error) {
	info, err := entry.Info()
	if err != nil {
		return nil, err
	}
	child := &imageNode{
		image: n.image, path: path.Join(n.path, entry.Name()),
		mode: info.Mode(), modTime: info.ModTime(), size: info.Size(),
	}
	if child.modTime.IsZero() {
		child.modTime = time.Unix(0, 0)
	}
	switch info.Mode().Type() {
	case 0:
		child.mode = cmp.Or(child.mode, 0o644)
	case fs.ModeDir:
		if child.mode.Perm() == 0 {
			child.mode |= 0o755
		}
	case fs.ModeSymlink:
		child.mode |= 0o777
		var target string
		target, err = fs.ReadLink(n.image.files, child.path)
		child.node = symlink(target)
	default:
		return nil, nil
	}
	return child, err
}

// content reads a file, once. The bytes are shared and must not be changed.
func (n *imageNode) content() ([]byte, error) {
	if b := n.contents.Load(); b != nil {
		return *b, nil
	}
	b, err := fs.ReadFile(n.image.files, n.path)
	if err != nil {
		return nil, err
	}
	if n.contents.CompareAndSwap(nil, &b) {
		return b, nil
	}
	return *n.contents.Load(), nil
}
