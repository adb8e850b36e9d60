package gen

import "github.com/dave/jennifer/jen"

const supportPath = "github.com/podwright/podwright/gen/support"

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
