package podfs

import (
	"context"
	"io/fs"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestWatch(t *testing.T) {
	rows := []struct {
		rule, watched string
		change        func(f *FS) error
		want          bool
	}{
		{"a write", "/d/f", func(f *FS) error { return f.WriteFile("/d/f", []byte("2"), 0) }, true},
		{"an attribute", "/d/f", func(f *FS) error { return f.Chmod("/d/f", 0o600) }, true},
		{"another file renamed over it", "/d/f", func(f *FS) error { return f.Rename("/d/g", "/d/f") }, true},
		{"removal", "/d/f", func(f *FS) error { return f.Remove("/d/f") }, true},
		{"removal with the directory", "/d/f", func(f *FS) error { return f.RemoveAll("/d") }, true},
		{"a directory above renamed", "/d/f", func(f *FS) error { return f.Rename("/d", "/e") }, true},
		{"making", "/d/new", func(f *FS) error { return f.WriteFile("/d/new", nil, 0o644) }, true},
		{"making with all above", "/x/y/z", func(f *FS) error { return f.MkdirAll("/x/y/z", 0o755) }, true},
		{"a neighbour", "/d/f", func(f *FS) error { return f.WriteFile("/d/g", []byte("2"), 0) }, false},
		{"a new neighbour", "/d/f", func(f *FS) error { return f.Mkdir("/d/h", 0o755) }, false},
		{"an entry of a directory", "/d", func(f *FS) error { return f.Mkdir("/d/h", 0o755) }, true},
		{"a file in a directory", "/d", func(f *FS) error { return f.WriteFile("/d/g", []byte("2"), 0) }, true},
		{"a file further down", "/", func(f *FS) error { return f.WriteFile("/d/g", []byte("2"), 0) }, false},
		{"reading", "/d/f", func(f *FS) error { _, err := f.ReadFile("/d/f"); return err }, false},
		{"a link on the way led elsewhere", "/link/f", func(f *FS) error {
			return oneOf(f.Symlink("d2", "/tmp"), f.Rename("/tmp", "/link"))
		}, true},
		{"a change behind a link", "/link/f", func(f *FS) error { return f.WriteFile("/d/f", nil, 0) }, true},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := volume(t, map[string]string{"d/f": "1", "d/g": "1", "d2/f": "1"}).FS()
				ok(t, f.Symlink("d", "link"))
				w, err := f.Watch(row.watched)
				ok(t, err)
				defer w.Close()
				woken := false
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				done := make(chan struct{})
				go func() {
					defer close(done)
					woken = w.Wait(ctx) == nil
				}()
				synctest.Wait()
				ok(t, row.change(f))
				synctest.Wait()
				cancel()
				<-done
				equal(t, row.want, woken)
			})
		})
	}
}

func oneOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWatchTellsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ns, f := container(t, nil)
		w, err := f.Watch("/tmp/f")
		ok(t, err)
		ok(t, f.WriteFile("/tmp/f", nil, 0o644))
		ok(t, f.WriteFile("/tmp/f", []byte("x"), 0o644))
		ok(t, w.Wait(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		is(t, w.Wait(ctx), context.DeadlineExceeded)
		ok(t, w.Close())
		ok(t, w.Close())
		is(t, w.Wait(t.Context()), fs.ErrClosed)
		other, err := f.Watch("/tmp")
		ok(t, err)
		ended := make(chan error)
		go func() { ended <- other.Wait(t.Context()) }()
		synctest.Wait()
		ns.Close()
		is(t, <-ended, fs.ErrClosed)
		_, err = f.Watch("/tmp")
		is(t, err, fs.ErrClosed)
	})
}

// TestWatchProjected holds that a program which watches a file of a configMap sees every update, complete.
func TestWatchProjected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		payload := func(v string) Payload {
			return Payload{"a": {Data: []byte(v), Mode: 0o644}, "b": {Data: []byte(v), Mode: 0o644}}
		}
		config, err := NewProjected(payload("0"), nil, 1)
		ok(t, err)
		_, f := container(t, nil, Mount{Path: "/etc/config", Volume: config})
		for _, watched := range [...]string{"/etc/config", "/etc/config/a"} {
			w, err := f.Watch(watched)
			ok(t, err)
			for _, version := range [...]string{"1", "2", "3"} {
				updated := make(chan error)
				go func() {
					<-time.After(time.Minute)
					_, err := config.Update(payload(watched + version))
					updated <- err
				}()
				ok(t, w.Wait(t.Context()))
				for {
					if b, err := f.ReadFile("/etc/config/b"); err == nil && string(b) == watched+version {
						break
					}
					ok(t, w.Wait(t.Context()))
				}
				has(t, f, "/etc/config/a", watched+version)
				ok(t, <-updated)
			}
			ok(t, w.Close())
		}
		is(t, f.WriteFile("/etc/config/a", nil, 0), syscall.EROFS)
	})
}
