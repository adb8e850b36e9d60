package podfs

import (
	"os"
	"syscall"
	"testing"
)

func TestUsage(t *testing.T) {
	tree := NewTree(TreeOptions{})
	f := tree.FS()
	used := func(want int64) {
		t.Helper()
		equal(t, want*block, tree.Usage().Used)
	}
	ok(t, f.MkdirAll("a/b/c", 0o755))
	ok(t, f.WriteFile("empty", nil, 0o644))
	used(0)
	ok(t, f.WriteFile("one", []byte("1"), 0o644))
	used(1)
	ok(t, f.WriteFile("two", make([]byte, block+1), 0o644))
	used(3)
	ok(t, f.Link("two", "a/two"))
	ok(t, f.Remove("two"))
	used(3)
	ok(t, f.Truncate("a/two", block))
	used(2)
	ok(t, f.Rename("one", "a/two"))
	used(1)
	ok(t, f.WriteFile("a/two", nil, 0))
	used(0)
	ok(t, f.WriteFile("a/b/x", []byte("1"), 0o644))
	ok(t, f.RemoveAll("a"))
	used(0)
	open, err := f.OpenFile("x", os.O_RDONLY|os.O_CREATE, 0)
	ok(t, err)
	ok(t, open.Close())
	used(0)
}

func TestExceeded(t *testing.T) {
	tree := NewEmptyDir(EmptyDirOptions{SizeLimit: 2 * block})
	f := tree.FS()
	over := func() bool {
		select {
		case <-tree.Exceeded():
			return true
		default:
			return false
		}
	}
	ok(t, f.WriteFile("a", make([]byte, 2*block), 0o644))
	equal(t, false, over())
	ok(t, f.WriteFile("b", []byte("x"), 0o644))
	equal(t, true, over())
	ok(t, f.Remove("a"))
	equal(t, true, over())
}

func TestCapacity(t *testing.T) {
	tree := NewEmptyDir(EmptyDirOptions{SizeLimit: 2*block + 10, Memory: true})
	f := tree.FS()
	file, err := f.Create("a")
	ok(t, err)
	n, err := file.Write(make([]byte, block))
	ok(t, err)
	equal(t, block, n)
	n, err = file.Write(make([]byte, 2*block))
	words(t, "write a: no space left on device", err)
	is(t, err, syscall.ENOSPC)
	equal(t, block+10, n)
	ok(t, f.Remove("a"))
	ok(t, file.Close())
	ok(t, f.WriteFile("b", make([]byte, block), 0o644))
	usage, err := f.Usage("b")
	ok(t, err)
	equal(t, Usage{Used: block, Capacity: 2*block + 10}, usage)
}
