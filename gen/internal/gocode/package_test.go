package gocode

import (
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/gen/internal/scratch"
)

func TestPackageAt(t *testing.T) {
	dir := t.TempDir()
	scratch.Put(t, dir, "go.mod", []byte("module example.com/shop\n"))
	scratch.Put(t, dir, "inner/go.mod", []byte("module example.com/inner\n"))
	scratch.Put(t, dir, "wrong/go.mod", []byte("go 1.26\n"))
	scratch.Put(t, dir, "named/doc.go", []byte("package other\n"))
	scratch.Put(t, dir, "generated/zz_generated.x.go", []byte("package other\n"))
	scratch.Put(t, dir, "tested/x_test.go", []byte("package tested_test\n"))
	for _, tt := range []struct {
		rule, folder string
		want         Package
	}{
		{"the root of a module", ".", Package{"example.com/shop", "shop"}},
		{"a folder that is not there yet", "a/go-labels.v1", Package{"example.com/shop/a/go-labels.v1", "golabelsv1"}},
		{"a module in a module", "inner/labels", Package{"example.com/inner/labels", "labels"}},
		{"a name that hand-written files have", "named", Package{"example.com/shop/named", "other"}},
		{"generated files have no say", "generated", Package{"example.com/shop/generated", "generated"}},
		{"nor have tests", "tested", Package{"example.com/shop/tested", "tested"}},
	} {
		got, err := PackageAt(filepath.Join(dir, filepath.FromSlash(tt.folder)))
		ok(t, err)
		if diff := gocmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.rule, diff)
		}
	}
	if _, err := PackageAt(filepath.Join(dir, "wrong")); err == nil || !strings.Contains(err.Error(), "go.mod names no module") {
		t.Errorf("a go.mod without a module: error %v", err)
	}
}
