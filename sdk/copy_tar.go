package sdk

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// packFiles writes a file or directory as a tar archive in which it has the given name.
func packFiles(w io.Writer, local, name string) error {
	archive := tar.NewWriter(w)
	err := filepath.WalkDir(local, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(local, file)
		if err != nil {
			return err
		}
		return packFile(archive, file, path.Join(name, filepath.ToSlash(rel)), file == local)
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

// packFile adds one file. Of links only the one that was named itself is followed.
func packFile(archive *tar.Writer, file, name string, named bool) error {
	stat := os.Lstat
	if named {
		stat = os.Stat
	}
	info, err := stat(file)
	if err != nil {
		return err
	}
	link := ""
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		if link, err = os.Readlink(file); err != nil {
			return err
		}
	case !mode.IsRegular() && !mode.IsDir():
		return fmt.Errorf("%s is a %v, which cannot be copied: leave it out", file, mode.Type())
	}
	header, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return err
	}
	header.Name, header.Uid, header.Gid, header.Uname, header.Gname = name, 0, 0, "", ""
	if info.IsDir() {
		header.Name += "/"
	}
	if err := archive.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = io.CopyN(archive, from, header.Size) // a file that grows is copied as it was
	return err
}

// unpackFiles reads a tar archive of a file or directory of the given name, and makes it local. It writes beneath local's parent
// through an os.Root, so that no link leads out.
func unpackFiles(r io.Reader, local, name string) error {
	root, err := os.OpenRoot(filepath.Dir(local))
	if err != nil {
		return err
	}
	defer root.Close()
	archive := tar.NewReader(r)
	var out []error
	for count := 0; ; count++ {
		header, err := archive.Next()
		switch {
		case err == io.EOF && count == 0:
			return errors.New("the container's tar sent nothing")
		case err == io.EOF:
			return errors.Join(out...)
		case err != nil:
			return err
		}
		to, ok := localName(header.Name, name, filepath.Base(local))
		if !ok {
			out = append(out, fmt.Errorf("left out %q, which is not in %q", header.Name, name))
			continue
		}
		left, err := unpackFile(root, archive, header, to)
		if err != nil {
			return err
		}
		if left != "" {
			out = append(out, fmt.Errorf("left out %s: %s", header.Name, left))
		}
	}
}

// localName is where an entry goes, in the directory of the copy.
func localName(entry, name, base string) (string, bool) {
	rest, ok := strings.CutPrefix(path.Clean(strings.TrimPrefix(entry, "./")), name)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	to := filepath.FromSlash(path.Join(base, rest))
	return to, filepath.IsLocal(to) && (to == base || strings.HasPrefix(to, base+string(filepath.Separator)))
}

// staysIn reports whether a link in the copy points into the copy.
func staysIn(file, link string) bool {
	base, _, _ := strings.Cut(file, string(filepath.Separator))
	to := filepath.Join(filepath.Dir(file), filepath.FromSlash(link))
	return !filepath.IsAbs(link) && (to == base || strings.HasPrefix(to, base+string(filepath.Separator)))
}

// unpackFile makes one file. left says why it was left out.
func unpackFile(root *os.Root, archive io.Reader, header *tar.Header, to string) (left string, err error) {
	mode := header.FileInfo().Mode().Perm()
	switch header.Typeflag {
	case tar.TypeDir:
		return "", root.MkdirAll(to, mode|0o700)
	case tar.TypeSymlink:
		if !staysIn(to, header.Linkname) {
			return "the link leads out, to " + header.Linkname, nil
		}
		root.Remove(to)
		return "", root.Symlink(header.Linkname, to)
	case tar.TypeReg:
	default:
		return "it is neither file, directory nor symbolic link", nil
	}
	file, err := root.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(file, archive)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	return "", errors.Join(root.Chmod(to, mode), root.Chtimes(to, header.ModTime, header.ModTime))
}
