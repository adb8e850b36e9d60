package podfs

import (
	"io/fs"
	"syscall"
	"testing"
	"testing/fstest"
)

// TestFSConforms holds every kind of tree to what fs.FS asks for.
func TestFSConforms(t *testing.T) {
	expected := []string{"srv/index.html", "srv/css/main.css", "usr/bin/nginx", "etc/nginx/nginx.conf"}
	rows := []struct {
		rule   string
		make   func(t *testing.T) *FS
		expect []string
	}{
		{"a root that was written", func(t *testing.T) *FS {
			return volume(t, map[string]string{"srv/index.html": "x", "srv/css/main.css": "", "usr/bin/nginx": "y", "etc/nginx/nginx.conf": "z"}).FS()
		}, expected},
		{"an image", func(t *testing.T) *FS {
			_, f := container(t, website)
			return f
		}, expected},
		{"an image that was written over", func(t *testing.T) *FS {
			_, f := container(t, website)
			ok(t, f.RemoveAll("usr/sbin"))
			ok(t, f.WriteFile("srv/index.html", []byte("new"), 0o644))
			ok(t, f.WriteFile("srv/css/print.css", nil, 0o644))
			ok(t, f.Rename("srv/css", "srv/style"))
			return f
		}, []string{"srv/index.html", "srv/style/print.css", "srv/style/main.css"}},
		{"mounts", func(t *testing.T) *FS {
			config, err := NewProjected(Payload{"a": {Data: []byte("1"), Mode: 0o644}, "b/c": {Data: []byte("2"), Mode: 0o400}}, nil, 1)
			ok(t, err)
			_, f := container(t, website,
				Mount{Name: "data", Path: "/srv/data", Volume: volume(t, map[string]string{"x/y": "z"})},
				Mount{Name: "config", Path: "/etc/config", Volume: config},
				Mount{Name: "config", Path: "/srv/index.html", Volume: config, SubPath: "a"})
			return f
		}, []string{"srv/data/x/y", "etc/config/a", "etc/config/b", "srv/index.html", "srv/css/main.css"}},
		{"a directory of it", func(t *testing.T) *FS {
			_, f := container(t, fstest.MapFS{"app/srv/index.html": {Data: []byte("x")}})
			return f.In("/app")
		}, []string{"srv/index.html"}},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			f := row.make(t)
			strict, err := f.Sub(".")
			ok(t, err)
			ok(t, fstest.TestFS(strict, row.expect...))
		})
	}
}

func TestNames(t *testing.T) {
	_, root := container(t, fstest.MapFS{"app/data/x": {Data: []byte("here")}, "x": {Data: []byte("root")}})
	f := root.In("/app")
	for name, want := range map[string]string{
		"/app/data/x": "here", "data/x": "here", "./data/./x": "here", "../app/data//x": "here",
		"/x": "root", "../x": "root", "../../../x": "root", "//x": "root",
	} {
		has(t, f, name, want)
	}
	equal(t, "/app/data", f.In("data").Dir())
	equal(t, "/app", f.In("").Dir())
	equal(t, "/", f.In("/..").Dir())
	_, err := f.ReadFile("x")
	words(t, "open x: no such file or directory", err)
	_, err = f.ReadFile("data/x/")
	words(t, "open data/x/: not a directory", err)
	_, err = f.In("/gone").Stat("x")
	is(t, err, fs.ErrNotExist)
	_, err = f.Stat("")
	is(t, err, syscall.ENOENT)
	_, err = f.Stat("a\x00b")
	is(t, err, syscall.EINVAL)
}

func TestStandardFunctions(t *testing.T) {
	_, f := container(t, website)
	matches, err := f.Glob("/srv/*.html")
	ok(t, err)
	equal(t, []string{"/srv/index.html"}, matches)
	matches, err = fs.Glob(f, "srv/*/*.css")
	ok(t, err)
	equal(t, []string{"srv/css/main.css"}, matches)
	var walked []string
	ok(t, fs.WalkDir(f, "/srv", func(name string, _ fs.DirEntry, err error) error {
		walked = append(walked, name)
		return err
	}))
	equal(t, []string{"/srv", "/srv/css", "/srv/css/main.css", "/srv/index.html"}, walked)
	ok(t, f.Symlink("/srv/index.html", "/tmp/link"))
	target, err := fs.ReadLink(f, "tmp/link")
	ok(t, err)
	equal(t, "/srv/index.html", target)
	part, err := fs.Sub(f, "srv")
	ok(t, err)
	has(t, part, "index.html", "<h1>hello</h1>")
	_, err = part.Open("/srv/index.html")
	is(t, err, fs.ErrInvalid)
	_, err = f.Sub("/srv/index.html")
	is(t, err, syscall.ENOTDIR)
}

func TestSameFile(t *testing.T) {
	f := NewTree(TreeOptions{}).FS()
	ok(t, f.WriteFile("a", nil, 0o644))
	ok(t, f.Link("a", "b"))
	ok(t, f.WriteFile("c", nil, 0o644))
	stat := func(name string) fs.FileInfo {
		info, err := f.Stat(name)
		ok(t, err)
		return info
	}
	equal(t, true, SameFile(stat("a"), stat("b")))
	equal(t, false, SameFile(stat("a"), stat("c")))
	equal(t, 2, stat("a").Sys().(*Stat).Links)
}
