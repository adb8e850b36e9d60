package podfs

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
)

func TestFileOutlivesItsName(t *testing.T) {
	tree := NewTree(TreeOptions{})
	f := tree.FS()
	file, err := f.Create("log")
	ok(t, err)
	_, err = file.Write(make([]byte, 5000))
	ok(t, err)
	ok(t, f.Remove("log"))
	_, err = file.WriteString("more")
	ok(t, err)
	info, err := file.Stat()
	ok(t, err)
	equal(t, int64(5004), info.Size())
	equal(t, 0, info.Sys().(*Stat).Links)
	equal(t, int64(2*block), tree.Usage().Used)
	ok(t, file.Close())
	equal(t, int64(0), tree.Usage().Used)
	is(t, file.Close(), fs.ErrClosed)
	_, err = file.Write(nil)
	words(t, "write log: file already closed", err)
}

func TestFileReads(t *testing.T) {
	f := volume(t, map[string]string{"f": strings.Repeat("0123456789", 1000)}).FS()
	file, err := f.Open("f")
	ok(t, err)
	ok(t, iotest.TestReader(file, []byte(strings.Repeat("0123456789", 1000))))
}

func TestHolesAreFree(t *testing.T) {
	tree := NewTree(TreeOptions{})
	f := tree.FS()
	ok(t, f.WriteFile("f", []byte("ab"), 0o644))
	ok(t, f.Truncate("f", 1<<29))
	equal(t, int64(block), tree.Usage().Used)
	file, err := f.OpenFile("f", os.O_RDWR, 0)
	ok(t, err)
	buffer := []byte("xxxx")
	_, err = file.ReadAt(buffer, 1)
	ok(t, err)
	equal(t, "b\x00\x00\x00", string(buffer))
	ok(t, file.Truncate(1))
	_, err = file.WriteAt([]byte("z"), 3)
	ok(t, err)
	has(t, f, "f", "a\x00\x00z")
	_, err = file.WriteAt([]byte("z"), maxFile)
	is(t, err, syscall.EFBIG)
	is(t, file.Truncate(maxFile+1), syscall.EFBIG)
}

func TestAppendsDoNotMix(t *testing.T) {
	f := NewTree(TreeOptions{}).FS()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			file, err := f.OpenFile("log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
			if err != nil {
				t.Error(err)
				return
			}
			for j := range 100 {
				fmt.Fprintf(file, "%d %02d\n", i, j)
			}
			if err := file.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	content, err := f.ReadFile("log")
	ok(t, err)
	equal(t, 800, bytes.Count(content, []byte("\n")))
	for line := range bytes.Lines(content) {
		if len(line) != 5 {
			t.Fatalf("%q", line)
		}
	}
}

func TestDirectoryIsListedInParts(t *testing.T) {
	f := volume(t, map[string]string{"a": "", "b": "", "c": ""}).FS()
	opened, err := f.Open("/")
	ok(t, err)
	dir := opened.(*File)
	var got []string
	for {
		part, err := dir.ReadDir(2)
		for _, e := range part {
			got = append(got, fs.FormatDirEntry(e))
		}
		if err == io.EOF {
			break
		}
		ok(t, err)
	}
	equal(t, []string{"- a", "- b", "- c"}, got)
	_, err = dir.Seek(0, io.SeekStart)
	ok(t, err)
	all, err := dir.ReadDir(-1)
	ok(t, err)
	equal(t, 3, len(all))
	_, err = dir.Read(make([]byte, 1))
	words(t, "read /: is a directory", err)
	ok(t, f.Remove("a"))
	_, err = all[0].Info()
	is(t, err, fs.ErrNotExist)
}

func TestNothingWorksAfterClose(t *testing.T) {
	shared := volume(t, map[string]string{"f": "1"})
	ns, f := container(t, website, Mount{Path: "/v", Volume: shared})
	file, err := f.OpenFile("/v/f", os.O_RDWR, 0)
	ok(t, err)
	ns.Close()
	ns.Close()
	_, err = file.Write([]byte("2"))
	is(t, err, fs.ErrClosed)
	is(t, f.WriteFile("/v/f", nil, 0), fs.ErrClosed)
	is(t, f.RemoveAll("/v"), fs.ErrClosed)
	is(t, file.Close(), fs.ErrClosed)
	has(t, shared.FS(), "f", "1")
	consistent(t, shared)
}
