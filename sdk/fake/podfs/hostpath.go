package podfs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	corev1 "k8s.io/api/core/v1"
)

// A HostDir is a file or directory of a node that containers can have mounted, the volume hostPath.
type HostDir struct{ root *inode }

func (h HostDir) source() (*inode, bool) { return h.root, false }

// errFileType is what the kubelet's HostUtil says of a pipe and the like.
var errFileType = errors.New("only recognise file, directory, socket, block device and character device")

// HostPath finds a path on a node whose files are given. It checks what is there against the type, or makes it, with
// the texts of the kubelet's host_path.go. Without a type (nil or empty), a path that is missing is made as a directory,
// as container runtimes do.
func HostPath(node *Tree, path string, kind *corev1.HostPathType) (HostDir, error) {
	h := host{node.FS(), path}
	if err := h.check(kind); err != nil {
		return HostDir{}, err
	}
	at, err := h.files.find(path, true)
	if err != nil {
		return HostDir{}, pathError("stat", path, err)
	}
	return HostDir{at.ino}, nil
}

type host struct {
	files *FS
	path  string
}

// check is checkTypeInternal.
func (h host) check(kind *corev1.HostPathType) error {
	_, err := h.files.Stat(h.path)
	missing := err != nil
	if kind == nil {
		kind = new(corev1.HostPathUnset)
	}
	switch *kind {
	case corev1.HostPathUnset:
		if missing {
			return h.files.MkdirAll(h.path, 0o755)
		}
		return nil
	case corev1.HostPathDirectoryOrCreate:
		if missing {
			return h.files.MkdirAll(h.path, 0o755)
		}
		return h.is(corev1.HostPathDirectory, "directory")
	case corev1.HostPathDirectory:
		return h.is(corev1.HostPathDirectory, "directory")
	case corev1.HostPathFileOrCreate:
		if missing {
			return h.makeFile()
		}
		return h.is(corev1.HostPathFile, "file")
	case corev1.HostPathFile:
		return h.is(corev1.HostPathFile, "file")
	case corev1.HostPathSocket:
		return h.is(corev1.HostPathSocket, "socket file")
	case corev1.HostPathCharDev:
		return h.is(corev1.HostPathCharDev, "character device")
	case corev1.HostPathBlockDev:
		return h.is(corev1.HostPathBlockDev, "block device")
	}
	return fmt.Errorf("%s is an invalid volume type", *kind)
}

// is is typeMatchedOrError.
func (h host) is(want corev1.HostPathType, expected string) error {
	have, err := h.kind()
	if err != nil {
		return fmt.Errorf("hostPath type check failed, %s is not a %s, unable to determine its type: %w", h.path, expected, err)
	}
	if have != want {
		return fmt.Errorf("hostPath type check failed: %s is not a %s, it's a %s", h.path, expected, have)
	}
	return nil
}

// kind is HostUtil.GetFileType.
func (h host) kind() (corev1.HostPathType, error) {
	info, err := h.files.Stat(h.path)
	if errors.Is(err, syscall.ENOENT) {
		return "", fmt.Errorf("path %q does not exist", h.path)
	}
	if err != nil {
		return "", err
	}
	switch mode := info.Mode().Type(); mode {
	case fs.ModeDir:
		return corev1.HostPathDirectory, nil
	case 0:
		return corev1.HostPathFile, nil
	case fs.ModeSocket:
		return corev1.HostPathSocket, nil
	case fs.ModeDevice | fs.ModeCharDevice:
		return corev1.HostPathCharDev, nil
	case fs.ModeDevice:
		return corev1.HostPathBlockDev, nil
	}
	return "", errFileType
}

func (h host) makeFile() error {
	file, err := h.files.OpenFile(h.path, os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return file.Close()
}
