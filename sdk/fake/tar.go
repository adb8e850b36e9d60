package fake

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/podwright/podwright/sdk/fake/podfs"
)

// tar does what the SDK's copies ask tar for, on the files of a container whose image has none: a program of a test stands for a whole
// image. With an image that has one, as the ready-made ones do, it is left to that.
func (c *Cluster) tar(_ context.Context, namespace, pod, container string, args []string, stdin io.Reader, stdout io.Writer) error {
	files, err := c.Files(namespace, pod, container)
	if err != nil {
		return err
	}
	for _, own := range []string{"/bin/tar", "/usr/bin/tar"} {
		if _, err := files.Stat(own); err == nil {
			return errors.ErrUnsupported
		}
	}
	switch {
	case len(args) == 5 && args[1] == "-xmf":
		return extract(files, args[4], stdin)
	case len(args) == 6 && args[1] == "-cf":
		return archive(files, args[4], args[5], stdout)
	}
	return errors.ErrUnsupported
}

// extract is tar -xmf - -C dir, which root does.
func extract(files *podfs.FS, dir string, r io.Reader) error {
	if info, err := files.Stat(dir); err != nil {
		return err
	} else if !info.IsDir() {
		return &fs.PathError{Op: "chdir", Path: dir, Err: fs.ErrInvalid}
	}
	for in := tar.NewReader(r); ; {
		h, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the archive: %w", err)
		}
		name, mode := path.Join(dir, h.Name), h.FileInfo().Mode().Perm()
		switch h.Typeflag {
		case tar.TypeDir:
			err = files.MkdirAll(name, mode)
		case tar.TypeSymlink:
			_ = files.Remove(name)
			err = files.Symlink(h.Linkname, name)
		case tar.TypeReg:
			err = extractFile(files, name, mode, in)
		default:
			err = fmt.Errorf("%s: only files, directories and symbolic links can be copied", h.Name)
		}
		if err != nil {
			return err
		}
	}
}

func extractFile(files *podfs.FS, name string, mode fs.FileMode, r io.Reader) error {
	if info, err := files.Lstat(name); err == nil && !info.IsDir() {
		_ = files.Remove(name) // a link is not followed
	}
	f, err := files.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close(), files.Chmod(name, mode))
}

// archive is tar -cf - -C dir name.
func archive(files *podfs.FS, dir, name string, w io.Writer) error {
	out := tar.NewWriter(w)
	err := archiveFile(files.In(dir), name, out)
	return errors.Join(err, out.Close())
}

func archiveFile(files *podfs.FS, name string, out *tar.Writer) error {
	info, err := files.Lstat(name)
	if err != nil {
		return err
	}
	h := &tar.Header{Name: name, Mode: int64(info.Mode().Perm()), ModTime: info.ModTime().Truncate(time.Second)}
	switch info.Mode().Type() {
	case 0:
		h.Typeflag, h.Size = tar.TypeReg, info.Size()
	case fs.ModeDir:
		h.Typeflag, h.Name = tar.TypeDir, name+"/"
	case fs.ModeSymlink:
		h.Typeflag = tar.TypeSymlink
		if h.Linkname, err = files.ReadLink(name); err != nil {
			return err
		}
	default:
		return nil // as tar does with sockets
	}
	if err := out.WriteHeader(h); err != nil {
		return err
	}
	if info.IsDir() {
		entries, err := files.ReadDir(name)
		for _, e := range entries {
			err = errors.Join(err, archiveFile(files, name+"/"+e.Name(), out))
		}
		return err
	}
	if h.Size == 0 {
		return nil
	}
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.CopyN(out, f.(io.Reader), h.Size) // one that grows is copied as it was
	return err
}
