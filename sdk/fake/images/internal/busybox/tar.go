package busybox

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// tarCommand is tar: c, x and t, with f, z, C, v, m, p and O. kubectl cp uses it both ways.
func tarCommand(ctx context.Context, p *unix.Proc) int {
	if len(p.Args) > 1 && !strings.HasPrefix(p.Args[1], "-") {
		p.Args = append([]string{p.Args[0], "-" + p.Args[1]}, p.Args[2:]...)
	}
	o := parse(p, "cxtzvmpoOkhjJaf:C:T:X:", "create=c", "extract=x", "list=t", "file=f", "gzip=z", "directory=C", "exclude:", "verbose=v",
		"no-same-owner", "no-same-permissions", "to-stdout=O", "strip-components:", "overwrite", "warning:")
	if o == nil {
		return 1
	}
	if o.has("j", "J") {
		return p.Errorf("compressions other than gzip are not supported")
	}
	name := o.value("f", "-")
	q := p
	if dir := o.value("C", ""); dir != "" {
		info, err := p.FS().Stat(dir)
		if err != nil || !info.IsDir() {
			return p.Errorf("can't change directory to '%s': %s", dir, "No such file or directory")
		}
		q = p.With(ctx, p.Args, p.Files)
		q.Dir = path.Join(p.Dir, dir)
		if path.IsAbs(dir) {
			q.Dir = dir
		}
	}
	if o.has("c") {
		return tarCreate(ctx, p, q, o, name)
	}
	if !o.has("x") && !o.has("t") {
		return p.Errorf("must specify one of -c, -x, -t")
	}
	in, closeIt, ok := openInput(ctx, p, name)
	if !ok {
		return 1
	}
	defer closeIt()
	if o.has("z") || strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".tgz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			return p.Errorf("invalid magic: %v", err)
		}
		in = z
	}
	code := tarRead(ctx, q, o, tar.NewReader(in))
	_, _ = io.Copy(io.Discard, in) // who writes must not be cut off at the padding
	return code
}

func tarCreate(ctx context.Context, p, q *unix.Proc, o *options, name string) int {
	out := p.Stdout
	if name != "-" {
		f, err := p.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
		if err != nil {
			return p.Errorf("can't open '%s': %s", name, unix.Reason(err))
		}
		defer f.Close()
		out = f.Writer(ctx)
	}
	var closers []io.Closer
	if o.has("z") {
		z := gzip.NewWriter(out)
		out, closers = z, append(closers, z)
	}
	w := tar.NewWriter(out)
	closers = append([]io.Closer{w}, closers...)
	code := 0
	for _, root := range o.rest {
		if strings.HasPrefix(root, "/") {
			fmt.Fprintf(p.Stderr, "tar: removing leading '/' from member names\n")
		}
		walk(q, root, func(file string, info fs.FileInfo, err error) bool {
			if err == nil && excluded(o, file) {
				return true
			}
			if err == nil {
				err = tarAdd(ctx, q, o, w, file, info)
			}
			if err != nil {
				code = p.Errorf("%s: %s", file, unix.Reason(err))
			}
			return ctx.Err() == nil
		})
	}
	for _, c := range closers {
		if err := c.Close(); err != nil {
			return p.Errorf("%s", unix.Reason(err))
		}
	}
	return code
}

// excluded says whether a file, or a directory that it is in, is left out.
func excluded(o *options, file string) bool {
	for ; file != "." && file != "/"; file = path.Dir(file) {
		if slices.ContainsFunc(o.values["exclude"], func(pattern string) bool {
			whole, _ := path.Match(pattern, file)
			base, _ := path.Match(pattern, path.Base(file))
			return whole || base
		}) {
			return true
		}
	}
	return false
}

