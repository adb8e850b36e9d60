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
}

func TestReadConfigWithoutFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "podwright.yaml")
	if _, err := ReadConfig(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v does not name %s", err, file)
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
