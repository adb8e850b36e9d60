package podfs

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// CreateTemp makes a file with a new name and opens it for reading and writing. The last * of the pattern becomes a
// number that the tree's seed decides. An empty dir is /tmp.
func (f *FS) CreateTemp(dir, pattern string) (*File, error) {
	var file *File
	err := f.temp("createtemp", dir, pattern, func(name string) (err error) {
		file, err = f.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		return err
	})
	return file, err
}

// MkdirTemp makes a directory with a new name, as CreateTemp does, and returns its path.
func (f *FS) MkdirTemp(dir, pattern string) (string, error) {
	made := ""
	err := f.temp("mkdirtemp", dir, pattern, func(name string) error {
		made = name
		return f.Mkdir(name, 0o700)
	})
	if err != nil {
		return "", err
	}
	return made, nil
}

func (f *FS) temp(op, dir, pattern string, try func(string) error) error {
	dir = cmp.Or(dir, "/tmp")
	if strings.Contains(pattern, "/") {
		return pathError(op, pattern, errors.New("pattern contains path separator"))
	}
	at, err := f.find(dir, true)
	if err != nil {
		return pathError(op, dir, err)
	}
	prefix, suffix := pattern, ""
	if i := strings.LastIndexByte(pattern, '*'); i >= 0 {
		prefix, suffix = pattern[:i], pattern[i+1:]
	}
	for {
		err := try(path.Join(dir, prefix+decimal(at.ino.tree.draw())+suffix))
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// decimal is a number as names of temporary files have it.
func decimal(n uint64) string { return strconv.FormatUint(uint64(uint32(n)), 10) }
