package podfs

import (
	"io"
	"io/fs"
	"os"
	"path"
)

// CopyFS copies all of from into a directory, which is made if it is missing, as os.CopyFS does: a file that exists already
// is an error, modes are those of the files with the rights of the user to write them added, and symbolic links are copied as
// they are. It is for tests that prepare a volume.
func (f *FS) CopyFS(dir string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := path.Join(dir, name)
		switch d.Type() {
		case fs.ModeDir:
			return f.MkdirAll(to, fs.ModePerm)
		case fs.ModeSymlink:
			target, err := fs.ReadLink(from, name)
			if err != nil {
				return err
			}
			return f.Symlink(target, to)
		case 0:
			return f.copyFile(from, name, to)
		}
		return pathError("CopyFS", name, fs.ErrInvalid)
	})
}

func (f *FS) copyFile(from fs.FS, name, to string) error {
	source, err := from.Open(name)
	if err != nil {
		return err
	}
	defer source.Close()
	info, err := source.Stat()
	if err != nil {
		return err
	}
	file, err := f.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666|info.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, source); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
