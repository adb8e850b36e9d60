package podfs

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// pathError names the operation and the path as package os does. A nil error stays nil.
func pathError(op, path string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: path, Err: cause(err)}
}

// linkError is pathError for the operations that have two paths.
func linkError(op, from, to string, err error) error {
	if err == nil {
		return nil
	}
	return &os.LinkError{Op: op, Old: from, New: to, Err: cause(err)}
}

// cause takes off what a step inside an operation said: the caller knows only the operation and the path he gave.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// checkName refuses what cannot be the name of an entry.
func checkName(name string) error {
	if len(name) > maxName {
		return syscall.ENAMETOOLONG
	}
	return nil
}

// Limits as Linux has them, but for maxFile: a file of more than a gibibyte in the memory of a test is a mistake.
const (
	maxName  = 255
	maxPath  = 4096
	maxLinks = 40
	maxFile  = 1 << 30
	block    = 4096
)
