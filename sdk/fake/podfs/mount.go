package podfs

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
)

// A Source is what can be mounted: a [*Tree], a [*Projected] or a [HostDir].
type Source interface {
	// source is what to mount, and whether it may only be read.
	source() (root *inode, readOnly bool)
}

func (t *Tree) source() (*inode, bool) { return t.root, false }

// A Mount puts a volume into a container, as a pod's volumeMounts do.
type Mount struct {
	// Name is the volume's name, for errors.
	Name string
	// Path is where, in the container. What is missing of it is made, by root with mode 0755; symbolic links are followed.
	Path string
	// Volume is what. A file of it can be mounted with SubPath, over a file.
	Volume Source
	// SubPath is a directory or a file in the volume, found now: what is later put in its place is not seen. A directory that
	// is missing is made with the mode of the volume's root. It must not lead out of the volume; symbolic links inside it
	// are followed when they are relative.
	SubPath string
	// ReadOnly refuses writing here with EROFS. It is recursive anyway, because volumes have no mounts inside.
	ReadOnly bool
}

// Mount mounts volumes, outer ones first whatever their order here, as container runtimes do. If one cannot be mounted
// the error says why, in the kubelet's words where that is the kubelet's work, and those before it stay mounted.
func (ns *Namespace) Mount(mounts ...Mount) error {
	ns.mounting.Lock()
	defer ns.mounting.Unlock()
	sorted := slices.Clone(mounts)
	slices.SortStableFunc(sorted, func(a, b Mount) int { return cmp.Compare(depth(a.Path), depth(b.Path)) })
	for i := range sorted {
		if err := ns.mount(&sorted[i]); err != nil {
			return err
		}
	}
	return nil
}

func depth(p string) int { return strings.Count(path.Clean("/"+p), "/") }

func (ns *Namespace) mount(m *Mount) error {
	root, readOnly := m.Volume.source()
	if m.SubPath != "" {
		var err error
		if root, err = ns.subPath(m, root); err != nil {
			return err
		}
	}
	at, err := ns.mountPoint(m.Path, root.kind)
	if err != nil {
		return fmt.Errorf("mount %s at %s: %w", m.Name, m.Path, err)
	}
	ns.attach(&mounted{at: at, root: root, path: path.Clean("/" + m.Path), readOnly: readOnly || m.ReadOnly, nests: readOnly})
	return nil
}

// mountPoint finds or makes what is to be covered: a directory for a directory, else a file. In a volume that the kubelet
// writes it makes directories only, as MakeNestedMountpoints does.
func (ns *Namespace) mountPoint(at string, kind fs.FileMode) (spot, error) {
	runtime := &FS{ns: ns, dir: "/", runtime: true}
	at = path.Clean("/" + at)
	if kind == fs.ModeDir {
		if err := runtime.MkdirAll(at, 0o755); err != nil {
			return spot{}, clash(err)
		}
		return runtime.find(at, true)
	}
	if err := runtime.MkdirAll(path.Dir(at), 0o755); err != nil {
		return spot{}, clash(err)
	}
	w, err := runtime.walk(at, true, nil)
	if err == nil && w.at.ino == nil && w.dir.mnt.nests {
		return spot{}, clash(syscall.ENOTDIR)
	}
	if err == nil && w.at.ino == nil {
		err = runtime.make(&w, w.dir.ino.tree.newInode(0, 0o755, &runtime.who))
	}
	if err == nil && w.at.ino.kind == fs.ModeDir {
		err = clash(syscall.ENOTDIR)
	}
	return w.at, err
}

// clash words a mount of a directory onto a file, or of a file onto a directory, as runc does.
func clash(err error) error {
	if err = cause(err); err != syscall.ENOTDIR {
		return err
	}
	return fmt.Errorf("%w: %s", err, mismatch)
}

const mismatch = "Are you trying to mount a directory onto a file (or vice-versa)? " +
	"Check if the specified host path exists and is the expected type"
