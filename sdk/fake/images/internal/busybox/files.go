package busybox

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// failed reports an error about a file.
func failed(p *unix.Proc, name string, err error) int {
	return p.Errorf("%s: %s", name, unix.Reason(err))
}

// targets splits the arguments of cp and mv.
func targets(p *unix.Proc, o *options) (from []string, to string, ok bool) {
	if dir := o.value("t", ""); dir != "" {
		return o.rest, dir, len(o.rest) > 0
	}
	if len(o.rest) < 2 {
		p.Errorf("missing file operand")
		return nil, "", false
	}
	from, to = o.rest[:len(o.rest)-1], o.rest[len(o.rest)-1]
	if info, err := p.FS().Stat(to); len(from) > 1 && (err != nil || !info.IsDir()) {
		p.Errorf("target '%s' is not a directory", to)
		return nil, "", false
	}
	return from, to, true
}

func cp(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "aRrdPLHpfinuvlsTt:", "recursive=r", "archive=a", "force=f", "verbose=v", "preserve=p", "no-clobber=n")
	if o == nil {
		return 1
	}
	from, to, ok := targets(p, o)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		target := to
		if !o.has("T") {
			target = into(p, name, to)
		}
		code = max(code, copyFile(ctx, p, o, name, target, false))
	}
	return code
}

// copyFile copies a file or, if asked, a directory. Links that are named are followed; those inside a directory are copied as links.
func copyFile(ctx context.Context, p *unix.Proc, o *options, from, to string, inside bool) int {
	if ctx.Err() != nil {
		return 1
	}
	look := p.FS().Stat
	if o.has("a", "d", "P") || inside && !o.has("L") {
		look = p.FS().Lstat
	}
	info, err := look(from)
	if err != nil {
		return p.Errorf("can't stat '%s': %s", from, unix.Reason(err))
	}
	if _, err := p.FS().Lstat(to); err == nil && o.has("n") && !info.IsDir() {
		return 0
	}
	if o.has("v") {
		p.Printf("'%s' -> '%s'\n", from, to)
	}
	switch {
	case info.IsDir():
		return copyDir(ctx, p, o, info, from, to)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := p.FS().ReadLink(from)
		_ = p.FS().Remove(to)
		if err == nil {
			err = p.FS().Symlink(target, to)
		}
		if err != nil {
			return p.Errorf("can't create symlink '%s': %s", to, unix.Reason(err))
		}
		return 0
	case o.has("s"):
		return boolCode(p.FS().Symlink(from, to) == nil)
	case o.has("l"):
		return boolCode(p.FS().Link(from, to) == nil)
	}
	if old, err := p.FS().Stat(to); err == nil && sameFile(info, old) {
		return p.Errorf("'%s' and '%s' are the same file", from, to)
	}
	if err := copyContent(ctx, p, from, to, info, o.has("f")); err != nil {
		return p.Errorf("can't create '%s': %s", to, unix.Reason(err))
	}
	keepAttributes(p, o, info, to)
	return 0
}

// sameFile says whether two are one file of one mount.
func sameFile(a, b fs.FileInfo) bool {
	x, _ := a.Sys().(*podfs.Stat)
	y, _ := b.Sys().(*podfs.Stat)
	return x != nil && y != nil && podfs.SameFile(a, b)
}

func copyDir(ctx context.Context, p *unix.Proc, o *options, info fs.FileInfo, from, to string) int {
	if !o.has("a", "R", "r") {
		return p.Errorf("omitting directory '%s'", from)
	}
	if err := p.FS().Mkdir(to, info.Mode().Perm()|0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return p.Errorf("can't create directory '%s': %s", to, unix.Reason(err))
	}
	entries, err := p.FS().ReadDir(from)
	if err != nil {
		return failed(p, from, err)
	}
	code := 0
	for _, e := range entries {
		code = max(code, copyFile(ctx, p, o, joinName(from, e.Name()), joinName(to, e.Name()), true))
	}
	keepAttributes(p, o, info, to)
	return code
}

func copyContent(ctx context.Context, p *unix.Proc, from, to string, info fs.FileInfo, force bool) error {
	in, err := p.OpenFile(from, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer in.Close()
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	out, err := p.OpenFile(to, flag, info.Mode().Perm())
	if err != nil && force {
		_ = p.FS().Remove(to)
		out, err = p.OpenFile(to, flag, info.Mode().Perm())
	}
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out.Writer(ctx), in.Reader(ctx))
	return err
}

func keepAttributes(p *unix.Proc, o *options, info fs.FileInfo, to string) {
	if !o.has("a", "p") {
		return
	}
	uid, gid := owner(info)
	_ = p.FS().Chown(to, uid, gid)
	_ = p.FS().Chmod(to, info.Mode())
	_ = p.FS().Chtimes(to, time.Time{}, info.ModTime())
}

