package gen

import (
	"fmt"
	"strconv"

	"github.com/dave/jennifer/jen"
)

// value writes the argument of a setter, which can say less than the API. A constructor takes numbers or texts as ports, a
// method texts alone.
func (e *manifestEmitter) value(d *dialect, v Value, value any, inConstructor bool) (jen.Code, bool) {
	switch v.Kind {
	case valueQuantity:
		return jen.Lit(fmt.Sprint(value)), true
	case valueIntOrString:
		return intOrString(value, inConstructor)
	case valueTime:
		code, err := timeCode(value)
		return code, err == nil
	case valueDuration:
		code, err := durationCode(value)
		return code, err == nil
	case valueBuilder:
		return e.part(d, v, value)
	case valueUnion:
		return e.union(d, v, value)
	case valueTemplate:
		return e.template(d, v, value)
	case valueUnwrapped:
		inner, _ := value.(tree)
		if len(inner) == 0 {
			return e.zero(d, Value{Kind: valuePlain, Type: v.Field.Type}), true
		}
		return e.plain(d, v.Field.Type, inner[v.Field.JSON])
	}
	return e.plain(d, v.Type, value)
}

// zero is the argument that sets a field to its zero value.
func (e *manifestEmitter) zero(d *dialect, v Value) jen.Code {
	switch form := (&schemaEmitter{generator: d.generator}).scalarForm(v.Type); {
	case v.Kind == valueQuantity:
		return jen.Lit("0")
	case v.Kind == valueIntOrString || form == "numeric":
		return jen.Lit(0)
	case form == "boolean":
		return jen.False()
	}
	return jen.Lit("")
}

func (e *manifestEmitter) plain(d *dialect, t Type, value any) (jen.Code, bool) {
	code, err := e.literal(d, t, value)
	return code, err == nil
}

// intOrString is a text where a method takes one, if the method would not take it for a number.
func intOrString(value any, inConstructor bool) (jen.Code, bool) {
	text, isText := value.(string)
	if inConstructor && !isText {
		n, err := strconv.Atoi(fmt.Sprint(value))
		return jen.Lit(n), err == nil
	}
	if _, err := strconv.Atoi(text); err == nil && isText && !inConstructor {
		return nil, false
	}
	return jen.Lit(fmt.Sprint(value)), true
}

// part writes a builder as an argument, or a literal of a package whose builders are not known.
func (e *manifestEmitter) part(d *dialect, v Value, value any) (jen.Code, bool) {
	object, _ := value.(tree)
	there := e.dialects.of(d, v.Package)
	if there == nil {
		literal, err := e.literal(d, v.Type, value)
		return jen.Qual(v.Package, v.Builder+"From").Call(jen.Op("&").Add(literal)), err == nil
	}
	code, err := e.builder(there, there.model.builder(v.Builder), object)
	return code, err == nil
}

// union writes the builder of the one member that is set.
func (e *manifestEmitter) union(d *dialect, v Value, value any) (jen.Code, bool) {
	there := e.dialects.of(d, v.Package)
	if there == nil {
		return nil, false
	}
	object, _ := value.(tree)
	s := there.api.Structs[v.Type.Ref.String()]
	var (
		set    *Builder
		member Member
	)
	for _, f := range s.Fields {
		if value, given := object[f.JSON]; !given || there.isZero(f.Type, value) || isDiscriminator(f) {
			continue
		}
		b, m := there.memberOf(v.Builder, f)
		if b == nil || set != nil {
			return nil, false
		}
		set, member = b, m
	}
	if set == nil || member.Discriminator != "" && !discriminates(s, member, object) {
		return nil, false
	}
	inner, _ := object[member.JSON].(tree)
	code, err := e.builder(there, set, inner)
	return code, err == nil
}

// memberOf finds the builder that fills a field of a union.
func (d *dialect) memberOf(union string, f Field) (*Builder, Member) {
	for _, b := range d.model.Builders {
		for _, m := range b.Members {
			if m.Union == union && m.Go == f.Go {
				return b, m
			}
		}
	}
	return nil, Member{}
}

func discriminates(s *Struct, m Member, object tree) bool {
	for _, f := range s.Fields {
		if f.Go == m.Discriminator {
			return str(object, f.JSON) == m.Value
		}
	}
	return false
}

// template writes the builder of the kind that a template stands for. It has metadata and spec, and nothing else.
func (e *manifestEmitter) template(d *dialect, v Value, value any) (jen.Code, bool) {
	there := e.dialects.of(d, v.Package)
	object, ok := value.(tree)
	if there == nil || !ok {
		return nil, false
	}
	code, err := e.builder(there, there.model.builder(v.Builder), object)
	return code, err == nil
}
