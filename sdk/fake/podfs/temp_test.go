package podfs

import (
	"strings"
	"testing"
)

func TestTemporaryNames(t *testing.T) {
	name := func(seed uint64) string {
		f := NewTree(TreeOptions{Image: NewImage(nil), Seed: seed}).FS()
		file, err := f.CreateTemp("", "a*.txt")
		ok(t, err)
		ok(t, file.Close())
		equal(t, "-rw-------", mode(t, f, file.Name()))
		dir, err := f.MkdirTemp("/etc", "d")
		ok(t, err)
		equal(t, "drwx------", mode(t, f, dir))
		return file.Name() + " " + dir
	}
	equal(t, name(1), name(1))
	if name(1) == name(2) || !strings.HasPrefix(name(1), "/tmp/a") {
		t.Error(name(1), name(2))
	}
	f := NewTree(TreeOptions{}).FS()
	_, err := f.CreateTemp("/", "a/b")
	words(t, "createtemp a/b: pattern contains path separator", err)
	_, err = f.MkdirTemp("/gone", "")
	words(t, "mkdirtemp /gone: no such file or directory", err)
}
