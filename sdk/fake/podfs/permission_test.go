package podfs

import (
	"io/fs"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestPermissions(t *testing.T) {
	root := NewTree(TreeOptions{}).FS()
	make := func(name string, perm fs.FileMode, uid, gid int) {
		if perm.IsDir() {
			ok(t, root.Mkdir(name, 0))
		} else {
			ok(t, root.WriteFile(name, []byte("x"), 0))
		}
		ok(t, root.Chown(name, uid, gid))
		ok(t, root.Chmod(name, perm))
	}
	make("tmp", fs.ModeDir|fs.ModeSticky|0o777, 0, 0)
	make("home", fs.ModeDir|0o750, 1000, 1000)
	make("home/own", 0o600, 1000, 1000)
	make("home/group", 0o640, 0, 2000)
	make("home/other", 0o604, 0, 0)
	make("home/never", 0o077, 1000, 1000)
	make("tmp/theirs", 0o666, 1001, 1001)
	make("tmp/own", 0o600, 1000, 1000)
	make("team", fs.ModeDir|fs.ModeSetgid|0o770, 0, 2000)
	me := root.As(Credentials{UID: 1000, GID: 1000, Groups: []int{2000}})
	stranger := root.As(Credentials{UID: 9, GID: 9})
	read := func(f *FS, name string) error { _, err := f.ReadFile(name); return err }
	write := func(f *FS, name string) error {
		file, err := f.OpenFile(name, os.O_WRONLY, 0)
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
		{"root reads everything", read(root, "home/never"), nil},
		{"the owner's bits are the owner's", read(me, "home/own"), nil},
		{"only they count for the owner", read(me, "home/never"), syscall.EACCES},
		{"a supplementary group counts", read(me, "home/group"), nil},
		{"reading is not writing", write(me, "home/group"), syscall.EACCES},
		{"others", read(me, "home/other"), nil},
		{"a directory that one may not search", read(stranger, "home/other"), syscall.EACCES},
		{"nor list", func() error { _, err := stranger.ReadDir("home"); return err }(), syscall.EACCES},
		{"nor make anything in", stranger.Mkdir("home/x", 0o755), syscall.EACCES},
		{"nor stat", func() error { _, err := stranger.Stat("home/x"); return err }(), syscall.EACCES},
		{"a sticky directory keeps others' files", me.Remove("tmp/theirs"), syscall.EPERM},
		{"against renaming too", me.Rename("tmp/theirs", "tmp/mine"), syscall.EPERM},
		{"and replacing", me.Rename("tmp/own", "tmp/theirs"), syscall.EPERM},
		{"but lets one write them", write(me, "tmp/theirs"), nil},
		{"and remove one's own", me.Remove("tmp/own"), nil},
		{"only the owner changes bits", stranger.Chmod("tmp/theirs", 0o777), syscall.EPERM},
		{"nobody gives files away", me.Chown("home/own", 1001, -1), syscall.EPERM},
		{"an owner chooses among his groups", me.Chown("home/own", -1, 2000), nil},
		{"and no other", me.Chown("home/own", -1, 3000), syscall.EPERM},
		{"times are the owner's", stranger.Chtimes("tmp/theirs", time.Time{}, time.Unix(1, 0)), syscall.EPERM},
		{"devices are root's", me.Mknod("team/dev", 0o666, fixed(empty, swallow)), syscall.EPERM},
		{"access asks the same", me.Access("home/group", 2), syscall.EACCES},
		{"a file without x runs for nobody", root.Access("home/own", 1), syscall.EACCES},
		{"a directory that one may not write", me.Mkdir("home/ro", 0o550), nil},
		{"stays where it is", me.Rename("home/ro", "tmp/ro"), syscall.EACCES},
		{"but may get another name there", me.Rename("home/ro", "home/kept"), nil},
		{"a setgid directory", me.Mkdir("team/sub", 0o750), nil},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) { is(t, row.got, row.want) })
	}
	info, err := root.Stat("team/sub")
	ok(t, err)
	equal(t, "dgrwxr-x---", info.Mode().String())
	equal(t, [2]int{1000, 2000}, [2]int{info.Sys().(*Stat).UID, info.Sys().(*Stat).GID})
}

func TestSetuidIsLostByWriting(t *testing.T) {
	root := NewTree(TreeOptions{}).FS()
	ok(t, root.WriteFile("f", nil, 0o666|fs.ModeSetuid))
	equal(t, "urw-rw-rw-", mode(t, root, "f"))
	file, err := root.As(Credentials{UID: 5}).OpenFile("f", os.O_WRONLY, 0)
	ok(t, err)
	equal(t, "urw-rw-rw-", mode(t, root, "f"))
	_, err = file.WriteString("x")
	ok(t, err)
	equal(t, "-rw-rw-rw-", mode(t, root, "f"))
}

func TestUmask(t *testing.T) {
	_, f := container(t, nil)
	ok(t, f.WriteFile("/tmp/a", nil, 0o666))
	equal(t, "-rw-r--r--", mode(t, f, "/tmp/a"))
	ok(t, f.WithUmask(0o077).Mkdir("/tmp/b", 0o777))
	equal(t, "drwx------", mode(t, f, "/tmp/b"))
	ok(t, f.WithUmask(0).Mkfifo("/tmp/c", 0o666))
	equal(t, "prw-rw-rw-", mode(t, f, "/tmp/c"))
}
