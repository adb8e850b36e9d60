package podfs

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// found is where a path leads.
type found struct {
	dir  spot   // the directory with the last name in it
	name string // the last name; "." or ".." if the path ends so, and empty for the root
	at   spot   // the file; its inode is nil if there is none
	dirs bool   // a slash says that it is to be a directory, but it is not there or none
}

// proper tells whether the path ends in a name that can be given and taken away.
func (w *found) proper() bool { return w.name != "" && w.name != "." && w.name != ".." }

// walker is a path that is being followed.
type walker struct {
	view   *FS
	follow bool
	visit  func(*inode)

	here  found
	rest  string // what is left of the path
	links int
	dirs  bool
	wrong spot // the directory whose entry had too long a name, at the end of the path
}

// walk follows a path. The last name need not be there. A symbolic link at the end is followed if asked for, or if a
// slash comes after it. Each directory on the way, and the file, is shown to visit before its entries are looked at;
// visit may be nil. Beside an error there is the directory if only the last name is wrong, by its length.
func (f *FS) walk(path string, follow bool, visit func(*inode)) (found, error) {
	if err := f.checkPath(path); err != nil {
		return found{}, err
	}
	root := f.root()
	w := walker{view: f, follow: follow, visit: visit, here: found{dir: root, at: root}, rest: path}
	if !strings.HasPrefix(path, "/") && f.dir != "/" {
		w.rest = f.dir + "/" + path
	}
	for {
		if w.visit != nil && w.here.at.ino != nil {
			w.visit(w.here.at.ino)
		}
		if w.rest = strings.TrimLeft(w.rest, "/"); w.rest == "" {
			return w.here, nil
		}
		if err := w.next(); err != nil {
			return found{dir: w.wrong, dirs: w.dirs}, err
		}
	}
}

// next goes on by one name.
func (w *walker) next() error {
	name, tail, slash := strings.Cut(w.rest, "/")
	last := strings.TrimLeft(tail, "/") == ""
	w.dirs = w.dirs || last && slash
	from := w.here.at
	at, err := w.view.step(from, name)
	switch {
	case last && name != ".." && errors.Is(err, syscall.ENOENT):
		w.here, w.rest = found{dir: from, name: name, at: spot{mnt: from.mnt}, dirs: w.dirs}, ""
		return nil
	case last && errors.Is(err, syscall.ENAMETOOLONG):
		w.wrong = from
		return err
	case err != nil:
		return err
	case at.ino.kind == fs.ModeSymlink && (!last || w.follow || slash):
		return w.link(at.ino.target(), w.rest[len(name):])
	case at.ino.kind != fs.ModeDir && slash:
		return syscall.ENOTDIR
	}
	w.here, w.rest = found{dir: from, name: name, at: at}, tail
	return nil
}

// link goes on where a symbolic link leads, and then with what came after it.
func (w *walker) link(target, after string) error {
	if w.links++; w.links > maxLinks {
		return syscall.ELOOP
	}
	if strings.HasPrefix(target, "/") {
		if w.view.confined {
			return errEscapes
		}
		w.here.at = w.view.root()
	}
	w.rest = target + after
	return nil
}

// step goes from a directory to one of its entries.
func (f *FS) step(at spot, name string) (spot, error) {
	if name != "." && name != ".." {
		child, err := at.ino.tree.lookup(&f.who, at.ino, name)
		if err != nil {
			return spot{}, err
		}
		return f.ns.cross(spot{at.mnt, child}), nil
	}
	if at.ino.kind != fs.ModeDir {
		return spot{}, syscall.ENOTDIR
	}
	if err := at.ino.tree.allows(&f.who, at.ino, execute); err != nil {
		return spot{}, err
	}
	if name == "." {
		return at, nil
	}
	if f.confined && at.ino == f.root().ino {
		return spot{}, errEscapes
	}
	return f.ns.up(at)
}

// find is walk for a file that must be there.
func (f *FS) find(path string, follow bool) (spot, error) {
	w, err := f.walk(path, follow, nil)
	if err == nil && w.at.ino == nil {
		err = syscall.ENOENT
	}
	return w.at, err
}

func (f *FS) root() spot { return f.ns.cross(spot{f.ns.root, f.ns.root.root}) }

func (f *FS) checkPath(path string) error {
	switch {
	case f.ns.ended.Load():
		return fs.ErrClosed
	case path == "":
		return syscall.ENOENT
	case len(path) >= maxPath:
		return syscall.ENAMETOOLONG
	case strings.IndexByte(path, 0) >= 0:
		return syscall.EINVAL
	}
	return nil
}

// trailingSlash tells whether a path asks for a directory.
func trailingSlash(path string) bool { return strings.HasSuffix(path, "/") }
