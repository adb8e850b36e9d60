package podfs

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"syscall"
	"testing"
)

// FuzzNames holds following a name against the obvious way: one component after the other, on paths without links.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{
		"/", ".", "a", "a/b/../../a", "up/x", "abs", "loop", "loop/x", "a/", "a/b/c", "a/b/c/", "m/../a", "m/out/a", "chain", "/m//./v", "gone/..", "a/b/c/..", "..", "dots/..",
		strings.Repeat("a/../", 900), strings.Repeat("x", 256),
	} {
		f.Add(seed, "/")
		f.Add(seed, "/a/b")
	}
	view := tangle(f)
	f.Fuzz(func(t *testing.T, name, dir string) {
		v := view.In(dir)
		if !strings.HasPrefix(v.Dir(), "/") || path.Clean(v.Dir()) != v.Dir() || len(v.Dir()) > 2048 || strings.Contains(v.Dir(), "\x00") {
			return // Not the directory of a process.
		}
		want, wantErr := slow(v, name)
		got, err := v.Stat(name)
		if !errors.Is(cause(err), cause(wantErr)) {
			t.Fatalf("Stat(%q) in %s = %v, want %v", name, v.Dir(), err, wantErr)
		}
		if err == nil && !SameFile(want, got) {
			t.Fatalf("Stat(%q) in %s = %v, want %v", name, v.Dir(), got, want)
		}
	})
}

// tangle is a container with links of every kind.
func tangle(t testing.TB) *FS {
	_, f := container(t, nil, Mount{Path: "/m", Volume: volume(t, map[string]string{"v/w": "1"})})
	ok(t, f.MkdirAll("/a/b", 0o755))
	ok(t, f.WriteFile("/a/b/c", nil, 0o644))
	for name, target := range map[string]string{
		"/up": "a/../a/b", "/abs": "/a/b/c", "/loop": "loop2", "/loop2": "/loop", "/m/out": "../", "/chain": "a/chain", "/a/chain": "../chain2", "/chain2": "up/c",
		"/dots": "..", "/a/slash": "b/", "/a/file": "b/c/", "/a/none": "gone", "/a/x": strings.Repeat("b/../", 100),
	} {
		ok(t, f.Symlink(target, name))
	}
	return f
}

// slow follows a name with Lstat and ReadLink on names that have no links in them.
func slow(f *FS, name string) (fs.FileInfo, error) {
	switch {
	case name == "":
		return nil, syscall.ENOENT
	case len(name) >= maxPath:
		return nil, syscall.ENAMETOOLONG
	case strings.Contains(name, "\x00"):
		return nil, syscall.EINVAL
	}
	at := "/"
	if !strings.HasPrefix(name, "/") {
		name = f.Dir() + "/" + name
	}
	parts, links := strings.Split(name, "/"), 0
	for len(parts) > 0 {
		part := parts[0]
		parts = parts[1:]
		info, err := f.Lstat(at)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, syscall.ENOTDIR
		}
		if part == "" || part == "." {
			continue
		}
		next := path.Join(at, part)
		info, err = f.Lstat(next)
		if err != nil {
			return nil, err
		}
		if info.Mode().Type() != fs.ModeSymlink {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return nil, syscall.ELOOP
		}
		target, err := f.ReadLink(next)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(target, "/") {
			at = "/"
		}
		parts = append(strings.Split(target, "/"), parts...)
	}
	return f.Lstat(at)
}
