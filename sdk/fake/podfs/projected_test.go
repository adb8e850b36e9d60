package podfs

import (
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// tree lists a volume as ls -lR does, with the random part of the timestamp taken out.
func tree(t *testing.T, p *Projected) []string {
	t.Helper()
	data, err := p.FS().ReadLink("..data")
	ok(t, err)
	var out []string
	ok(t, fs.WalkDir(p.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		ok(t, err)
		line := name
		info, err := d.Info()
		ok(t, err)
		stat := info.Sys().(*Stat)
		line = strings.Join([]string{info.Mode().String(), itoa(stat.UID), itoa(stat.GID), line}, " ")
		if d.Type() == fs.ModeSymlink {
			target, err := p.FS().ReadLink(name)
			ok(t, err)
			line += " -> " + target
		}
		out = append(out, strings.ReplaceAll(line, data, data[:len("..2006_01_02_15_04_05.")]+"N"))
		return nil
	}))
	return out
}

func itoa(n int) string { return string(rune('0' + n%10)) }

func TestProjected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		payload := Payload{
			"color":      {Data: []byte("red"), Mode: 0o644},
			"deep/a/key": {Data: []byte("1"), Mode: 0o400},
			"deep/b":     {Data: []byte("2"), Mode: 0o644, User: new(int64(5))},
		}
		p, err := NewProjected(payload, new(int64(7)), 1)
		ok(t, err)
		equal(t, []string{
			"dgrwxrwxrwx 0 7 .",
			"dgrwxr-xr-x 0 7 ..2000_01_01_00_00_00.N",
			"-rw-r--r-- 0 7 ..2000_01_01_00_00_00.N/color",
			"dgrwxr-xr-x 0 7 ..2000_01_01_00_00_00.N/deep",
			"dgrwxr-xr-x 0 7 ..2000_01_01_00_00_00.N/deep/a",
			"-r--r----- 0 7 ..2000_01_01_00_00_00.N/deep/a/key",
			"-rw-r--r-- 5 7 ..2000_01_01_00_00_00.N/deep/b",
			"Lrwxrwxrwx 0 7 ..data -> ..2000_01_01_00_00_00.N",
			"Lrwxrwxrwx 0 7 color -> ..data/color",
			"Lrwxrwxrwx 0 7 deep -> ..data/deep",
		}, tree(t, p))

		ns, f := container(t, nil,
			Mount{Name: "c", Path: "/c", Volume: p},
			Mount{Name: "c", Path: "/color", Volume: p, SubPath: "color"},
			Mount{Name: "c", Path: "/deep", Volume: p, SubPath: "deep"})
		open, err := f.Open("/c/color")
		ok(t, err)
		<-time.After(time.Hour)
		changed, err := p.Update(payload)
		ok(t, err)
		equal(t, false, changed)
		changed, err = p.Update(Payload{"color": {Data: []byte("blue"), Mode: 0o644}, "size": {Data: []byte("L"), Mode: 0o600}})
		ok(t, err)
		equal(t, true, changed)
		equal(t, []string{
			"dgrwxrwxrwx 0 7 .",
			"dgrwxr-xr-x 0 7 ..2000_01_01_01_00_00.N",
			"-rw-r--r-- 0 7 ..2000_01_01_01_00_00.N/color",
			"-rw-r----- 0 7 ..2000_01_01_01_00_00.N/size",
			"Lrwxrwxrwx 0 7 ..data -> ..2000_01_01_01_00_00.N",
			"Lrwxrwxrwx 0 7 color -> ..data/color",
			"Lrwxrwxrwx 0 7 size -> ..data/size",
		}, tree(t, p))
		has(t, f, "/c/color", "blue")
		has(t, f, "/color", "red")
		equal(t, []string{}, list(t, f, "/deep"))
		buffer := make([]byte, 9)
		n, err := open.Read(buffer)
		ok(t, err)
		equal(t, "red", string(buffer[:n]))
		ok(t, ns.Mount(Mount{Path: "/c/new", Volume: volume(t, nil)}))
		ok(t, f.WriteFile("/c/new/x", nil, 0o644))
		is(t, ns.Mount(Mount{Path: "/c/file", Volume: p, SubPath: "size"}), syscall.ENOTDIR)
	})
}

// TestProjectedDoesNotWriteThePayload holds that volumes share the bytes of a payload until somebody writes to one.
func TestProjectedDoesNotWriteThePayload(t *testing.T) {
	data := append(make([]byte, 0, 100), "shared"...)
	payload := Payload{"a": {Data: data, Mode: 0o644}}
	one, err := NewProjected(payload, nil, 1)
	ok(t, err)
	two, err := NewProjected(payload, nil, 1)
	ok(t, err)
	file, err := one.FS().OpenFile("a", os.O_RDWR|os.O_APPEND, 0)
	ok(t, err)
	_, err = file.WriteString("!")
	ok(t, err)
	ok(t, file.Truncate(2))
	ok(t, one.FS().WriteFile("a", []byte("mine"), 0))
	has(t, one.FS(), "a", "mine")
	has(t, two.FS(), "a", "shared")
	equal(t, "shared\x00", string(data[:7]))
}

func TestProjectedPaths(t *testing.T) {
	rows := []struct{ path, want string }{
		{"", `invalid path: must not be empty: ""`},
		{"/a", "invalid path: must be relative path: /a"},
		{"a/../b", "invalid path: must not contain '..': a/../b"},
		{"..a", "invalid path: must not start with '..': ..a"},
		{strings.Repeat("x", 256), "invalid path: filenames must be less than or equal to 255 characters"},
		{strings.Repeat("x/", 2049), "invalid path: must be less than or equal to 4096 characters"},
		{"a/..b", ""},
		{"a/./b//c", ""},
	}
	for _, row := range rows {
		p, err := NewProjected(Payload{row.path: {Data: []byte("x"), Mode: 0o644}}, nil, 1)
		words(t, row.want, err)
		if row.want == "" {
			has(t, p.FS(), row.path, "x")
		}
	}
	empty, err := NewProjected(nil, nil, 1)
	ok(t, err)
	equal(t, 2, len(list(t, empty.FS(), "/")))
}
