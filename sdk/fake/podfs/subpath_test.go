package podfs

import (
	"io/fs"
	"testing"
)

func TestSubPath(t *testing.T) {
	const create, prepare = `failed to create subPath directory for volumeMount "v" of container "web"`, `failed to prepare subPath for volumeMount "v" of container "web"`
	rows := []struct{ rule, sub, want string }{
		{"a directory", "d", ""},
		{"a file", "d/f", ""},
		{"a link inside", "inside", ""},
		{"a link up and down again", "d/up/f", ""},
		{"a missing directory is made", "new/a/b", ""},
		{"an absolute path", "/d", "error SubPath `/d` must not be an absolute path"},
		{"a way up", "d/../..", "unable to provision SubPath `d/../..`: must not contain '..'"},
		{"two dots in a name are fine", "..data", ""},
		{"a link out", "out", prepare},
		{"an absolute link", "root", prepare},
		{"below a link out", "out/x/y", prepare},
		{"a link to nothing", "dangling", create},
		{"through a file", "d/f/x", prepare},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			v := volume(t, map[string]string{"d/f": "1"})
			ok(t, v.FS().Symlink("d/f", "inside"))
			ok(t, v.FS().Symlink("../d", "d/up"))
			ok(t, v.FS().Symlink("../..", "out"))
			ok(t, v.FS().Symlink("/d", "root"))
			ok(t, v.FS().Symlink("nowhere", "dangling"))
			ns, _ := container(t, nil)
			words(t, row.want, ns.Mount(Mount{Name: "v", Path: "/m", Volume: v, SubPath: row.sub}))
		})
	}
}

// TestSubPathIsMadeLikeItsVolume holds that a group that may write the volume may write the new directory.
func TestSubPathIsMadeLikeItsVolume(t *testing.T) {
	v := NewEmptyDir(EmptyDirOptions{FSGroup: new(int64(2000))})
	_, f := container(t, nil, Mount{Path: "/m", Volume: v, SubPath: "a/b"})
	for _, name := range [...]string{"a", "a/b"} {
		info, err := v.FS().Stat(name)
		ok(t, err)
		equal(t, fs.ModeDir|fs.ModeSetgid|0o777, info.Mode())
		equal(t, 2000, info.Sys().(*Stat).GID)
	}
	ok(t, f.WriteFile("/m/x", []byte("1"), 0o644))
	has(t, v.FS(), "a/b/x", "1")
}
