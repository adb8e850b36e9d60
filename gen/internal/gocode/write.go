package gocode

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
)

// Write puts files where they belong, and takes away those that an earlier run put there and this one did not. It writes
// nothing if somebody else's file has the name of one.
func Write(files []File) error {
	for _, f := range files {
		if _, err := os.Stat(f.Path); err == nil && !IsOurs(f.Path) {
			return fmt.Errorf("writing %s: there is a file that podwright did not generate: move it away", f.Path)
		}
	}
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
			return err
		}
		if old, err := os.ReadFile(f.Path); err == nil && bytes.Equal(old, f.Text) {
			continue // keeps the time stamp, and so the build cache
		}
		if err := os.WriteFile(f.Path, f.Text, 0o666); err != nil {
			return err
		}
	}
	left, err := leftOver(files)
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// Compare returns how the tree differs from files, as a diff that patch would take; empty if it does not.
func Compare(files []File) ([]byte, error) {
	var out bytes.Buffer
	for _, f := range files {
		old, err := os.ReadFile(f.Path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		out.Write(diff.Diff(f.Path, old, f.Path+" (as generated now)", f.Text))
	}
	left, err := leftOver(files)
	if err != nil {
		return nil, err
	}
	for _, name := range left {
		old, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out.Write(diff.Diff(name, old, name+" (no longer generated)", nil))
	}
	return out.Bytes(), nil
}

// leftOver are generated files in the folders of files that are not among them, and are of the same kind: some outputs
// share a folder.
func leftOver(files []File) ([]string, error) {
	var left, mine []string
	dirs := map[string]bool{}
	for _, f := range files {
		mine = append(mine, f.Path)
		dirs[filepath.Dir(f.Path)] = dirs[filepath.Dir(f.Path)] || f.Owned
	}
	for dir, owned := range dirs {
		if !owned {
			continue
		}
		found, err := filepath.Glob(filepath.Join(dir, Prefix+"*.go"))
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", dir, err)
		}
		for _, name := range found {
			if !slices.Contains(mine, name) && IsOurs(name) {
				left = append(left, name)
			}
		}
	}
	slices.Sort(left)
	return left, nil
}

// IsOurs reports whether a file has the header that this program writes.
func IsOurs(name string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || !ast.IsGenerated(f) {
		return false
	}
	return f.Comments[0].List[0].Text == "// "+Header
}
