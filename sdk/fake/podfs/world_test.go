package podfs

import (
	"errors"
	"io/fs"
	"path"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// ok ends the test on an error.
func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// is wants an error, or none.
func is(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error = %v, want %v", got, want)
	}
}

// equal compares, wanted first.
func equal(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// words wants the text of an error.
func words(t testing.TB, want string, err error) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	equal(t, want, got)
}

// has wants a file's content.
func has(t testing.TB, f fs.FS, name, want string) {
	t.Helper()
	got, err := fs.ReadFile(f, name)
	ok(t, err)
	equal(t, want, string(got))
}

// names lists a directory.
func list(t testing.TB, f *FS, name string) []string {
	t.Helper()
	entries, err := f.ReadDir(name)
	ok(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// mode is what ls -l shows first.
func mode(t testing.TB, f *FS, name string) string {
	t.Helper()
	info, err := f.Lstat(name)
	ok(t, err)
	return info.Mode().String()
}

// container makes a namespace over an image of files and a view of root in it.
func container(t testing.TB, files fs.FS, mounts ...Mount) (*Namespace, *FS) {
	t.Helper()
	ns := NewNamespace(NewTree(TreeOptions{Image: NewImage(files)}), NamespaceOptions{Container: "web"})
	ok(t, ns.Mount(mounts...))
	return ns, ns.FS(Credentials{}, "/")
}

// volume makes a tree with files, by path.
func volume(t testing.TB, files map[string]string) *Tree {
	t.Helper()
	tree := NewEmptyDir(EmptyDirOptions{})
	for name, content := range files {
		ok(t, tree.FS().MkdirAll(path.Dir(name), 0o755))
		ok(t, tree.FS().WriteFile(name, []byte(content), 0o644))
	}
	return tree
}

var website = fstest.MapFS{
	"etc/nginx/nginx.conf":  {Data: []byte("daemon off;")},
	"srv/index.html":        {Data: []byte("<h1>hello</h1>"), Mode: 0o640},
	"srv/css/main.css":      {Data: []byte("body{}")},
	"usr/bin/nginx":         {Data: []byte("ELF"), Mode: 0o755 | fs.ModeSetuid},
	"usr/sbin":              {Mode: fs.ModeSymlink, Data: []byte("bin")},
	"var/log/nginx/err.log": {Mode: fs.ModeSymlink, Data: []byte("/srv/index.html")},
}
