package gen

import (
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

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
		row := gocode.Keyed{}
		row.Add("ElementType", e.typeRef(*t.Elem, FieldFacts{}))
		if name := relationship(facts.Map); name != "" {
			row.Add("ElementRelationship", jen.Qual(schemaPath, name))
		}
		return jen.Qual(schemaPath, "TypeRef").Values(part("Inlined", atom(part("Map", jen.Op("&").Qual(schemaPath, "Map").Values(row...)))))
	}
	return e.ref("__untyped_atomic_", "")
}

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

func relationship(mapType string) string {
	return map[string]string{"atomic": "Atomic", "granular": "Separable"}[mapType]
}

func (e *schemaEmitter) list(t Type, facts FieldFacts) jen.Code {
	row := gocode.Keyed{}
	row.Add("ElementType", e.typeRef(*t.Elem, FieldFacts{}))
	switch facts.List {
	case "set", "map":
		row.Add("ElementRelationship", jen.Qual(schemaPath, "Associative"))
	default:
		row.Add("ElementRelationship", jen.Qual(schemaPath, "Atomic"))
	}
	row.Texts("Keys", facts.Keys)
	return jen.Op("&").Qual(schemaPath, "List").Values(row...)
}

// ref points to a type by its name, which must have an address.
func (e *schemaEmitter) ref(name, relationship string) jen.Code {
	row := gocode.Keyed{}
	row.Add("NamedType", e.pointer(name, name))
	if relationship != "" {
		row.Add("ElementRelationship", jen.Op("&").Id(strings.ToLower(relationship)))
	}
	return jen.Qual(schemaPath, "TypeRef").Values(row...)
}
