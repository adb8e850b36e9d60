package podfs

import (
	"io/fs"
	"testing"
)

func TestSetOwnership(t *testing.T) {
	rows := []struct {
		rule            string
		options         OwnershipOptions
		dir, file, link string
	}{
		{"for writing", OwnershipOptions{}, "dgrwxrwx---", "-rw-rw----", "Lrwxrwxrwx"},
		{"for reading", OwnershipOptions{ReadOnly: true}, "dgrwxr-x---", "-rw-r-----", "Lrwxrwxrwx"},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			tree := NewTree(TreeOptions{Mode: 0o755})
			f := tree.FS()
			ok(t, f.Mkdir("d", 0o700))
			ok(t, f.WriteFile("d/f", nil, 0o600))
			ok(t, f.Symlink("gone", "d/l"))
			tree.SetOwnership(2000, row.options)
			equal(t, []string{row.dir, row.file, row.link}, []string{mode(t, f, "d"), mode(t, f, "d/f"), mode(t, f, "d/l")})
			for _, name := range [...]string{"/", "d", "d/f", "d/l"} {
				info, err := f.Lstat(name)
				ok(t, err)
				equal(t, 2000, info.Sys().(*Stat).GID)
			}
			ok(t, f.WriteFile("d/new", nil, 0o644))
			info, err := f.Stat("d/new")
			ok(t, err)
			equal(t, 2000, info.Sys().(*Stat).GID)
		})
	}
}

func TestOwnershipOnRootMismatch(t *testing.T) {
	tree := NewPersistent(0, 1)
	f := tree.FS()
	tree.SetOwnership(2000, OwnershipOptions{OnRootMismatch: true})
	ok(t, f.WriteFile("f", nil, 0o600))
	tree.SetOwnership(2000, OwnershipOptions{OnRootMismatch: true})
	equal(t, "-rw-------", mode(t, f, "f"))
	tree.SetOwnership(2000, OwnershipOptions{})
	equal(t, "-rw-rw----", mode(t, f, "f"))
	ok(t, f.Chmod("/", fs.ModeSetgid|0o700))
	tree.SetOwnership(2000, OwnershipOptions{OnRootMismatch: true})
	equal(t, "dgrwxrwx---", mode(t, f, "/"))
}
