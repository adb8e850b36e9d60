package gen

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// packageAt is the import path and the name of the package in a folder, which need not exist yet.
func packageAt(dir string) (Ref, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Ref{}, err
	}
	for root := dir; ; root = filepath.Dir(root) {
		text, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if err == nil {
			module := modfile.ModulePath(text)
			if module == "" {
				return Ref{}, fmt.Errorf("%s/go.mod names no module", root)
			}
			rel, err := filepath.Rel(root, dir)
			if err != nil {
				return Ref{}, err
			}
			full := path.Join(module, filepath.ToSlash(rel))
			return Ref{full, packageName(dir, full)}, nil
		}
		if root == filepath.Dir(root) {
			return Ref{}, fmt.Errorf("%s is in no Go module: run go mod init", dir)
		}
	}
}

// builtIn are the packages of types that Podwright brings builders and facts of, unless these are what is being made.
var builtIn = map[string]bool{corePath: true, metaPath: true}

func anyBuiltIn(roots []*Struct) bool {
	return slices.ContainsFunc(roots, func(s *Struct) bool { return builtIn[s.Path] })
}

// packageName is the name that hand-written files in dir have, or else the folder's.
func packageName(dir, importPath string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), generatedPrefix) || strings.HasSuffix(file, "_test.go") {
			continue
		}
		if parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly); err == nil {
			return parsed.Name.Name
		}
	}
	return strings.NewReplacer("-", "", ".", "").Replace(path.Base(importPath))
}

// generatedPrefix starts the name of every file that is generated: they sort last.
const generatedPrefix = "zz_generated."