func tarAdd(ctx context.Context, p *unix.Proc, o *options, w *tar.Writer, file string, info fs.FileInfo) error {
	target := ""
	if info.Mode()&fs.ModeSymlink != 0 {
		if o.has("h") {
			to, err := p.FS().Stat(file)
			if err != nil {
				return err
			}
			info = to
		} else {
			target, _ = p.FS().ReadLink(file)
		}
	}
	if info.Mode()&fs.ModeSocket != 0 {
		return nil
	}
	h, err := tar.FileInfoHeader(plainInfo{info}, target)
	if err != nil {
		return err
	}
	h.Name = strings.TrimLeft(file, "/")
	if info.IsDir() {
		h.Name += "/"
	}
	h.Uid, h.Gid = owner(info)
	h.Uname, h.Gname = userName(p, h.Uid), groupName(p, h.Gid)
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	if o.has("v") {
		_, _ = io.WriteString(p.Stderr, h.Name+"\n")
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	f, err := p.OpenFile(file, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.CopyN(w, f.Reader(ctx), info.Size())
	return err
}

// plainInfo hides what archive/tar would look up on the machine.
type plainInfo struct{ fs.FileInfo }

func (plainInfo) Sys() any { return nil }

func tarRead(ctx context.Context, p *unix.Proc, o *options, r *tar.Reader) int {
	code := 0
	for ctx.Err() == nil {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return code
		}
		if err != nil {
			return p.Errorf("%v", err)
		}
		name := path.Clean(strings.TrimLeft(h.Name, "/"))
		if strings.HasPrefix(name, "../") || name == ".." {
			return p.Errorf("name with '..' skipped: '%s'", h.Name)
		}
		if len(o.rest) > 0 && !slices.ContainsFunc(o.rest, func(wanted string) bool {
			wanted = path.Clean(wanted)
			return name == wanted || strings.HasPrefix(name, wanted+"/")
		}) {
			continue
		}
		switch {
		case o.has("t") && o.has("v"):
			p.Printf("%s %s/%s %9d %s %s\n", modeText(h.FileInfo().Mode()), cmp.Or(h.Uname, strconv.Itoa(h.Uid)), cmp.Or(h.Gname, strconv.Itoa(h.Gid)), h.Size,
				h.ModTime.UTC().Format(time.DateTime), h.Name)
		case o.has("t") || o.has("v"):
			p.Printf("%s\n", h.Name)
		}
		if !o.has("x") {
			continue
		}
		if err := tarExtract(ctx, p, o, h, name, r); err != nil {
			code = p.Errorf("can't open '%s': %s", name, unix.Reason(err))
		}
	}
	return 1
}

func tarExtract(ctx context.Context, p *unix.Proc, o *options, h *tar.Header, name string, r io.Reader) error {
	if n := atoiOr(o.value("strip-components", ""), 0); n > 0 {
		parts := strings.Split(name, "/")
		if len(parts) <= n {
			return nil
		}
		name = strings.Join(parts[n:], "/")
	}
	if o.has("O") {
		if h.Typeflag == tar.TypeReg {
			_, err := io.Copy(p.Stdout, r)
			return err
		}
		return nil
	}
	files := p.FS()
	if err := files.MkdirAll(path.Dir(name), 0o777); err != nil {
		return err
	}
	mode := h.FileInfo().Mode().Perm()
	switch h.Typeflag {
	case tar.TypeDir:
		return files.MkdirAll(name, mode)
	case tar.TypeSymlink:
		_ = files.Remove(name)
		return files.Symlink(h.Linkname, name)
	case tar.TypeLink:
		_ = files.Remove(name)
		return files.Link(strings.TrimLeft(h.Linkname, "/"), name)
	case tar.TypeFifo:
		return files.Mkfifo(name, mode)
	case tar.TypeReg:
	default:
		return nil
	}
	if info, err := files.Lstat(name); err == nil && !info.IsDir() {
		_ = files.Remove(name)
	}
	f, err := p.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f.Writer(ctx), r)
	f.Close()
	if err == nil && !o.has("m") {
		err = files.Chtimes(name, time.Time{}, h.ModTime)
	}
	return err
}

// gzipFiles is gzip, gunzip and zcat.
func gzipFiles(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "cdfktvn123456789", "stdout=c", "decompress=d", "keep=k", "force=f")
	if o == nil {
		return 1
	}
	base := path.Base(p.Args[0])
	unpack := o.has("d", "t") || base != "gzip"
	work := func(w io.Writer, r io.Reader) error {
		if unpack {
			z, err := gzip.NewReader(r)
			if err == nil {
				_, err = io.Copy(w, z)
			}
			return err
		}
		z := gzip.NewWriter(w)
		if _, err := io.Copy(z, r); err != nil {
			return err
		}
		return z.Close()
	}
	return eachInput(ctx, p, o.rest, func(name string, r io.Reader) error {
		if name == "-" || o.has("c") || base == "zcat" {
			return work(p.Stdout, r)
		}
		to := name + ".gz"
		if unpack {
			var ok bool
			if to, ok = strings.CutSuffix(name, ".gz"); !ok {
				return errors.New("unknown suffix - ignored")
			}
		}
		flag := os.O_WRONLY | os.O_CREATE | os.O_EXCL
		if o.has("f") {
			flag = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		}
		f, err := p.OpenFile(to, flag, 0o666)
		if err != nil {
			return fmt.Errorf("can't open '%s': %s", to, unix.Reason(err))
		}
		defer f.Close()
		if err := work(f.Writer(ctx), r); err != nil || o.has("k") {
			return err
		}
		return p.FS().Remove(name)
	})
}