func mv(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "finuvTt:", "force=f", "no-clobber=n", "verbose=v")
	if o == nil {
		return 1
	}
	from, to, ok := targets(p, o)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		target := to
		if !o.has("T") {
			target = into(p, name, to)
		}
		if _, err := p.FS().Lstat(target); err == nil && o.has("n") {
			continue
		}
		code = max(code, moveFile(ctx, p, name, target))
	}
	return code
}

// moveFile renames, or copies and removes where the two are in different volumes.
func moveFile(ctx context.Context, p *unix.Proc, from, to string) int {
	err := p.FS().Rename(from, to)
	if err == nil {
		return 0
	}
	if unix.Reason(err) != "Invalid cross-device link" {
		return p.Errorf("can't rename '%s': %s", from, unix.Reason(err))
	}
	all := &options{flags: map[string]int{"a": 1}}
	if code := copyFile(ctx, p, all, from, to, true); code != 0 {
		return code
	}
	if err := p.FS().RemoveAll(from); err != nil {
		return p.Errorf("can't remove '%s': %s", from, unix.Reason(err))
	}
	return 0
}

func rm(_ context.Context, p *unix.Proc) int {
	o := parse(p, "rRfiv", "recursive=r", "force=f")
	if o == nil {
		return 1
	}
	if len(o.rest) == 0 && !o.has("f") {
		return p.Errorf("usage: rm [-irf] FILE...")
	}
	code := 0
	for _, name := range o.rest {
		info, err := p.FS().Lstat(name)
		if base := path.Base(name); base == "." || base == ".." {
			code = p.Errorf("can't remove '.' or '..'")
			continue
		}
		switch {
		case errors.Is(err, fs.ErrNotExist) && o.has("f"):
			continue
		case err == nil && info.IsDir() && !o.has("r", "R"):
			code = p.Errorf("'%s' is a directory", name)
			continue
		case err == nil && info.IsDir():
			err = p.FS().RemoveAll(name)
		case err == nil:
			err = p.FS().Remove(name)
		}
		if err != nil {
			code = p.Errorf("can't remove '%s': %s", name, unix.Reason(err))
		}
	}
	return code
}

func rmdir(_ context.Context, p *unix.Proc) int {
	o := parse(p, "pv", "ignore-fail-on-non-empty")
	if o == nil {
		return 1
	}
	code := 0
	for _, name := range o.rest {
		for {
			info, err := p.FS().Lstat(name)
			if err == nil && !info.IsDir() {
				code = p.Errorf("'%s': Not a directory", name)
				break
			}
			if err := p.FS().Remove(name); err != nil {
				if !o.has("ignore-fail-on-non-empty") {
					code = p.Errorf("'%s': %s", name, unix.Reason(err))
				}
				break
			}
			if name = path.Dir(name); !o.has("p") || name == "." || name == "/" {
				break
			}
		}
	}
	return code
}

func mkdir(_ context.Context, p *unix.Proc) int {
	o := parse(p, "pvm:", "parents=p", "mode=m")
	if o == nil {
		return 1
	}
	code := 0
	for _, name := range o.rest {
		make := p.FS().Mkdir
		if o.has("p") {
			make = p.FS().MkdirAll
		}
		err := make(name, 0o777)
		if err == nil && o.has("m") {
			mode, ok := changedMode(0o777, o.value("m", ""), true)
			if !ok {
				return p.Errorf("invalid mode '%s'", o.value("m", ""))
			}
			err = p.FS().Chmod(name, fileMode(mode))
		}
		if err != nil {
			code = p.Errorf("can't create directory '%s': %s", name, unix.Reason(err))
		}
	}
	return code
}

func ln(_ context.Context, p *unix.Proc) int {
	o := parse(p, "sfnbvTr", "symbolic=s", "force=f", "no-dereference=n")
	if o == nil {
		return 1
	}
	if len(o.rest) == 1 {
		o.rest = append(o.rest, ".")
	}
	if len(o.rest) < 2 {
		return p.Errorf("missing file operand")
	}
	code, to := 0, o.rest[len(o.rest)-1]
	for _, target := range o.rest[:len(o.rest)-1] {
		name := to
		if info, err := p.FS().Lstat(to); !o.has("T") && !(o.has("n") && err == nil && info.Mode()&fs.ModeSymlink != 0) {
			name = into(p, target, to)
		}
		if o.has("f") {
			_ = p.FS().Remove(name)
		}
		link := p.FS().Link
		if o.has("s") {
			link = p.FS().Symlink
		}
		if err := link(target, name); err != nil {
			code = failed(p, name, err)
		}
	}
	return code
}

func touch(_ context.Context, p *unix.Proc) int {
	o := parse(p, "cahmd:t:r:", "no-create=c", "date=d", "reference=r")
	if o == nil {
		return 1
	}
	when := time.Now()
	if o.has("d", "t") {
		var ok bool
		if when, ok = readDate(o.value("d", o.value("t", ""))); !ok {
			return p.Errorf("invalid date '%s'", o.value("d", o.value("t", "")))
		}
	}
	if name := o.value("r", ""); name != "" {
		info, err := p.FS().Stat(name)
		if err != nil {
			return failed(p, name, err)
		}
		when = info.ModTime()
	}
	code := 0
	for _, name := range o.rest {
		_, err := p.FS().Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			if o.has("c") {
				continue
			}
			err = p.FS().WriteFile(name, nil, 0o666)
		}
		if err == nil {
			err = p.FS().Chtimes(name, time.Time{}, when)
		}
		if err != nil {
			code = failed(p, name, err)
		}
	}
	return code
}

