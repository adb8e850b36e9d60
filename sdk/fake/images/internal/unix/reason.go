package unix

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"syscall"
	"unicode"
)

// Reason is an error in the words of strerror(3), as C programs print it.
func Reason(err error) string {
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		return sentence(errno.Error())
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied"
	case errors.Is(err, context.DeadlineExceeded):
		return "Operation timed out"
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return Reason(e.Err)
	}
	return err.Error()
}

// sentence begins with a capital letter, as strerror's texts do.
func sentence(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}
