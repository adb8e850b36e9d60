package podfs

import (
	"os"
	"syscall"
	"testing"
	"testing/fstest"
)

func TestMountsAreShared(t *testing.T) {
	shared := NewEmptyDir(EmptyDirOptions{})
	_, puller := container(t, nil, Mount{Name: "content", Path: "/out", Volume: shared})
	_, server := container(t, website, Mount{Name: "content", Path: "/srv", Volume: shared, ReadOnly: true})
	ok(t, puller.MkdirAll("/out/a", 0o755))
	ok(t, puller.WriteFile("/out/a/page", []byte("fresh"), 0o644))
	has(t, server, "/srv/a/page", "fresh")
	equal(t, []string{"a"}, list(t, server, "/srv"))
	_, err := puller.Stat("/srv")
	is(t, err, os.ErrNotExist)
	has(t, shared.FS(), "a/page", "fresh")
}

func TestMountRules(t *testing.T) {
	data := volume(t, map[string]string{"f": "1", "d/g": "2"})
	ns, f := container(t, website,
		Mount{Name: "inner", Path: "/data/inner", Volume: volume(t, map[string]string{"x": "y"})},
		Mount{Name: "data", Path: "/data", Volume: data},
		Mount{Name: "ro", Path: "/ro", Volume: data, ReadOnly: true},
		Mount{Name: "file", Path: "/etc/motd", Volume: data, SubPath: "f"},
	)
	open := func(name string, flag int) error {
		file, err := f.OpenFile(name, flag, 0o644)
		if err == nil {
			_ = file.Close()
		}
		return err
	}
	rows := []struct {
		rule string
		got  error
		want error
	}{
		{"a read-only mount is not written", f.WriteFile("/ro/f", nil, 0o644), syscall.EROFS},
		{"nor opened for it", open("/ro/f", os.O_RDWR), syscall.EROFS},
		{"nor anything made there", f.Mkdir("/ro/new", 0o755), syscall.EROFS},
		{"nor linked there", f.Symlink("x", "/ro/new"), syscall.EROFS},
		{"what is there already is said first", f.Mkdir("/ro/d", 0o755), syscall.EEXIST},
		{"nor removed", f.Remove("/ro/f"), syscall.EROFS},
		{"nor renamed", f.Rename("/ro/f", "/ro/h"), syscall.EROFS},
		{"nor changed", f.Chmod("/ro/f", 0), syscall.EROFS},
		{"nor cut", f.Truncate("/ro/f", 0), syscall.EROFS},
		{"test -w says so", f.Access("/ro/f", 2), syscall.EROFS},
		{"it is read", open("/ro/f", os.O_RDONLY), nil},
		{"a mount point is not removed", f.Remove("/data"), syscall.EBUSY},
		{"nor one in a volume", f.Remove("/data/inner"), syscall.EBUSY},
		{"nor a file", f.Remove("/etc/motd"), syscall.EBUSY},
		{"nor renamed", f.Rename("/etc/motd", "/etc/other"), syscall.EBUSY},
		{"nor replaced", f.Rename("/etc/nginx/nginx.conf", "/etc/motd"), syscall.EBUSY},
		{"files do not move between volumes", f.Rename("/data/f", "/tmp/f"), syscall.EXDEV},
		{"nor between two mounts of one", f.Rename("/data/f", "/ro/h"), syscall.EXDEV},
		{"nor are linked", f.Link("/data/f", "/tmp/f"), syscall.EXDEV},
		{"the root is not removed", f.Remove("/"), syscall.EBUSY},
		{"a removal goes as far as it can", f.RemoveAll("/data"), syscall.EBUSY},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) { is(t, row.got, row.want) })
	}
	equal(t, []string{"inner"}, list(t, f, "/data"))
	equal(t, []string{}, list(t, f, "/data/inner"))
	equal(t, []string{"inner"}, list(t, f, "/ro"))
	has(t, f, "/etc/motd", "1")
	equal(t, []MountInfo{{Path: "/"}, {Path: "/data"}, {Path: "/data/inner"}, {Path: "/etc/motd"}, {Path: "/ro", ReadOnly: true}}, ns.Mounts())
}

func TestMountPointsAreMade(t *testing.T) {
	v := volume(t, map[string]string{"f": "1"})
	_, f := container(t, fstest.MapFS{"opt/real/x": {}, "opt/link": {Mode: os.ModeSymlink, Data: []byte("real")}},
		Mount{Path: "/a/b/c", Volume: v}, Mount{Path: "/opt/link/v", Volume: v}, Mount{Path: "/a/file", Volume: v, SubPath: "f"})
	equal(t, "drwxr-xr-x", mode(t, f, "/a"))
	equal(t, []string{"b", "file"}, list(t, f, "/a"))
	equal(t, []string{"f"}, list(t, f, "/opt/real/v"))
	has(t, f.In("/a/b/c"), "../../file", "1")
	has(t, f.In("/opt/link/v"), "../../../a/file", "1")
}

func TestMountErrors(t *testing.T) {
	v := volume(t, map[string]string{"f": "1"})
	const clash = ": not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type"
	rows := []struct {
		rule, want string
		mount      Mount
	}{
		{"a directory over a file", "mount v at /srv/index.html" + clash, Mount{Name: "v", Path: "/srv/index.html", Volume: v}},
		{"a file over a directory", "mount v at /srv" + clash, Mount{Name: "v", Path: "/srv", Volume: v, SubPath: "f"}},
		{"through a file", "mount v at /srv/index.html/x" + clash, Mount{Name: "v", Path: "/srv/index.html/x", Volume: v}},
		{"inside a read-only mount", "mount v at /ro/new: read-only file system", Mount{Name: "v", Path: "/ro/new", Volume: v}},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			ns, _ := container(t, website, Mount{Name: "ro", Path: "/ro", Volume: volume(t, nil), ReadOnly: true})
			words(t, row.want, ns.Mount(row.mount))
		})
	}
}

func TestReadOnlyRoot(t *testing.T) {
	ns := NewNamespace(NewTree(TreeOptions{Image: NewImage(website)}), NamespaceOptions{ReadOnly: true})
	ok(t, ns.Mount(Mount{Path: "/cache", Volume: volume(t, nil)}))
	f := ns.FS(Credentials{}, "/")
	is(t, f.WriteFile("/x", nil, 0o644), syscall.EROFS)
	ok(t, f.WriteFile("/cache/x", nil, 0o644))
}

// TestMovedOutOfSubPath holds that ".." does not lead out of a part of a volume, not even from a directory that was moved
// away from under a program.
func TestMovedOutOfSubPath(t *testing.T) {
	v := volume(t, map[string]string{"part/inner/x": "", "secret": "s"})
	_, f := container(t, nil, Mount{Path: "/part", Volume: v, SubPath: "part"})
	equal(t, []string{"dev", "etc", "part", "proc", "sys", "tmp"}, list(t, f, "/part/inner/../.."))
	at, err := f.find("/part/inner", true)
	ok(t, err)
	ok(t, v.FS().Rename("part/inner", "inner"))
	_, err = f.step(at, "..")
	is(t, err, syscall.ENOENT)
}
