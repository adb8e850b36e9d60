package podfs

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// growing is a content that gets more.
type growing struct{ text strings.Builder }

func (g *growing) ReadAt(p []byte, off int64) (int, error) {
	return strings.NewReader(g.text.String()).ReadAt(p, off)
}
func (g *growing) Size() int64        { return int64(g.text.Len()) }
func (g *growing) ModTime() time.Time { return time.Unix(7, 0) }

func TestShow(t *testing.T) {
	f := NewTree(TreeOptions{}).FS()
	source := &growing{}
	ok(t, f.Show("log", 0o640, source))
	has(t, f, "log", "")
	source.text.WriteString("one\n")
	has(t, f, "log", "one\n")
	file, err := f.Open("log")
	ok(t, err)
	buffer := make([]byte, 100)
	n, err := file.Read(buffer)
	ok(t, err)
	equal(t, "one\n", string(buffer[:n]))
	source.text.WriteString("two\n")
	n, err = file.Read(buffer)
	ok(t, err)
	equal(t, "two\n", string(buffer[:n]))
	info, err := f.Stat("log")
	ok(t, err)
	equal(t, int64(8), info.Size())
	equal(t, time.Unix(7, 0), info.ModTime())
	equal(t, "-rw-r-----", mode(t, f, "log"))
	is(t, f.WriteFile("log", []byte("spoilt"), 0o644), syscall.EPERM)
	is(t, f.Truncate("log", 2), syscall.EPERM)
	ok(t, f.Rename("log", "old"))
	has(t, f, "old", "one\ntwo\n")
	ok(t, f.Remove("old"))
}
