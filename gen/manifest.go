package gen

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/podwright/podwright/gen/internal/gocode"
)

// A Manifest is a text of descriptors, in YAML or JSON.
type Manifest struct {
	Name string // of the file, for errors and comments
	Text []byte
}

// Manifests returns Go code, of a package with an import path and a name, of a function for each object in manifests, which returns a
// builder of that object. The functions are called as the objects: crane is Crane. A nil configuration stands for the builders of
// package builders. What a builder cannot say stands in an Edit.
func Manifests(c *Config, manifests []Manifest, path, name string) ([]byte, error) {
	dialects, err := newDialects(c)
	if err != nil {
		return nil, err
	}
	e := &manifestEmitter{dialects: dialects, file: gocode.New(gocode.Package{Path: path, Name: name})}
	names := map[string]bool{}
	for _, manifest := range manifests {
		objects, err := dialects.read(manifest)
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			name := functionName(object, names)
			names[name] = true
			if err := e.function(name, object, filepath.Base(manifest.Name)); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", manifest.Name, name, err)
			}
		}
	}
	file, err := gocode.Render("", e.file)
	return file.Text, err
}

// functionName is the object's name as Go writes names, with its kind, and if need be a number, behind it where that is taken.
func functionName(object tree, names map[string]bool) string {
	meta, _ := object["metadata"].(tree)
	name := gocode.Camel(str(meta, "name"))
	if name == "" {
		name = gocode.Camel(str(meta, "generateName"))
	}
	kind := str(object, "kind")
	if name == "" || !unicode.IsLetter([]rune(name)[0]) {
		name = kind + name
	}
	if !names[name] {
		return name
	}
	name += kind
	for i := 2; names[name]; i++ {
		name = fmt.Sprintf("%s%d", strings.TrimRight(name, "0123456789"), i)
	}
	return name
}
