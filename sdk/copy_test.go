package sdk_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk"
)

// put makes files in a new directory.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		ok(t, os.MkdirAll(filepath.Dir(path), 0o755))
		ok(t, os.WriteFile(path, []byte(text), 0o640))
	}
	return dir
}

func TestCopy(t *testing.T) {
	files := map[string]string{"a.txt": "one\n", "sub/b.txt": "two\n", "sub/deep/empty": "", "big": strings.Repeat("x", 300_000)}
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		dir := put(t, files)
		ok(t, os.Symlink("a.txt", filepath.Join(dir, "link")))
		pod, o := sdk.PodNamed("sh"), sdk.CopyOptions{Container: "main"}
		ok(t, c.CopyTo(t.Context(), pod, dir, "/tmp/copy", o))
		ok(t, c.CopyTo(t.Context(), pod, filepath.Join(dir, "a.txt"), "/tmp/other name", o))

		var out bytes.Buffer
		ok(t, c.Exec(t.Context(), pod, sdk.ExecOptions{Command: []string{"cat", "/tmp/copy/sub/b.txt", "/tmp/other name", "/tmp/copy/link"}, Container: "main", Stdout: &out}))
		equal(t, "in the container", "two\none\none\n", out.String())

		back := t.TempDir()
		ok(t, c.CopyFrom(t.Context(), pod, "/tmp/copy", filepath.Join(back, "here"), o))
		for name, want := range files {
			got, err := os.ReadFile(filepath.Join(back, "here", name))
			ok(t, err)
			equal(t, name, want, string(got))
		}
		link, err := os.Readlink(filepath.Join(back, "here", "link"))
		ok(t, err)
		equal(t, "link", "a.txt", link)
		info, err := os.Stat(filepath.Join(back, "here", "a.txt"))
		ok(t, err)
		equal(t, "mode", os.FileMode(0o640), info.Mode())
		ok(t, c.CopyFrom(t.Context(), pod, "/tmp/copy/a.txt", filepath.Join(back, "single"), o))
		got, err := os.ReadFile(filepath.Join(back, "single"))
		ok(t, err)
		equal(t, "single file", "one\n", string(got))
	})
}

func TestCopyFails(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		dir, pod := put(t, map[string]string{"a": "x"}), sdk.PodNamed("sh")
		var none *sdk.NoTarError
		if err := c.CopyTo(t.Context(), pod, dir, "/tmp/x", sdk.CopyOptions{Container: "bare"}); !errors.As(err, &none) {
			t.Errorf("to a container without tar: %v", err)
		}
		if err := c.CopyFrom(t.Context(), pod, "/tmp/x", dir+"/x", sdk.CopyOptions{Container: "bare"}); !errors.As(err, &none) {
			t.Errorf("from a container without tar: %v", err)
		}
		o := sdk.CopyOptions{Container: "main"}
		var exit *sdk.ExitError
		err := c.CopyFrom(t.Context(), pod, "/tmp/nothing", filepath.Join(dir, "x"), o)
		if !errors.As(err, &exit) {
			t.Errorf("nothing of that name: %v", err)
		}
		says(t, err, "copy /tmp/nothing to ", "nothing", "exit code")
		says(t, c.CopyTo(t.Context(), pod, filepath.Join(dir, "none"), "/tmp/x", o), "no such file")
		says(t, c.CopyTo(t.Context(), pod, dir, "/", o), "has no name of its own")
		says(t, c.CopyTo(t.Context(), pod, dir, "", o), "no path in the container given")
		says(t, c.CopyTo(t.Context(), pod, dir, "/none/x", o), "copy ", "exit code")
		says(t, c.CopyFrom(t.Context(), pod, "/tmp", filepath.Join(dir, "no", "where"), o), "no such file")
	})
}

// Links that lead out of the copy are left out, which is an error; the rest is copied.
func TestCopyFromLeavesOutWhatLeadsOut(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		pod := sdk.PodNamed("sh")
		ok(t, c.Exec(t.Context(), pod, sdk.ExecOptions{Container: "main",
			Command: []string{"sh", "-c", "mkdir /tmp/d && cd /tmp/d && echo x >ok && ln -s /etc/passwd abs && ln -s ../../out rel"}}))
		to := filepath.Join(t.TempDir(), "d")
		says(t, c.CopyFrom(t.Context(), pod, "/tmp/d", to, sdk.CopyOptions{Container: "main"}), "left out", "leads out")
		entries, err := os.ReadDir(to)
		ok(t, err)
		equal(t, "entries", 1, len(entries))
	})
}
