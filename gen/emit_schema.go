package gen

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
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
func (g *generator) emitSchema() ([]File, error) {
	o := g.config.Schema
	roots, err := g.roots("schema", *o)
	if err != nil {
		return nil, err
	}
	dir := g.config.output(o.Output)
	pkg, err := g.target("schema", *o)
	if err != nil {
		return nil, err
	}
	e := &schemaEmitter{generator: g, texts: map[string]string{}}
	rows, err := e.rows(roots)
	if err != nil {
		return nil, err
	}
	f := newFile(pkg)
	f.ImportName(schemaPath, "schema")
	comment(f, "Types say how each type merges, by its name in OpenAPI documents. They must not be changed.")
	f.Var().Id("Types").Op("=").Index().Qual(schemaPath, "TypeDef").Values(multiline(rows, func(c jen.Code) jen.Code { return c })...)
	f.Line()
	comment(f, "What the types point to.")
	f.Var().DefsFunc(func(group *jen.Group) { e.variables(group) })
	file, err := render(filepath.Join(dir, generatedPrefix+"schema.go"), f)
	return []File{file}, err
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

// opaqueSchemas are the types with a form of their own on the wire.
var opaqueSchemas = map[string]string{
	resourcePath + ".Quantity":    "untyped",
	intstrPath + ".IntOrString":   "untyped",
	metaPath + ".Time":            "untyped",
	metaPath + ".MicroTime":       "untyped",
	metaPath + ".Duration":        "string",
	metaPath + ".FieldsV1":        anything,
	runtimePath + ".RawExtension": anything,
}

// anything is an object of any form.
const anything = "__untyped_deduced_"

// modelName is what a type is called in OpenAPI documents: the package's path with its host reversed, and the name.
func modelName(r Ref) string {
	parts := strings.Split(r.Path, "/")
	if host := strings.Split(parts[0], "."); len(host) > 1 {
		slices.Reverse(host)
		parts[0] = strings.Join(host, ".")
	}
	return strings.Join(append(parts, r.Name), ".")
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

// untyped is a type of which only the values tell what it is.
func (e *schemaEmitter) untyped(name, entries, relationship string) jen.Code {
	return jen.Values(jen.Id("Name").Op(":").Lit(name), jen.Id("Atom").Op(":").Add(atom(
		scalarAtom("untyped"),
		part("List", jen.Op("&").Qual(schemaPath, "List").Values(
			jen.Id("ElementType").Op(":").Add(e.ref("__untyped_atomic_", "")), jen.Id("ElementRelationship").Op(":").Qual(schemaPath, "Atomic"))),
		part("Map", jen.Op("&").Qual(schemaPath, "Map").Values(
			jen.Id("ElementType").Op(":").Add(e.ref(entries, "")), jen.Id("ElementRelationship").Op(":").Qual(schemaPath, relationship))),
	)))
}

func (e *schemaEmitter) opaqueAtom(form string) jen.Code {
	if form == anything {
		return atom(part("Map", jen.Op("&").Qual(schemaPath, "Map").Values(jen.Id("ElementType").Op(":").Add(e.anything()))))
	}
	return atom(scalarAtom(form))
}

// anything is written out where it stands, as the documents do.
func (e *schemaEmitter) anything() jen.Code {
	return jen.Qual(schemaPath, "TypeRef").Values(jen.Id("Inlined").Op(":").Add(atom(
		scalarAtom("untyped"),
		part("List", jen.Op("&").Qual(schemaPath, "List").Values(
			jen.Id("ElementType").Op(":").Add(e.ref("__untyped_atomic_", "")), jen.Id("ElementRelationship").Op(":").Qual(schemaPath, "Atomic"))),
		part("Map", jen.Op("&").Qual(schemaPath, "Map").Values(
			jen.Id("ElementType").Op(":").Add(e.ref(anything, "")), jen.Id("ElementRelationship").Op(":").Qual(schemaPath, "Separable"))),
	)))
}

func atom(parts ...jen.Code) jen.Code { return jen.Qual(schemaPath, "Atom").Values(parts...) }

func part(name string, value jen.Code) jen.Code { return jen.Id(name).Op(":").Add(value) }

func scalarAtom(form string) jen.Code { return part("Scalar", jen.Op("&").Id(form+"Scalar")) }

func (e *schemaEmitter) structAtom(s *Struct) (jen.Code, error) {
	fields, err := e.structFields(s)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(fields, func(a, b structField) int { return cmp.Compare(a.name, b.name) })
	var codes keyed
	if len(fields) > 0 {
		codes.add("Fields", jen.Index().Qual(schemaPath, "StructField").Values(multiline(fields, func(f structField) jen.Code { return f.code })...))
	}
	if s.Markers.Has("union") {
		codes.add("Unions", jen.Index().Qual(schemaPath, "Union").Values(e.union(s)))
	}
	if isAtomic(s.Markers) {
		codes.add("ElementRelationship", jen.Qual(schemaPath, "Atomic"))
	}
	return atom(part("Map", jen.Op("&").Qual(schemaPath, "Map").Values(codes...))), nil
}

// union names the members of a marked union. Their discriminator has their Go names for values, as kube-openapi's
// parseUnionStruct takes it.
func (e *schemaEmitter) union(s *Struct) jen.Code {
	var (
		row     keyed
		members []jen.Code
	)
	fields := slices.Clone(s.Fields)
	slices.SortFunc(fields, func(a, b Field) int { return cmp.Compare(a.JSON, b.JSON) })
	for _, f := range fields {
		if isDiscriminator(f) {
			row.add("Discriminator", e.pointer("discriminator."+f.JSON, f.JSON))
			continue
		}
		members = append(members, jen.Values(part("FieldName", jen.Lit(f.JSON)), part("DiscriminatorValue", jen.Lit(f.Go))))
	}
	row.add("Fields", jen.Index().Qual(schemaPath, "UnionField").Values(members...))
	return jen.Values(row...)
}

type structField struct {
	name string
	code jen.Code
}

// structFields are the fields of s and of the structs that it inlines.
func (e *schemaEmitter) structFields(s *Struct) ([]structField, error) {
	var fields []structField
	for _, f := range s.Fields {
		if f.Inlined() {
			if in := e.api.structOf(f.Type); in != nil {
				more, err := e.structFields(in)
				if err != nil {
					return nil, err
				}
				fields = append(fields, more...)
			}
			continue
		}
		facts, err := e.fieldFacts(s, f)
		if err != nil {
			return nil, err
		}
		row := keyed{}
		row.text("Name", f.JSON)
		row.add("Type", e.typeRef(f.Type, facts))
		if initial := e.initial(f, facts); initial != nil {
			row.add("Default", initial)
		}
		fields = append(fields, structField{f.JSON, jen.Values(row...)})
	}
	return fields, nil
}

// initial is what a field is when left out: what a marker declares, else the empty struct, or the zero value of what JSON always has.
func (e *schemaEmitter) initial(f Field, facts FieldFacts) jen.Code {
	if facts.Default != "" {
		return jsonLiteral(facts.Default)
	}
	if s := e.api.structOf(f.Type); s != nil && len(s.Fields) > 0 {
		return noMap()
	}
	if f.Omits {
		return nil
	}
	switch e.scalarForm(f.Type) {
	case "string":
		return jen.Lit("")
	case "numeric":
		return jen.Lit(0)
	case "boolean":
		return jen.False()
	}
	return nil
}

// jsonLiteral writes a default as the library reads it from YAML: whole numbers are ints.
func jsonLiteral(text string) jen.Code {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return jen.Lit(text)
	}
	return literal(v)
}

func literal(v any) *jen.Statement {
	switch v := v.(type) {
	case nil:
		return jen.Nil()
	case float64:
		if v == float64(int(v)) {
			return jen.Lit(int(v))
		}
	case []any:
		return jen.Index().Any().ValuesFunc(func(list *jen.Group) {
			for _, one := range v {
				list.Add(literal(one))
			}
		})
	case map[string]any:
		if len(v) == 0 {
			return noMap()
		}
		return jen.Map(jen.String()).Any().ValuesFunc(func(entries *jen.Group) {
			for _, key := range slices.Sorted(maps.Keys(v)) {
				entries.Lit(key).Op(":").Add(literal(v[key]))
			}
		})
	}
	return jen.Lit(v)
}

// noMap is the empty struct: nil, since the linker lays out no map but that.
func noMap() *jen.Statement { return jen.Map(jen.String()).Any().Call(jen.Nil()) }

// scalarForm is what a value of a basic or a named basic type is on the wire, "" if it is neither.
func (e *schemaEmitter) scalarForm(t Type) string {
	if s := e.api.Scalars[t.Ref.String()]; t.Kind == kindNamed && s != nil {
		t = s.Underlying
	}
	switch {
	case isBytes(t):
		return "string"
	case t.Kind != kindBasic:
		return ""
	case t.Name == "string":
		return "string"
	case t.Name == "bool":
		return "boolean"
	}
	return "numeric"
}

func (e *schemaEmitter) typeRef(t Type, facts FieldFacts) jen.Code {
	if t.Kind == kindPointer {
		return e.typeRef(*t.Elem, facts)
	}
	if e.api.structOf(t) != nil || opaqueSchemas[t.Ref.String()] != "" {
		return e.ref(modelName(t.Ref), relationship(facts.Map))
	}
	if t.is("encoding/json", "RawMessage") {
		return e.anything()
	}
	if form := e.scalarForm(t); form != "" {
		return jen.Qual(schemaPath, "TypeRef").Values(part("Inlined", atom(scalarAtom(form)))) // no variable: copying one is code
	}
	if s := e.api.Scalars[t.Ref.String()]; t.Kind == kindNamed && s != nil {
		t = s.Underlying
	}
	switch t.Kind {
	case kindSlice:
		return jen.Qual(schemaPath, "TypeRef").Values(part("Inlined", atom(part("List", e.list(t, facts)))))
	case kindMap:
		row := keyed{}
		row.add("ElementType", e.typeRef(*t.Elem, FieldFacts{}))
		if name := relationship(facts.Map); name != "" {
			row.add("ElementRelationship", jen.Qual(schemaPath, name))
		}
		return jen.Qual(schemaPath, "TypeRef").Values(part("Inlined", atom(part("Map", jen.Op("&").Qual(schemaPath, "Map").Values(row...)))))
	}
	return e.ref("__untyped_atomic_", "")
}

func relationship(mapType string) string {
	return map[string]string{"atomic": "Atomic", "granular": "Separable"}[mapType]
}

func (e *schemaEmitter) list(t Type, facts FieldFacts) jen.Code {
	row := keyed{}
	row.add("ElementType", e.typeRef(*t.Elem, FieldFacts{}))
	switch facts.List {
	case "set", "map":
		row.add("ElementRelationship", jen.Qual(schemaPath, "Associative"))
	default:
		row.add("ElementRelationship", jen.Qual(schemaPath, "Atomic"))
	}
	row.texts("Keys", facts.Keys)
	return jen.Op("&").Qual(schemaPath, "List").Values(row...)
}

// ref points to a type by its name, which must have an address.
func (e *schemaEmitter) ref(name, relationship string) jen.Code {
	row := keyed{}
	row.add("NamedType", e.pointer(name, name))
	if relationship != "" {
		row.add("ElementRelationship", jen.Op("&").Id(strings.ToLower(relationship)))
	}
	return jen.Qual(schemaPath, "TypeRef").Values(row...)
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
