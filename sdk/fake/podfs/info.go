package podfs

import (
	"io/fs"
	"time"
)

// Stat is what Sys of a file's [fs.FileInfo] points to.
type Stat struct {
	// Inode tells files of one tree apart.
	Inode    uint64
	UID, GID int
	// Links is the number of names. A directory has one.
	Links int

	file *inode
}

// info is a file at one moment.
type info struct {
	name    string
	size    int64
	mode    fs.FileMode
	modTime time.Time
	stat    Stat
}

func (i *info) Name() string       { return i.name }
func (i *info) Size() int64        { return i.size }
func (i *info) Mode() fs.FileMode  { return i.mode }
func (i *info) ModTime() time.Time { return i.modTime }
func (i *info) IsDir() bool        { return i.mode.IsDir() }
func (i *info) Sys() any           { return &i.stat }
func (i *info) String() string     { return fs.FormatFileInfo(i) }

// SameFile tells whether two descriptions are of one file, as os.SameFile does for files of the operating system.
// What does not come from this package is never the same.
func SameFile(a, b fs.FileInfo) bool {
	x, ok := a.(*info)
	y, also := b.(*info)
	return ok && also && x.stat.file == y.stat.file
}

// describe is the file as it is now.
func (n *inode) describe(name string) *info {
	source, shows := n.shown()
	n.tree.mu.RLock()
	defer n.tree.mu.RUnlock()
	i := &info{
		name: name, size: n.size, mode: n.kind | n.perm, modTime: time.Unix(0, n.modTime),
		stat: Stat{Inode: uint64(n.number), UID: int(n.uid), GID: int(n.gid), Links: int(n.links), file: n},
	}
	switch {
	case shows:
		i.size, i.modTime = source.Size(), source.ModTime()
	case n.kind == fs.ModeDir:
		i.size = block
	case n.kind == fs.ModeSymlink:
		i.size = int64(len(n.target()))
	}
	return i
}

// entry is what a directory says of a file.
type entry struct {
	name string
	kind fs.FileMode
	dir  spot
	view *FS
}

func (e *entry) Name() string      { return e.name }
func (e *entry) IsDir() bool       { return e.kind.IsDir() }
func (e *entry) Type() fs.FileMode { return e.kind }
func (e *entry) String() string    { return fs.FormatDirEntry(e) }

// Info describes the file that has the name now.
func (e *entry) Info() (fs.FileInfo, error) {
	child, err := e.dir.ino.tree.lookup(&Credentials{}, e.dir.ino, e.name)
	if err != nil {
		return nil, pathError("lstat", e.name, err)
	}
	return e.view.ns.cross(spot{e.dir.mnt, child}).ino.describe(e.name), nil
}
