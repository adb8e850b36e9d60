package gen

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// podwright runs the command as main does.
func podwright(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = Main(args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestMainUsage(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "podwright.yaml", []byte("packages: [./bakery/v1]\n"))
	put(t, dir, "wrong.yaml", []byte("package: ./bakery/v1\n"))
	config, wrong := filepath.Join(dir, "podwright.yaml"), filepath.Join(dir, "wrong.yaml")
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no verb", nil, 2, "Usage: podwright <verb>"},
		{"a flag for a verb", []string{"-h"}, 2, "Usage: podwright <verb>"},
		{"an unknown verb", []string{"bake"}, 2, `podwright: there is no verb "bake"`},
		{"no configuration", []string{"builders"}, 2, "podwright builders: name the configuration"},
		{"an argument", []string{"types", "-config", config, "more"}, 2, "podwright types: name the configuration, and nothing else"},
		{"an unknown flag", []string{"builders", "-bake"}, 2, "flag provided but not defined: -bake"},
		{"help is no error", []string{"builders", "-h"}, 0, "-config file"},
		{"a configuration that is not there", []string{"builders", "-config", filepath.Join(dir, "none.yaml")}, 1, "none.yaml"},
		{"a wrong configuration", []string{"builders", "-config", wrong}, 1, wrong + `:1: unknown key "package"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := podwright(tt.args...)
			if code != tt.code || !strings.Contains(stderr, tt.says) {
				t.Errorf("exit code %d, wanted %d; stderr, which should have %q:\n%s", code, tt.code, tt.says, stderr)
			}
			if stdout != "" {
				t.Errorf("stdout: %s", stdout)
			}
		})
	}
}

// TestVerbs shows that the usage text names every verb, and no other.
func TestVerbs(t *testing.T) {
	var told []string
	for line := range strings.Lines(usage) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "  "), "  "); ok && strings.HasPrefix(line, "  ") {
			told = append(told, name)
		}
	}
	slices.Sort(told)
	if diff := gocmp.Diff(slices.Sorted(maps.Keys(verbs)), told); diff != "" {
		t.Errorf("verbs that there are, and that the usage tells of:\n%s", diff)
	}
}

// TestCheck follows one API through its changes: -check tells of each and writes nothing, a run makes it good.
func TestCheck(t *testing.T) {
	root := scenarioModule(t)
	dir := filepath.Join(root, "check")
	types := "package v1\n\ntype Oven struct {\n\tHeat int32 `json:\"heat,omitempty\"`\n}\n"
	put(t, dir, "bakery/v1/types.go", []byte(types))
	put(t, dir, "podwright.yaml", []byte("packages: [./bakery/v1]\nbuilders:\n  output: builders\n  roots: [Oven]\n"))
	put(t, dir, "builders/doc.go", []byte("// Package builders is documented by hand.\npackage builders\n"))
	put(t, dir, "builders/zz_generated.deepcopy.go", []byte(theirs))
	config, output := filepath.Join(dir, "podwright.yaml"), filepath.Join(dir, "builders")

	check := func(step string, diffs ...string) {
		t.Helper()
		before := folder(t, output)
		code, stdout, stderr := podwright("builders", "-config", config, "-check")
		if diff := gocmp.Diff(before, folder(t, output)); diff != "" {
			t.Errorf("%s: -check writes:\n%s", step, diff)
		}
		if stale := len(diffs) > 0; stale != (code == 1) || stale != (stdout != "") || stale != strings.Contains(stderr, "stale: run go generate") {
			t.Errorf("%s: -check exits with %d, saying %q and\n%s", step, code, stderr, stdout)
		}
		for _, text := range diffs {
			if !strings.Contains(stdout, text) {
				t.Errorf("%s: -check does not say %q, but\n%s", step, text, stdout)
			}
		}
	}
	run := func(step string) {
		t.Helper()
		if code, stdout, stderr := podwright("builders", "-config", config); code != 0 || stdout != "" {
			t.Fatalf("%s: exit code %d: %s%s", step, code, stdout, stderr)
		}
		check(step + ", and then")
	}

	check("nothing is generated yet", "zz_generated.builders.go (as generated now)", "+type OvenBuilder struct")
	run("the first run")
	fresh := folder(t, output)

	put(t, output, "zz_generated.builders.go", []byte(fresh["zz_generated.builders.go"]+"\nvar edited bool\n"))
	check("somebody edits a file", "-var edited bool")
	run("a run takes the edit back")
	if diff := gocmp.Diff(fresh, folder(t, output)); diff != "" {
		t.Errorf("a run after an edit:\n%s", diff)
	}

	put(t, dir, "bakery/v1/types.go", []byte(strings.Replace(types, "Heat ", "Fuel string `json:\"fuel\"`\n\tHeat ", 1)))
	check("the API gets a field", "+func Oven(fuel string) OvenBuilder {", "-func Oven() OvenBuilder {")
	run("a run follows the API")

	put(t, dir, "podwright.yaml", []byte("packages: [./bakery/v1]\nbuilders:\n  output: builders\n  roots: [Oven]\n  topics: [{name: oven, types: [Oven]}]\n"))
	check("the file gets another name", "zz_generated.builders.go (no longer generated)", "zz_generated.oven.go (as generated now)")
	run("a run moves it")
	want := []string{"doc.go", "zz_generated.deepcopy.go", "zz_generated.oven.go"}
	if diff := gocmp.Diff(want, slices.Sorted(maps.Keys(folder(t, output)))); diff != "" {
		t.Errorf("files at the end:\n%s", diff)
	}

	put(t, dir, "bakery/v1/types.go", []byte("package v1\n"))
	before := folder(t, output)
	if code, _, stderr := podwright("builders", "-config", config); code != 1 || !strings.Contains(stderr, "there is no type Oven") {
		t.Errorf("a root that is gone: exit code %d: %s", code, stderr)
	}
	if diff := gocmp.Diff(before, folder(t, output)); diff != "" {
		t.Errorf("a run that fails writes:\n%s", diff)
	}
}

// TestNotes shows that notes go to stderr, and are no failure.
func TestNotes(t *testing.T) {
	dir := filepath.Join(scenarioModule(t), "notes")
	put(t, dir, "bakery/v1/types.go", []byte("package v1\n\ntype Oven struct {\n\tBuild int32 `json:\"build,omitempty\"`\n}\n"))
	put(t, dir, "podwright.yaml", []byte("packages: [./bakery/v1]\nbuilders:\n  output: builders\n  roots: [Oven]\n"))
	code, stdout, stderr := podwright("builders", "-config", filepath.Join(dir, "podwright.yaml"))
	if want := "note: Oven.Build is set by OvenBuilder.BuildField, because Build is taken\n"; code != 0 || stdout != "" || stderr != want {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
	code, stdout, _ = podwright("builders", "-config", filepath.Join(dir, "podwright.yaml"), "-model")
	if code != 0 || !strings.Contains(stdout, `"Name": "BuildField"`) {
		t.Errorf("-model exits with %d, and prints\n%s", code, stdout)
	}
	ok(t, os.RemoveAll(filepath.Join(dir, "builders")))
	if code, _, _ := podwright("builders", "-config", filepath.Join(dir, "podwright.yaml"), "-model"); code != 0 {
		t.Errorf("-model without output: exit code %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "builders")); err == nil {
		t.Error("-model writes")
	}
}
