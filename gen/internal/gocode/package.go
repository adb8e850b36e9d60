package gocode

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// A Package is what code is generated into: its import path and its name.
type Package struct{ Path, Name string }

// PackageAt is the package in a folder, which need not exist yet. It has the name that hand-written files there have, or else
// the folder's. A folder outside of any module is an error.
func PackageAt(dir string) (Package, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Package{}, err
	}
	for root := dir; ; root = filepath.Dir(root) {
		text, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if err == nil {
			module := modfile.ModulePath(text)
			if module == "" {
				return Package{}, fmt.Errorf("%s/go.mod names no module", root)
			}
			rel, err := filepath.Rel(root, dir)
			if err != nil {
				return Package{}, err
			}
			full := path.Join(module, filepath.ToSlash(rel))
			return Package{full, packageName(dir, full)}, nil
		}
		if root == filepath.Dir(root) {
			return Package{}, fmt.Errorf("%s is in no Go module: run go mod init", dir)
		}
	}
}

func packageName(dir, importPath string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), Prefix) || strings.HasSuffix(file, "_test.go") {
			continue
		}
		if parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly); err == nil {
			return parsed.Name.Name
		}
	}
	return strings.NewReplacer("-", "", ".", "").Replace(path.Base(importPath))
}
