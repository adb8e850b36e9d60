package scratch

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/modfile"
)

// Main is the TestMain of a package that calls [Module]: it sets the environment so that the go command works there, runs the tests
// and exits. Tests do not set it themselves, since then they could not be parallel.
func Main(m *testing.M) {
	err := errors.Join(os.Setenv("GOPROXY", "off"), os.Setenv("GOWORK", "off"), os.Setenv("GOFLAGS", ""))
	if err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// Module makes a module called example.com in a new folder, and returns the folder.
func Module(t *testing.T) string {
	t.Helper()
	here := repository(t)
	text, err := os.ReadFile(filepath.Join(here, "go.mod"))
	ok(t, err)
	mod, err := modfile.Parse("go.mod", text, nil)
	ok(t, err)
	own := mod.Module.Mod.Path
	ok(t, mod.AddModuleStmt("example.com"))
	for _, tool := range mod.Tool {
		ok(t, mod.DropTool(tool.Path))
	}
	ok(t, mod.AddRequire(own, "v0.0.0"))
	ok(t, mod.AddReplace(own, "", here, ""))
	mod.Cleanup()
	text, err = mod.Format()
	ok(t, err)
	sums, err := os.ReadFile(filepath.Join(here, "go.sum"))
	ok(t, err)
	root, err := filepath.EvalSymlinks(t.TempDir())
	ok(t, err)
	Put(t, root, "go.mod", text)
	Put(t, root, "go.sum", sums)
	return root
}

// repository is the folder of this module, which tests run below.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	ok(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("the test does not run in a module")
		}
		dir = filepath.Dir(dir)
	}
}

// Put writes a file, whose name has slashes, below a folder.
func Put(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	ok(t, errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, text, 0o666)))
}

// Files is what stands in a folder, by name. There must be no folders in it.
func Files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	ok(t, err)
	files := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		ok(t, err)
		files[e.Name()] = string(text)
	}
	return files
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
