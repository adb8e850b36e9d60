package podfs

import (
	"io/fs"
	"os"
	"path"
	"syscall"
)

// FS is how a program sees its container's files: as somebody, in a working directory. Its methods are those of package
// os, with its errors: a [*fs.PathError] or [*os.LinkError] around a [syscall.Errno].
//
// One rule holds for every name given to every method: a name that begins with a slash is from the container's root, any
// other from the working directory, "." and ".." are followed, and so are symbolic links, as a process has it. A container
// begins in "/" unless its image or pod says otherwise, and there "etc/hosts" and "/etc/hosts" are one file. So FS is an
// [fs.FS] for all that calls for one, and takes more names than [fs.ValidPath] allows; where a strict one is wanted,
// [FS.Sub] gives it.
//
// An FS is never changed: [FS.In] and [FS.As] return another. It can be used by any number of goroutines. After
// [Namespace.Close] everything answers [fs.ErrClosed].
type FS struct {
	ns    *Namespace
	who   Credentials
	umask fs.FileMode
	dir   string

	runtime  bool // makes mount points where a program may not write
	confined bool // must not leave the root
}

var (
	_ fs.ReadDirFS  = (*FS)(nil)
	_ fs.ReadFileFS = (*FS)(nil)
	_ fs.StatFS     = (*FS)(nil)
	_ fs.SubFS      = (*FS)(nil)
	_ fs.GlobFS     = (*FS)(nil)
	_ fs.ReadLinkFS = (*FS)(nil)
)

// Dir is the working directory.
func (f *FS) Dir() string { return f.dir }

// In is the view from another working directory, which is relative to this one unless it begins with a slash.
// It need not exist. An empty dir changes nothing.
func (f *FS) In(dir string) *FS {
	g := *f
	if g.dir = path.Join(f.dir, dir); path.IsAbs(dir) {
		g.dir = path.Clean(dir)
	}
	return &g
}

// As is the view of somebody else.
func (f *FS) As(who Credentials) *FS {
	g := *f
	g.who = who
	return &g
}

// WithUmask is the view with another file mode creation mask; at first it is 022.
func (f *FS) WithUmask(mask fs.FileMode) *FS {
	g := *f
	g.umask = mask.Perm()
	return &g
}

// Credentials are who the program is.
func (f *FS) Credentials() Credentials { return f.who }

// Open opens a file or directory for reading. The file is a [*File].
func (f *FS) Open(name string) (fs.File, error) {
	file, err := f.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Stat describes what a name leads to.
func (f *FS) Stat(name string) (fs.FileInfo, error) {
	return f.describe("stat", name, true)
}

// Lstat describes what has the name, even if it is a symbolic link.
func (f *FS) Lstat(name string) (fs.FileInfo, error) {
	return f.describe("lstat", name, false)
}

func (f *FS) describe(op, name string, follow bool) (fs.FileInfo, error) {
	at, err := f.find(name, follow)
	if err != nil {
		return nil, pathError(op, name, err)
	}
	return at.ino.describe(path.Base(name)), nil
}

// ReadFile reads a whole file. The bytes are the caller's.
func (f *FS) ReadFile(name string) ([]byte, error) {
	at, err := f.find(name, true)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	n := at.ino
	if n.kind != 0 {
		return f.readSpecial(name)
	}
	if err := n.tree.allows(&f.who, n, read); err != nil {
		return nil, pathError("open", name, err)
	}
	b, err := n.tree.readAll(n)
	return b, pathError("read", name, err)
}

// ReadDir lists a directory by name.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	at, err := f.find(name, true)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	if at.ino.kind != fs.ModeDir {
		return nil, pathError("readdirent", name, syscall.ENOTDIR)
	}
	if err := at.ino.tree.allows(&f.who, at.ino, read); err != nil {
		return nil, pathError("open", name, err)
	}
	list, err := f.list(at)
	return list, pathError("readdirent", name, err)
}

// list reads a directory. What is mounted on an entry stands for it.
func (f *FS) list(at spot) ([]fs.DirEntry, error) {
	dir := at.ino
	if err := dir.load(); err != nil {
		return nil, err
	}
	dir.tree.mu.RLock()
	defer dir.tree.mu.RUnlock()
	names, image := dir.names(), dir.image()
	entries, list := make([]entry, len(names)), make([]fs.DirEntry, len(names))
	for i, name := range names {
		entries[i] = entry{name: name, dir: at, view: f}
		if child, _ := dir.entries.get(name); child != nil {
			entries[i].kind = f.ns.cross(spot{at.mnt, child}).ino.kind
		} else {
			entries[i].kind = image.nodes[name].mode.Type()
		}
		list[i] = &entries[i]
	}
	return list, nil
}

// ReadLink says where a symbolic link leads, as it is written there.
func (f *FS) ReadLink(name string) (string, error) {
	at, err := f.find(name, false)
	if err == nil && at.ino.kind != fs.ModeSymlink {
		err = syscall.EINVAL
	}
	if err != nil {
		return "", pathError("readlink", name, err)
	}
	return at.ino.target(), nil
}

// Glob lists the names that fit a pattern of [path.Match], in the order of [fs.Glob].
func (f *FS) Glob(pattern string) ([]string, error) {
	return fs.Glob(noGlob{f}, pattern)
}

// noGlob hides Glob from fs.Glob, which would call it.
type noGlob struct{ fs.ReadDirFS }

func (n noGlob) Stat(name string) (fs.FileInfo, error) { return fs.Stat(n.ReadDirFS, name) }

// Access tells whether the program may do with a file what mode says in its three lowest bits: 4 read, 2 write,
// 1 execute, 0 only see that it is there. It is the access of a shell's test -r, -w and -x.
func (f *FS) Access(name string, mode fs.FileMode) error {
	at, err := f.find(name, true)
	if err == nil {
		err = at.ino.tree.allows(&f.who, at.ino, mode&7)
	}
	if err == nil && mode&write != 0 {
		err = f.writable(at)
	}
	return pathError("access", name, err)
}

// Usage tells how full the tree is that a file lies in, as df does.
func (f *FS) Usage(name string) (Usage, error) {
	at, err := f.find(name, true)
	if err != nil {
		return Usage{}, pathError("statfs", name, err)
	}
	return at.ino.tree.Usage(), nil
}

// writable tells whether the mount of a file lets one write. Devices, pipes and sockets are no part of what is mounted.
func (f *FS) writable(at spot) error {
	if !at.mnt.readOnly || f.runtime && (at.mnt == f.ns.root || at.mnt.nests) {
		return nil
	}
	if at.ino != nil && at.ino.node != nil {
		return nil
	}
	return syscall.EROFS
}
