package podfs

import "testing"

func TestEmptyDir(t *testing.T) {
	rows := []struct {
		rule    string
		options EmptyDirOptions
		mode    string
		usage   Usage
	}{
		{"everybody writes", EmptyDirOptions{}, "drwxrwxrwx", Usage{}},
		{"a group owns it", EmptyDirOptions{FSGroup: new(int64(7))}, "dgrwxrwxrwx", Usage{}},
		{"a limit on disk is only watched", EmptyDirOptions{SizeLimit: 10}, "drwxrwxrwx", Usage{}},
		{"a limit in memory is what fits", EmptyDirOptions{SizeLimit: 10, Memory: true}, "dtrwxrwxrwx", Usage{Capacity: 10}},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			v := NewEmptyDir(row.options)
			equal(t, row.mode, mode(t, v.FS(), "/"))
			equal(t, row.usage, v.Usage())
		})
	}
}

// TestPersistent holds that what one pod wrote is there for the next.
func TestPersistent(t *testing.T) {
	claim := NewPersistent(1<<20, 1)
	ns, f := container(t, nil, Mount{Path: "/data", Volume: claim})
	ok(t, f.As(Credentials{UID: 5}).WriteFile("/data/x", []byte("1"), 0o644))
	ns.Close()
	_, next := container(t, nil, Mount{Path: "/var/data", Volume: claim})
	has(t, next, "/var/data/x", "1")
}
