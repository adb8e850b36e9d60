package gen

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
)

// A File is what a step of the generator wants to stand in the tree.
type File struct {
	Path string // relative to the working directory, or absolute
	Text []byte
	// Owned says that generated files of the same folder that a run does not write are left over from an earlier one.
	Owned bool
}

const supportPath = "github.com/podwright/podwright/gen/support"

// newFile starts a file of a package, with the header by which tools know generated code.
func newFile(pkg Ref) *jen.File {
	f := jen.NewFilePathName(pkg.Path, pkg.Name)
	f.HeaderComment(header)
	f.ImportName(supportPath, "support")
	return f
}

// nameImports makes files import the API's packages as everybody does: corev1, metav1. Of packages but Kubernetes' own it
// is not known that they are called like their folders.
func nameImports(f *jen.File, paths ...string) {
	for _, p := range paths {
		if alias := importAlias(p); alias == path.Base(p) && strings.HasPrefix(p, "k8s.io/") {
			f.ImportName(p, alias)
		} else {
			f.ImportAlias(p, alias)
		}
	}
}

var version = regexp.MustCompile(`^v[0-9]+((alpha|beta)[0-9]+)?$`)

// importAlias is the folder's name, with the one above it where that is a version alone.
func importAlias(p string) string {
	name := path.Base(p)
	if version.MatchString(name) {
		name = path.Base(path.Dir(p)) + name
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	if p != name && slices.Contains(ownNames, name) {
		name += "api"
	}
	return name
}

// ownNames are those of what generated code declares in functions or imports itself.
var ownNames = []string{"b", "k", "v", "m", "q", "obj", "err", "errs", "item", "items", "edit", "change", "changes", "fmt", "slices", "support", "time"}

// render formats a file.
func render(name string, f *jen.File) (File, error) {
	var text bytes.Buffer
	if err := f.Render(&text); err != nil {
		problem, _, _ := strings.Cut(err.Error(), " while formatting source:") // the source follows, all of it
		return File{}, fmt.Errorf("writing %s: the generator made no valid Go: %s", name, problem)
	}
	return File{Path: name, Text: text.Bytes()}, nil
}

// typeCode writes a type.
func typeCode(t Type) *jen.Statement {
	switch t.Kind {
	case kindNamed:
		return jen.Qual(t.Path, t.Name)
	case kindPointer:
		return jen.Op("*").Add(typeCode(*t.Elem))
	case kindSlice:
		return jen.Index().Add(typeCode(*t.Elem))
	case kindMap:
		return jen.Map(typeCode(*t.Key)).Add(typeCode(*t.Elem))
	}
	return jen.Id(t.Name)
}

func refCode(r Ref) *jen.Statement { return jen.Qual(r.Path, r.Name) }

// wrap breaks a comment into lines of at most 120 characters.
func wrap(text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > 117 {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// comment adds documentation.
func comment(f *jen.File, text string) {
	for _, line := range wrap(text) {
		f.Comment(line)
	}
}
