package gen

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

const schemaPath = "sigs.k8s.io/structured-merge-diff/v6/schema"

// emitSchema writes how objects merge, as the library behind server-side apply wants it: data that the linker lays out and no code
// runs for, where Kubernetes parses half a megabyte of YAML at start. Types are called as in OpenAPI documents.
//
//	// Types are ...
//	var Types = []schema.TypeDef{
//		{Name: "io.k8s.api.core.v1.Pod", Atom: schema.Atom{Map: &schema.Map{Fields: []schema.StructField{
//			{Name: "spec", Type: schema.TypeRef{NamedType: &ioK8sApiCoreV1PodSpec}, Default: map[string]any(nil)},
//		}}}},
//	}
func (g *generator) emitSchema() ([]gocode.File, error) {
	o := g.config.Schema
	roots, err := g.roots("schema", *o)
	if err != nil {
		return nil, err
	}
	dir := g.config.source.Folder(o.Output)
	pkg, err := g.target("schema", *o)
	if err != nil {
		return nil, err
	}
	e := &schemaEmitter{generator: g, texts: map[string]string{}}
	rows, err := e.rows(roots)
	if err != nil {
		return nil, err
	}
	f := gocode.New(pkg)
	f.ImportName(schemaPath, "schema")
	gocode.Comment(f, "Types say how each type merges, by its name in OpenAPI documents. They must not be changed.")
	f.Var().Id("Types").Op("=").Index().Qual(schemaPath, "TypeDef").Values(gocode.Multiline(rows)...)
	f.Line()
	gocode.Comment(f, "What the types point to.")
	f.Var().DefsFunc(func(group *jen.Group) { e.variables(group) })
	file, err := gocode.Render(filepath.Join(dir, gocode.Prefix+"schema.go"), f)
	return []gocode.File{file}, err
}

// unread are notes about packages whose types a schema has without knowing their markers, so that it could be wrong
// about how lists and maps merge.
func (g *generator) unread() []string {
	if g.config.Schema == nil {
		return nil
	}
	var notes []string
	roots, _ := g.roots("schema", *g.config.Schema)
	structs, _ := g.reach(roots)
	for _, s := range structs {
		if _, read := g.api.packageOf(s.Ref); read {
			continue
		}
		note := fmt.Sprintf("the schema has types of %s, whose comment markers were not read: name it under packages", s.Path)
		if !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return notes
}

type schemaEmitter struct {
	*generator
	texts map[string]string // what is pointed to, by the variables that hold it
}

func (e *schemaEmitter) rows(roots []*Struct) ([]jen.Code, error) {
	structs, _ := e.reach(roots)
	type row struct {
		name string
		code jen.Code
	}
	var rows []row
	wanted := map[string]bool{}
	for _, r := range roots {
		wanted[modelName(r.Ref)] = true
	}
	for _, s := range structs {
		atom, err := e.structAtom(s)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{modelName(s.Ref), atom})
	}
	for name, form := range opaqueSchemas {
		i := strings.LastIndexByte(name, '.')
		rows = append(rows, row{modelName(Ref{name[:i], name[i+1:]}), e.opaqueAtom(form)})
	}
	rows = slices.DeleteFunc(rows, func(r row) bool { return !wanted[r.name] && e.texts[variable(r.name)] == "" }) // only ever inlined
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.name, b.name) })
	var codes []jen.Code
	for _, r := range rows {
		codes = append(codes, jen.Values(jen.Id("Name").Op(":").Lit(r.name), jen.Id("Atom").Op(":").Add(r.code)))
	}
	return append(codes, e.untyped("__untyped_atomic_", "__untyped_atomic_", "Atomic"), e.untyped(anything, anything, "Separable")), nil
}

// modelName is what a type is called in OpenAPI documents: the package's path with its host reversed, and the name.
func modelName(r Ref) string {
	parts := strings.Split(r.Path, "/")
	if host := strings.Split(parts[0], "."); len(host) > 1 {
		slices.Reverse(host)
		parts[0] = strings.Join(host, ".")
	}
	return strings.Join(append(parts, r.Name), ".")
}

// pointer points to a text, in a variable called after name.
func (e *schemaEmitter) pointer(name, text string) jen.Code {
	e.texts[variable(name)] = text
	return jen.Op("&").Id(variable(name))
}

// variable is what holds the name of a type: io.k8s.api.core.v1.Pod is ioK8sApiCoreV1Pod.
func variable(name string) string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '_' || r == '-' || r == '/' })
	for i, p := range parts {
		if i > 0 {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

func (e *schemaEmitter) variables(group *jen.Group) {
	for _, form := range []string{"Numeric", "String", "Boolean", "Untyped"} {
		group.Id(strings.ToLower(form)+"Scalar").Op("=").Qual(schemaPath, form)
	}
	for _, name := range []string{"Atomic", "Separable"} {
		group.Id(strings.ToLower(name)).Op("=").Qual(schemaPath, name)
	}
	for _, name := range slices.Sorted(maps.Keys(e.texts)) {
		group.Id(name).Op("=").Lit(e.texts[name])
	}
}
