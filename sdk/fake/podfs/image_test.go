package podfs

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
)

// counting counts what of an image is read.
type counting struct {
	fs.FS
	mu   sync.Mutex
	seen []string
}

func (c *counting) Open(name string) (fs.File, error) {
	c.mu.Lock()
	c.seen = append(c.seen, name)
	c.mu.Unlock()
	return c.FS.Open(name)
}

func TestImageIsReadOnceAndLate(t *testing.T) {
	files := &counting{FS: fstest.MapFS{"a/b": {Data: []byte("x")}, "a/c": {Data: make([]byte, 1<<20)}, "d/e": {Data: []byte("y")}}}
	image := NewImage(files)
	var containers []*FS
	for range 100 {
		containers = append(containers, NewNamespace(NewTree(TreeOptions{Image: image}), NamespaceOptions{}).FS(Credentials{}, ""))
	}
	if len(files.seen) != 0 {
		t.Errorf("making containers read %q", files.seen)
	}
	for _, f := range containers {
		has(t, f, "a/b", "x")
		info, err := f.Stat("a/c")
		ok(t, err)
		equal(t, int64(1<<20), info.Size())
	}
	equal(t, []string{".", "a", "a/b"}, files.seen)
}

func TestImageStaysAsItIs(t *testing.T) {
	image := NewImage(website)
	one := NewNamespace(NewTree(TreeOptions{Image: image}), NamespaceOptions{}).FS(Credentials{}, "")
	two := NewNamespace(NewTree(TreeOptions{Image: image}), NamespaceOptions{}).FS(Credentials{}, "")
	ok(t, one.WriteFile("srv/index.html", []byte("mine"), 0))
	appended, err := one.OpenFile("etc/nginx/nginx.conf", os.O_APPEND|os.O_WRONLY, 0)
	ok(t, err)
	_, err = appended.WriteString(" user x;")
	ok(t, err)
	ok(t, appended.Close())
	ok(t, one.Remove("usr/sbin"))
	ok(t, one.RemoveAll("srv/css"))
	ok(t, one.Mkdir("srv/css", 0o755))
	ok(t, one.Rename("usr/bin", "srv/bin"))
	ok(t, one.Truncate("srv/bin/nginx", 1))
	ok(t, one.Chmod("etc", 0o700))

	has(t, one, "srv/index.html", "mine")
	has(t, one, "etc/nginx/nginx.conf", "daemon off; user x;")
	has(t, one, "srv/bin/nginx", "E")
	equal(t, []string{"bin", "css", "index.html"}, list(t, one, "srv"))
	equal(t, []string{}, list(t, one, "srv/css"))
	equal(t, []string{}, list(t, one, "usr"))
	is(t, one.Remove("srv"), syscall.ENOTEMPTY)

	has(t, two, "srv/index.html", "<h1>hello</h1>")
	has(t, two, "etc/nginx/nginx.conf", "daemon off;")
	has(t, two, "usr/sbin/nginx", "ELF")
	equal(t, []string{"css", "index.html"}, list(t, two, "srv"))
	equal(t, "drwxr-xr-x", mode(t, one, "srv/css"))
	equal(t, "drwx------", mode(t, one, "etc"))
	equal(t, "dr-xr-xr-x", mode(t, two, "etc"))
	equal(t, int64(3*block), one.ns.root.root.tree.Usage().Used)
	equal(t, int64(0), two.ns.root.root.tree.Usage().Used)
}

func TestImageModes(t *testing.T) {
	_, f := container(t, website)
	for name, want := range map[string]string{
		"etc/nginx/nginx.conf": "-rw-r--r--", // none was given
		"srv/index.html":       "-rw-r-----",
		"usr/bin/nginx":        "urwxr-xr-x",
		"usr/sbin":             "Lrwxrwxrwx",
		"tmp":                  "dtrwxrwxrwx",
		"proc":                 "dr-xr-xr-x",
	} {
		equal(t, want, mode(t, f, name))
	}
	info, err := f.Stat("srv/index.html")
	ok(t, err)
	equal(t, int64(0), info.ModTime().Unix())
	_, none := container(t, nil)
	equal(t, []string{"dev", "etc", "proc", "sys", "tmp"}, list(t, none, "/"))
}

func TestImageProblems(t *testing.T) {
	broken := errors.New("the disk is on fire")
	_, f := container(t, failing{website, map[string]error{"srv": broken, "etc/nginx/nginx.conf": broken}})
	_, err := f.ReadFile("etc/nginx/nginx.conf")
	is(t, err, broken)
	_, err = f.ReadDir("/srv")
	words(t, "readdirent /srv: the disk is on fire", err)
	is(t, f.WriteFile("srv/x", nil, 0o644), broken)
	ok(t, f.WriteFile("etc/nginx/nginx.conf", []byte("new"), 0o644))
	has(t, f, "etc/nginx/nginx.conf", "new")
}

// failing is a file system with bad spots.
type failing struct {
	fs.FS
	bad map[string]error
}

func (f failing) Open(name string) (fs.File, error) {
	if err := f.bad[name]; err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

// TestContainerIsSmall holds what a container costs before it does anything, the view of its program included.
func TestContainerIsSmall(t *testing.T) {
	image := NewImage(website)
	make := func() *FS {
		return NewNamespace(NewTree(TreeOptions{Image: image}), NamespaceOptions{}).FS(Credentials{}, "/")
	}
	has(t, make(), "usr/bin/nginx", "ELF")
	kept := slices.Grow([]*FS(nil), 1000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 1000 {
		kept = append(kept, make())
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / 1000; each > 1024 {
		t.Errorf("a container costs %d bytes, more than 1024", each)
	}
	if n := testing.AllocsPerRun(100, func() { make() }); n > 8 {
		t.Errorf("a container costs %v allocations, more than 8", n)
	}
	runtime.KeepAlive(kept)
}
