package gen

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/types/descriptor"
	"k8s.io/apimachinery/pkg/runtime/schema"
	yamlutil "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// A Manifest is a text of descriptors, in YAML or JSON.
type Manifest struct {
	Name string // of the file, for errors and comments
	Text []byte
}

// Manifests returns Go code of a function for each object in texts, which returns a builder of that object. The functions are called as
// the objects: crane is Crane. A nil configuration stands for the builders of package builders. What a builder cannot
// say stands in an Edit.
func Manifests(c *Config, manifests []Manifest, target Ref) ([]byte, error) {
	dialects, err := newDialects(c)
	if err != nil {
		return nil, err
	}
	e := &manifestEmitter{dialects: dialects, file: newFile(target)}
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
	file, err := render("", e.file)
	return file.Text, err
}

// coreConfig is how this module's own builders are made.
//
//go:embed core.yaml
var coreConfig []byte

// dialect is a package of builders, with the API that they build.
type dialect struct {
	*generator
	model *Model
}

// dialects are the packages of builders that a manifest may be written in; the first is the one that was asked for.
type dialects []*dialect

func newDialects(c *Config) (dialects, error) {
	var list dialects
	if c != nil {
		g, err := newGenerator(c)
		if err != nil {
			return nil, err
		}
		m, err := g.buildModel()
		if err != nil {
			return nil, err
		}
		list = append(list, &dialect{g, m})
		if m.Package.Path == podwrightBuilders || !slices.ContainsFunc(m.Builders, (*Builder).isForeign) {
			return list, nil
		}
	}
	core, err := coreDialect(c)
	if err != nil {
		return nil, err
	}
	return append(list, core), nil
}

// coreDialect reads Kubernetes' types with the caller's module, and knows this module's builders without reading them.
func coreDialect(c *Config) (*dialect, error) {
	core, err := parseConfig("core.yaml", coreConfig)
	if err != nil {
		return nil, err
	}
	if c != nil {
		core.file = filepath.Join(c.dir(), "core.yaml")
	}
	g, err := newGenerator(core)
	if err != nil {
		return nil, err
	}
	m, err := g.modelIn(Ref{podwrightBuilders, "builders"})
	if err != nil {
		return nil, err
	}
	return &dialect{g, m}, nil
}

// isForeign reports whether some setter takes a builder of another package.
func (b *Builder) isForeign() bool {
	return slices.ContainsFunc(b.Setters, func(s *Setter) bool { return s.Value.Package != "" })
}

// of finds the dialect of a package of builders, nil if it is not known; the empty path is that of here.
func (d dialects) of(here *dialect, path string) *dialect {
	if path == "" {
		return here
	}
	for _, one := range d {
		if one.model.Package.Path == path {
			return one
		}
	}
	return nil
}

// kind finds the builder of an apiVersion and kind.
func (d dialects) kind(k Kind) (*dialect, *Builder) {
	for _, one := range d {
		for _, b := range one.model.Builders {
			if b.Kind != nil && *b.Kind == k {
				return one, b
			}
		}
	}
	return nil, nil
}

func (d dialects) kinds() string {
	var names []string
	for _, one := range d {
		for _, b := range one.model.Builders {
			if b.Kind != nil {
				names = append(names, b.Kind.APIVersion+" "+b.Kind.Kind)
			}
		}
	}
	return strings.Join(names, ", ")
}

// tree is a JSON object.
type tree = map[string]any

// read returns the objects of a text. Kinds that Go knows are decoded strictly into their types first, so that what comes
// out is what the API server would see; of other kinds the fields are checked against the API that was read.
func (d dialects) read(m Manifest) ([]tree, error) {
	documents, err := documentsOf(m.Text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	known := descriptor.Kinds()
	isOther := func(doc []byte) bool {
		var k Kind
		if err := yaml.Unmarshal(doc, &k); err != nil {
			return false // the decoder below says it better
		}
		i := slices.IndexFunc(known, func(g schema.GroupVersionKind) bool {
			return g.Kind == k.Kind && g.GroupVersion().String() == k.APIVersion
		})
		_, b := d.kind(k)
		return i < 0 && b != nil
	}
	if !slices.ContainsFunc(documents, isOther) {
		return typed(m.Name, m.Text)
	}
	var objects []tree
	for _, doc := range documents {
		read := func(doc []byte) ([]tree, error) { return typed(m.Name, doc) }
		if isOther(doc) {
			read = func(doc []byte) ([]tree, error) { return untyped(m.Name, doc) }
		}
		more, err := read(doc)
		if err != nil {
			return nil, err
		}
		objects = append(objects, more...)
	}
	return objects, nil
}

func documentsOf(text []byte) ([][]byte, error) {
	var documents [][]byte
	r := yamlutil.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, doc)
	}
}

func typed(name string, text []byte) ([]tree, error) {
	decoded, err := descriptor.DecodeAll(text, descriptor.File(name))
	if err != nil {
		return nil, err
	}
	var objects []tree
	for _, obj := range decoded {
		object, err := treeOf(obj)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		objects = append(objects, object)
	}
	return objects, nil
}

func untyped(name string, doc []byte) ([]tree, error) {
	text, err := yaml.YAMLToJSONStrict(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	object, err := treeOf(json.RawMessage(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return []tree{object}, nil
}

// treeOf is v as JSON; numbers keep their digits.
func treeOf(v any) (tree, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object tree
	return object, decoder.Decode(&object)
}

func str(object tree, name string) string {
	s, _ := object[name].(string)
	return s
}

// functionName is the object's name as Go writes names, with its kind, and if need be a number, behind it where that is taken.
func functionName(object tree, names map[string]bool) string {
	meta, _ := object["metadata"].(tree)
	name := camel(str(meta, "name"))
	if name == "" {
		name = camel(str(meta, "generateName"))
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

// camel makes WebServer of web-server.
func camel(s string) string {
	var b strings.Builder
	up := true
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			up = true
			continue
		case up:
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

// function writes
//
//	// Crane returns the ReplicationController crane of crane.yaml.
//	func Crane() builders.ReplicationControllerBuilder {
//		return builders.ReplicationController("crane").
//			Replicas(3)
//	}
func (e *manifestEmitter) function(name string, object tree, from string) error {
	kind := Kind{str(object, "apiVersion"), str(object, "kind")}
	d, b := e.dialects.kind(kind)
	if b == nil {
		return fmt.Errorf("there is no builder of %s %s: there are builders of %s", kind.APIVersion, kind.Kind, e.dialects.kinds())
	}
	for _, one := range e.dialects {
		e.file.ImportName(one.model.Package.Path, one.model.Package.Name)
		for _, p := range one.api.Packages {
			nameImports(e.file, p.Path)
		}
	}
	code, err := e.builder(d, b, object)
	if err != nil {
		return err
	}
	meta, _ := object["metadata"].(tree)
	text := strings.Join(strings.Fields(fmt.Sprintf("%s returns the %s %s of %s.", name, kind.Kind, str(meta, "name"), from)), " ")
	comment(e.file, text)
	e.file.Func().Id(name).Params().Qual(d.model.Package.Path, b.Name+"Builder").Block(jen.Return(code))
	e.file.Line()
	return nil
}
