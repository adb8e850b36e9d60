package podfs

import (
	"io/fs"
	"path"
	"syscall"
)

// sub is a strict fs.FS: it takes valid names only, from one directory.
type sub struct{ view *FS }

// Sub is the part of the file system below a directory, as a strict [fs.FS] that takes the names of [fs.ValidPath] only.
// Sub("/") is the whole container. Symbolic links may lead out of it, as with os.DirFS.
func (f *FS) Sub(dir string) (fs.FS, error) {
	info, err := f.Stat(dir)
	if err != nil {
		return nil, pathError("sub", dir, err)
	}
	if !info.IsDir() {
		return nil, pathError("sub", dir, syscall.ENOTDIR)
	}
	return sub{f.In(dir)}, nil
}

var (
	_ fs.ReadDirFS  = sub{}
	_ fs.ReadFileFS = sub{}
	_ fs.StatFS     = sub{}
	_ fs.SubFS      = sub{}
	_ fs.ReadLinkFS = sub{}
)

func valid(op, name string) error {
	if !fs.ValidPath(name) {
		return pathError(op, name, fs.ErrInvalid)
	}
	return nil
}

// Open opens a file for reading.
func (s sub) Open(name string) (fs.File, error) {
	if err := valid("open", name); err != nil {
		return nil, err
	}
	return s.view.Open(name)
}

// ReadDir lists a directory.
func (s sub) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := valid("readdir", name); err != nil {
		return nil, err
	}
	return s.view.ReadDir(name)
}

// ReadFile reads a whole file.
func (s sub) ReadFile(name string) ([]byte, error) {
	if err := valid("readfile", name); err != nil {
		return nil, err
	}
	return s.view.ReadFile(name)
}

// Stat describes a file.
func (s sub) Stat(name string) (fs.FileInfo, error) {
	if err := valid("stat", name); err != nil {
		return nil, err
	}
	return s.view.Stat(name)
}

// Lstat describes a file, or a symbolic link.
func (s sub) Lstat(name string) (fs.FileInfo, error) {
	if err := valid("lstat", name); err != nil {
		return nil, err
	}
	return s.view.Lstat(name)
}

// ReadLink says where a symbolic link leads.
func (s sub) ReadLink(name string) (string, error) {
	if err := valid("readlink", name); err != nil {
		return "", err
	}
	return s.view.ReadLink(name)
}

// Sub goes further down.
func (s sub) Sub(dir string) (fs.FS, error) {
	if err := valid("sub", dir); err != nil {
		return nil, err
	}
	return s.view.Sub(path.Clean(dir))
}
