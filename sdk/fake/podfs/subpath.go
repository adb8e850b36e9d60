package podfs

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"syscall"
)

// errEscapes says that a path leads out of a volume.
var errEscapes = errors.New("the path leads out of the volume")

// CheckSubPath tells whether a subPath, after its variables were put in, is one the kubelet takes: relative, and without
// "..". The errors are those of makeMounts.
func CheckSubPath(subPath string) error {
	if path.IsAbs(subPath) {
		return fmt.Errorf("error SubPath `%s` must not be an absolute path", subPath)
	}
	for part := range strings.SplitSeq(subPath, "/") {
		if part == ".." {
			return fmt.Errorf("unable to provision SubPath `%s`: must not contain '..'", subPath)
		}
	}
	return nil
}

// subPath finds what a mount means in its volume, and makes it if it is missing, as makeMounts does.
// The kubelet hides the reason, which could tell of the node's files; so does this.
func (ns *Namespace) subPath(m *Mount, root *inode) (*inode, error) {
	if err := CheckSubPath(m.SubPath); err != nil {
		return nil, err
	}
	in := volumeView(root)
	n, err := in.inside(m.SubPath)
	if errors.Is(err, syscall.ENOENT) {
		if n, err = in.makeDir(m.SubPath); err != nil {
			return nil, fmt.Errorf("failed to create subPath directory for volumeMount %q of container %q", m.Name, ns.options.Container)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("failed to prepare subPath for volumeMount %q of container %q", m.Name, ns.options.Container)
	}
	return n, nil
}

// volumeView is a volume as root sees it who must not leave it.
func volumeView(root *inode) *FS {
	return &FS{ns: &Namespace{root: &mounted{root: root, path: "/"}}, dir: "/", confined: true}
}

func (f *FS) inside(name string) (*inode, error) {
	at, err := f.find(name, true)
	return at.ino, err
}

// makeDir makes the directories that are missing, each with the mode of the volume's root, as SafeMakeDir does.
func (f *FS) makeDir(name string) (*inode, error) {
	perm := f.ns.root.root.describe("").Mode() & permBits
	done := ""
	for part := range strings.SplitSeq(path.Clean(name), "/") {
		done = path.Join(done, part)
		err := f.Mkdir(done, perm)
		if err == nil {
			err = f.Chmod(done, perm)
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return f.inside(name)
}
