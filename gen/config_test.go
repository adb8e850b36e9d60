package gen

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const bakeryConfig = `# What is made of bakeries.
packages: [./bakery/v1]
unions:
- FuelSource
defaults: {Oven.Heat: '180'}
builders:
  output: builders
  roots: &roots [Oven]
  reuse: {}
  topics:
  - name: fuel
    types: [FuelSource]
facts:
  output: facts
  roots: *roots
`

func TestReadConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "podwright.yaml")
	ok(t, os.WriteFile(file, []byte(bakeryConfig), 0o666))
	got, err := ReadConfig(file)
	ok(t, err)
	want := &Config{
		Packages: []string{"./bakery/v1"},
		Unions:   []string{"FuelSource"},
		Defaults: map[string]string{"Oven.Heat": "180"},
		Builders: &Builders{
			Target: Target{Output: "builders", Roots: []string{"Oven"}},
			Reuse:  map[string]string{},
			Topics: []Topic{{Name: "fuel", Types: []string{"FuelSource"}}},
		},
		Facts: &Target{Output: "facts", Roots: []string{"Oven"}},
	}
	if diff := gocmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
	if diff := gocmp.Diff(filepath.Join(filepath.Dir(file), "a", "b"), got.output("a/b")); diff != "" {
		t.Errorf("a folder is relative to the configuration:\n%s", diff)
	}
}

func TestReadConfigWithoutFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "podwright.yaml")
	if _, err := ReadConfig(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v does not name %s", err, file)
	}
}

// TestConfigLines shows where an error is said to be: at the thing itself, or at the nearest above it that is written down.
func TestConfigLines(t *testing.T) {
	c, err := parseConfig("podwright.yaml", []byte(bakeryConfig))
	ok(t, err)
	tests := map[string]int{
		"packages": 2, "packages[0]": 2, "unions[0]": 4, "defaults.Oven.Heat": 5, "builders": 6, "builders.roots[0]": 8,
		"builders.topics[0].types[0]": 12, "facts.roots[0]": 8, "facts.roots": 15, "builders.omit[3]": 6, "schema.roots[0]": 1, "": 1,
	}
	got := map[string]int{}
	for path := range tests {
		got[path] = c.lines.of(path)
	}
	if diff := gocmp.Diff(tests, got); diff != "" {
		t.Error(diff)
	}
}

var located = regexp.MustCompile(`^podwright\.yaml:([0-9]+:)? `)

// FuzzParseConfig holds for any text: there is a configuration that names packages, or an error that names the file.
func FuzzParseConfig(f *testing.F) {
	for _, seed := range []string{
		bakeryConfig, "", "packages", "packages: []", "packages: [a]\npackages: [b]", "a: &a [*a]", "&a a: *a", "packages: &a [*a]", "? {}\n: x", "- x",
		"packages: [~]", "packages: [1, yes, 2.5]", "<<: {packages: [a]}", "builders: {topics: [{name: 1}, ~]}", "packages: [a]\n---\npackages: [b]",
		"packages: !!binary aGk=", "defaults: {1: 2}\npackages: [x]", "builders: ~\npackages: [x]", "\t", "packages: [\"\\xff\"]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseConfig("podwright.yaml", text)
		switch {
		case err != nil && !located.MatchString(err.Error()):
			t.Errorf("error %v names no file", err)
		case err == nil && len(c.Packages) == 0:
			t.Errorf("%q is a configuration without packages", text)
		}
	})
}
