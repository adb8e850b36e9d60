package podfs

import (
	"fmt"
	"testing"
	"testing/fstest"
)

// TestLargeDirectories holds that a directory works the same once its entries are many.
func TestLargeDirectories(t *testing.T) {
	files := fstest.MapFS{}
	for i := range 40 {
		files[fmt.Sprintf("d/%02d", i)] = &fstest.MapFile{Data: []byte("image")}
	}
	_, f := container(t, files)
	var want []string
	for i := range 60 {
		name := fmt.Sprintf("%02d", i)
		if i%3 == 0 {
			if i < 40 {
				ok(t, f.Remove("d/"+name))
			}
			continue
		}
		ok(t, f.WriteFile("d/"+name, []byte(name), 0o644))
		want = append(want, name)
	}
	equal(t, want, list(t, f, "d"))
	for _, name := range want {
		has(t, f, "d/"+name, name)
		ok(t, f.Remove("d/"+name))
	}
	ok(t, f.Remove("d"))
	consistent(t, f.ns.root.root.tree)
}
