package gen

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// structAtom of a struct without fields takes whatever it is given, as kube-openapi's ToSchemaFromOpenAPI has it.
func (e *schemaEmitter) structAtom(s *Struct) (jen.Code, error) {
	if len(s.Fields) == 0 {
		return e.opaqueAtom(anything), nil
	}
	fields, err := e.structFields(s)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(fields, func(a, b structField) int { return cmp.Compare(a.name, b.name) })
	var codes gocode.Keyed
	if len(fields) > 0 {
		codes.Add("Fields", jen.Index().Qual(schemaPath, "StructField").Values(gocode.MultilineFunc(fields, func(f structField) jen.Code { return f.code })...))
	}
	if s.Markers.Has("union") {
		codes.Add("Unions", jen.Index().Qual(schemaPath, "Union").Values(e.union(s)))
	}
	if isAtomic(s.Markers) {
		codes.Add("ElementRelationship", jen.Qual(schemaPath, "Atomic"))
	}
	return atom(part("Map", jen.Op("&").Qual(schemaPath, "Map").Values(codes...))), nil
}

// union names the members of a marked union. Their discriminator has their Go names for values, as kube-openapi's
// parseUnionStruct takes it.
func (e *schemaEmitter) union(s *Struct) jen.Code {
	var (
		row     gocode.Keyed
		members []jen.Code
	)
	fields := slices.Clone(s.Fields)
	slices.SortFunc(fields, func(a, b Field) int { return cmp.Compare(a.JSON, b.JSON) })
	for _, f := range fields {
		if isDiscriminator(f) {
			row.Add("Discriminator", e.pointer("discriminator."+f.JSON, f.JSON))
			continue
		}
		members = append(members, jen.Values(part("FieldName", jen.Lit(f.JSON)), part("DiscriminatorValue", jen.Lit(f.Go))))
	}
	row.Add("Fields", jen.Index().Qual(schemaPath, "UnionField").Values(members...))
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
		row := gocode.Keyed{}
		row.Text("Name", f.JSON)
		row.Add("Type", e.typeRef(f.Type, facts))
		if initial := e.initial(f, facts); initial != nil {
			row.Add("Default", initial)
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