func truncate(_ context.Context, p *unix.Proc) int {
	o := parse(p, "cs:", "size=s")
	if o == nil || !o.has("s") || len(o.rest) == 0 {
		return p.Errorf("usage: truncate [-c] -s SIZE FILE...")
	}
	text := o.value("s", "")
	size, err := count(strings.TrimLeft(text, "+-"))
	if err != nil {
		return p.Errorf("invalid number '%s'", text)
	}
	sign := map[bool]int64{true: 1}[strings.HasPrefix(text, "+")] - map[bool]int64{true: 1}[strings.HasPrefix(text, "-")]
	code := 0
	for _, name := range o.rest {
		if err := resize(p, name, int64(size), sign, o.has("c")); err != nil {
			code = failed(p, name, err)
		}
	}
	return code
}

// resize makes a file so long, or with a sign longer or shorter by it.
func resize(p *unix.Proc, name string, size, sign int64, only bool) error {
	info, err := p.FS().Stat(name)
	switch {
	case err == nil && sign != 0:
		size = max(0, info.Size()+sign*size)
	case errors.Is(err, fs.ErrNotExist) && only:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		err = p.FS().WriteFile(name, nil, 0o666)
	}
	if err != nil {
		return err
	}
	return p.FS().Truncate(name, size)
}

func fallocate(_ context.Context, p *unix.Proc) int {
	o := parse(p, "l:o:")
	if o == nil || !o.has("l") || len(o.rest) != 1 {
		return p.Errorf("usage: fallocate [-o OFS] -l LEN FILE")
	}
	size, err := count(o.value("l", ""))
	if err != nil {
		return p.Errorf("invalid number '%s'", o.value("l", ""))
	}
	if info, err := p.FS().Stat(o.rest[0]); err == nil && info.Size() >= int64(size) {
		return 0
	}
	if err := resize(p, o.rest[0], int64(size), 0, false); err != nil {
		return failed(p, o.rest[0], err)
	}
	return 0
}

func mktemp(_ context.Context, p *unix.Proc) int {
	o := parse(p, "dqtup:")
	if o == nil {
		return 1
	}
	pattern, dir := "tmp.XXXXXX", o.value("p", p.Getenv("TMPDIR"))
	if dir == "" {
		dir = "/tmp"
	}
	if len(o.rest) > 0 {
		if pattern = o.rest[0]; !o.has("t", "p") {
			dir, pattern = path.Split(pattern)
			if dir == "" {
				dir = "."
			}
		}
	}
	stem := strings.TrimRight(pattern, "X")
	if len(pattern)-len(stem) < 6 {
		return p.Errorf("%s: Invalid argument", pattern)
	}
	var name string
	var err error
	if o.has("d") {
		name, err = p.FS().MkdirTemp(dir, stem+"*")
		if err == nil {
			err = p.FS().Chmod(name, 0o700)
		}
	} else {
		f, ferr := p.FS().CreateTemp(dir, stem+"*")
		if err = ferr; err == nil {
			name = f.Name()
			err = f.Close()
		}
	}
	if err != nil {
		return failed(p, joinName(dir, pattern), err)
	}
	if dir == "." {
		name = strings.TrimPrefix(name, "./")
	}
	p.Printf("%s\n", name)
	return 0
}

func mkfifo(_ context.Context, p *unix.Proc) int {
	o := parse(p, "m:")
	if o == nil {
		return 1
	}
	code := 0
	for _, name := range o.rest {
		if err := p.FS().Mkfifo(name, 0o666); err != nil {
			code = failed(p, name, err)
		}
	}
	return code
}

func install(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "cdDpsm:o:g:t:")
	if o == nil {
		return 1
	}
	mode, ok := changedMode(0, o.value("m", "755"), false)
	if !ok {
		return p.Errorf("invalid mode '%s'", o.value("m", ""))
	}
	if o.has("d") {
		for _, name := range o.rest {
			if err := p.FS().MkdirAll(name, fileMode(mode)); err != nil {
				return failed(p, name, err)
			}
		}
		return 0
	}
	from, to, ok := targets(p, o)
	if !ok {
		return 1
	}
	for _, name := range from {
		if o.has("D") {
			_ = p.FS().MkdirAll(path.Dir(to), 0o755)
		}
		target := into(p, name, to)
		if code := copyFile(ctx, p, o, name, target, false); code != 0 {
			return code
		}
		if err := p.FS().Chmod(target, fileMode(mode)); err != nil {
			return failed(p, target, err)
		}
	}
	return 0
}
