package conformance

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCopy: kubectl cp speaks to the tar of the container.
func TestCopy(t *testing.T) {
	t.Parallel()
	c := serve(t)
	toolbox(c)
	c.kubectl("run", "box", "--image=test/toolbox")
	c.kubectl("wait", "--for=condition=Ready", "pod/box", "--timeout=30s")
	c.kubectl("cp", c.write("there", "carried over\n"), "box:/tmp/there")
	if got := c.kubectl("exec", "box", "--", "cat", "/tmp/there"); got != "carried over\n" {
		t.Errorf("in the container: %q", got)
	}
	c.kubectl("cp", "box:/tmp/there", c.file("back"))
	if text, err := os.ReadFile(c.file("back")); err != nil || string(text) != "carried over\n" {
		t.Errorf("back again: %q, %v", text, err)
	}
}

// writeTree makes files in a folder of the home directory, and returns its path.
func (c *cluster) writeTree(name string, files map[string]string) string {
	c.t.Helper()
	for path, text := range files {
		path = filepath.Join(c.home, name, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			c.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	return c.file(name)
}

// readTree is the files in a folder of the home directory.
func (c *cluster) readTree(name string) map[string]string {
	c.t.Helper()
	files, root := map[string]string{}, os.DirFS(c.file(name))
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return files
}

// A folder goes with all that is in it, into a folder that is there or as one that is not.
func TestCopyFolders(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	tree := map[string]string{"a.txt": "one\n", "sub/b.txt": "two\n", "sub/deep/c.bin": strings.Repeat("\x00\xff", 50_000)}
	site := c.writeTree("site", tree)
	if got := c.kubectl("cp", site, "box:/tmp"); got != "" {
		t.Errorf("it says %q", got)
	}
	c.kubectl("cp", site, "box:/var/site")
	list := c.kubectl("exec", "box", "--", "sh", "-c", "find /tmp /var/site -type f | sort; cat /var/site/sub/b.txt; wc -c </var/site/sub/deep/c.bin")
	want := "/tmp/site/a.txt\n/tmp/site/sub/b.txt\n/tmp/site/sub/deep/c.bin\n/var/site/a.txt\n/var/site/sub/b.txt\n/var/site/sub/deep/c.bin\ntwo\n100000\n"
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("in the container (-want +got):\n%s", diff)
	}
	c.kubectl("exec", "box", "--", "sh", "-c", "echo three >/var/site/d.txt; ln -s a.txt /var/site/link")
	r := c.try("cp", "box:/var/site", c.file("back"))
	if r.code != 0 {
		t.Errorf("back again: exit code %d", r.code)
	}
	has(t, r.stderr, `warning: skipping symlink: "`+c.file("back")+`/link" -> "a.txt"`+
		` (consider using "kubectl exec -n "" "box" -- tar cf - "/var/site" | tar xf -")`)
	tree["d.txt"] = "three\n"
	if diff := cmp.Diff(tree, c.readTree("back")); diff != "" {
		t.Errorf("back again (-want +got):\n%s", diff)
	}
}

func TestCopyRefused(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	c.kubectl("run", "still", "--image=registry.k8s.io/pause:3.10")
	c.kubectl("wait", "--for=condition=Ready", "pod/still", "--timeout=30s")
	file := c.write("there", "x")
	for name, row := range map[string]struct {
		from, to string
		want     []string
	}{
		"a local file that is not there":      {c.file("no"), "box:/tmp", []string{"error: " + c.file("no") + " doesn't exist in local filesystem"}},
		"a remote folder that is not there":   {file, "box:/no/such/file", []string{"No such file or directory", "command terminated with exit code 1"}},
		"a pod that is not there":             {file, "nobody:/tmp", []string{`Error from server (NotFound): pods "nobody" not found`}},
		"a container that has no tar":         {file, "still:/tmp", []string{`exec: "tar": executable file not found in $PATH`}},
		"from one place here to another here": {file, c.file("x"), []string{"error: one of src or dest must be a remote file specification"}},
		"from one pod to another":             {"box:/a", "still:/b", []string{"error: one of src or dest must be a local file specification"}},
	} {
		t.Run(name, func(t *testing.T) { has(t, c.refused("cp", row.from, row.to), row.want...) })
	}
	// kubectl cp ends with the archive, and of nothing tar makes an empty one: whether it still hears of the error is a matter of luck.
	r := c.try("exec", "box", "--", "sh", "-c", "tar cf - /tmp/no >/dev/null")
	if has(t, r.stderr, "tar: /tmp/no: No such file or directory\n"); r.code != 1 {
		t.Errorf("a remote file that is not there: exit code %d", r.code)
	}
}
