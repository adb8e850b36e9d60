package podlog_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
)

// The files of a log together are what WriteTo writes, each of its own size, and the newest is always the one that is written to.
func TestFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rotations := 0
		l := podlog.New(podlog.Options{MaxBytes: 400, MaxFiles: 3})
		l.OnRotate(func() { rotations++ })
		newest := l.Newest()
		if newest.Size() != 0 || !newest.ModTime().IsZero() {
			t.Errorf("an empty log has %d bytes, of %v", newest.Size(), newest.ModTime())
		}
		for i := range 40 {
			fmt.Fprintf(l.Stdout(), "line %d %s\n", i, strings.Repeat("x", i))
		}
		var want, got strings.Builder
		if _, err := l.WriteTo(&want); err != nil {
			t.Fatal(err)
		}
		files := append(l.Rotated(), newest)
		for i, f := range files {
			text, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
			if err != nil || int64(len(text)) != f.Size() || f.Size() > 400 {
				t.Errorf("file %d: %d bytes of %d, %v", i, len(text), f.Size(), err)
			}
			last := strings.TrimSpace(string(text))
			last = last[strings.LastIndexByte(last, '\n')+1:]
			if stamp := f.ModTime().UTC().Format("2006-01-02T15:04:05.000000000Z"); !strings.HasPrefix(last, stamp) {
				t.Errorf("file %d is of %s, its last record is %q", i, stamp, last)
			}
			got.Write(text)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" || len(files) != 3 {
			t.Errorf("%d files: %s", len(files), diff)
		}
		if rotations < 5 {
			t.Errorf("told of %d rotations", rotations)
		}
		middle := make([]byte, 10)
		if n, err := newest.ReadAt(middle, 5); n != 10 || err != nil || string(middle) != got.String()[got.Len()-int(newest.Size())+5:][:10] {
			t.Errorf("10 bytes from 5: %q, %v", middle[:n], err)
		}
		if n, err := newest.ReadAt(middle, newest.Size()); n != 0 || err != io.EOF {
			t.Errorf("at the end: %d, %v", n, err)
		}
	})
}
