package gen

import (
	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// target is where a setter writes: b.obj.Spec.DNSPolicy.
func (s *Setter) target() *jen.Statement {
	at := jen.Id("b").Dot("obj")
	for _, name := range s.Path {
		at = at.Dot(name)
	}
	return at
}

// setter writes the method of a field, or the two of a map.
func (e *builderEmitter) setter(f *jen.File, b *Builder, s *Setter) {
	switch s.Form {
	case formList:
		e.list(f, b, s)
	case formMap:
		e.entry(f, b, s)
	default:
		gocode.Comment(f, setterDoc(s))
		body := e.set(s, jen.Id("v"))
		method(f, b, s.Name, jen.Id("v").Add(e.paramType(s.Value))).Block(append(body, jen.Return(jen.Id("b")))...)
		f.Line()
	}
}

// paramType is what a value is given as.
func (e *builderEmitter) paramType(v Value) *jen.Statement {
	switch v.Kind {
	case valueQuantity, valueIntOrString:
		return jen.String()
	case valueTime:
		return jen.Qual("time", "Time")
	case valueDuration:
		return jen.Qual("time", "Duration")
	case valueBuilder, valueTemplate:
		return e.builderType(v, v.Builder+"Builder")
	case valueUnion:
		return e.builderType(v, v.Builder)
	case valueUnwrapped:
		return typeCode(v.Field.Type)
	}
	return typeCode(v.Type)
}

func (e *builderEmitter) builderType(v Value, name string) *jen.Statement {
	if v.Package != "" {
		return jen.Qual(v.Package, name)
	}
	return jen.Id(name)
}

// plainOf is the API's form of a value that cannot be wrong.
func plainOf(v Value, from *jen.Statement) *jen.Statement {
	switch v.Kind {
	case valueTime:
		return jen.Qual(v.Type.Path, "New"+v.Type.Name).Call(from)
	case valueDuration:
		return jen.Qual(metaPath, "Duration").Values(jen.Dict{jen.Id("Duration"): from})
	case valueIntOrString:
		return jen.Qual(intstrPath, "Parse").Call(from)
	case valueBytes:
		return jen.Qual("slices", "Clone").Call(from)
	case valueUnwrapped:
		return typeCode(v.Type).Values(jen.Dict{jen.Id(v.Field.Go): from})
	case valueRaw:
		return jen.Qual(supportPath, "Clone").Call(from)
	}
	return from
}

// partOf is the API's form of a value that brings its own problems, as it is held, the problems, and what to do first.
func partOf(s *Setter, from *jen.Statement) (before []jen.Code, obj, errs *jen.Statement) {
	v := s.Value
	switch {
	case v.Kind == valueTemplate && v.Package == "":
		return nil, held(s, templateOf(v, from.Clone().Dot("obj"))), from.Clone().Dot("errs")
	case v.Kind == valueTemplate:
		before = []jen.Code{jen.Id("obj").Op(":=").Add(from.Clone()).Dot("Unchecked").Call()}
		return before, held(s, templateOf(v, jen.Id("obj"))), foundIn(from.Clone().Dot("Err").Call())
	case v.Kind == valueUnion:
		of := jen.Id(v.Builder + "Of")
		if v.Package != "" {
			of = jen.Qual(v.Package, v.Builder+"Of")
		}
		before = []jen.Code{jen.List(jen.Id("obj"), jen.Id("err")).Op(":=").Add(of).Call(from)}
		return before, held(s, jen.Id("obj")), foundIn(jen.Id("err"))
	case v.Package != "" && isPointer(s):
		return nil, from.Clone().Dot("Unchecked").Call(), foundIn(from.Clone().Dot("Err").Call())
	case v.Package != "":
		return nil, jen.Op("*").Add(from.Clone()).Dot("Unchecked").Call(), foundIn(from.Clone().Dot("Err").Call())
	default:
		return nil, held(s, from.Clone().Dot("obj")), from.Clone().Dot("errs")
	}
}

func foundIn(err *jen.Statement) *jen.Statement { return jen.Qual(supportPath, "Found").Call(err) }

func templateOf(v Value, obj *jen.Statement) *jen.Statement {
	return typeCode(v.Type).Values(jen.Dict{
		jen.Id("ObjectMeta"): obj.Clone().Dot("ObjectMeta"),
		jen.Id("Spec"):       obj.Clone().Dot("Spec"),
	})
}

func (v Value) isPart() bool {
	return v.Kind == valueBuilder || v.Kind == valueUnion || v.Kind == valueTemplate
}

// assign writes b.obj.Field = value.
func assign(s *Setter, value *jen.Statement) []jen.Code {
	return []jen.Code{s.target().Op("=").Add(held(s, value))}
}

// held is a value as its field, list or map holds it: through a new pointer where that is one.
func held(s *Setter, value *jen.Statement) *jen.Statement {
	if isPointer(s) {
		return jen.New(value)
	}
	return value
}

func isPointer(s *Setter) bool { return s.Form == formPointer || s.Value.Pointer }

// set writes what sets the field from a variable:
//
//	b.obj.Spec.DNSPolicy = v
//	b.obj.LivenessProbe = new(v.obj)
//	b.errs = b.errs.Under("livenessProbe", v.errs)
func (e *builderEmitter) set(s *Setter, from *jen.Statement) []jen.Code {
	switch {
	case s.Value.Kind == valueQuantity:
		return quantity(s, from)
	case !s.Value.isPart():
		return assign(s, plainOf(s.Value, from))
	}
	before, obj, errs := partOf(s, from)
	return append(before, s.target().Op("=").Add(obj),
		jen.Id("b").Dot("errs").Op("=").Id("b").Dot("errs").Dot("Under").Call(jen.Lit(s.JSON), errs))
}

// quantity writes
//
//	b.obj.SizeLimit, b.errs = support.Quantity(b.errs, "sizeLimit", v)
func quantity(s *Setter, from *jen.Statement) []jen.Code {
	call := jen.Qual(supportPath, "Quantity").Call(jen.Id("b").Dot("errs"), jen.Lit(s.JSON), from)
	if s.Form == formPointer {
		return []jen.Code{
			jen.List(jen.Id("q"), jen.Id("errs")).Op(":=").Add(call),
			jen.List(s.target(), jen.Id("b").Dot("errs")).Op("=").List(jen.Op("&").Id("q"), jen.Id("errs")),
		}
	}
	return []jen.Code{jen.List(s.target(), jen.Id("b").Dot("errs")).Op("=").Add(call)}
}

// list writes
//
//	func (b PodBuilder) Containers(items ...ContainerBuilder) PodBuilder {
//		b.obj.Spec.Containers = support.Grow(b.obj.Spec.Containers, len(items))
//		for _, item := range items {
//			b.errs = b.errs.At("spec.containers", len(b.obj.Spec.Containers), item.errs)
//			b.obj.Spec.Containers = append(b.obj.Spec.Containers, item.obj)
//		}
//		return b
//	}
func (e *builderEmitter) list(f *jen.File, b *Builder, s *Setter) {
	gocode.Comment(f, setterDoc(s))
	fn := method(f, b, s.Name, jen.Id("items").Op("...").Add(e.paramType(s.Value)))
	grown := jen.Qual(supportPath, "Grow").Call(s.target(), jen.Len(jen.Id("items")))
	if s.Value.Kind == valuePlain && !s.Value.Pointer {
		fn.Block(s.target().Op("=").Append(grown, jen.Id("items").Op("...")), jen.Return(jen.Id("b")))
		f.Line()
		return
	}
	var body []jen.Code
	item := jen.Id("item")
	switch {
	case s.Value.Kind == valueQuantity:
		at := jen.Qual("fmt", "Sprintf").Call(jen.Lit(s.JSON+"[%d]"), jen.Len(s.target()))
		body = []jen.Code{
			jen.List(jen.Id("q"), jen.Id("errs")).Op(":=").Qual(supportPath, "Quantity").Call(jen.Id("b").Dot("errs"), at, item),
			jen.List(s.target(), jen.Id("b").Dot("errs")).Op("=").List(jen.Append(s.target(), jen.Id("q")), jen.Id("errs")),
		}
	case s.Value.isPart():
		before, obj, errs := partOf(s, item)
		body = append(before,
			jen.Id("b").Dot("errs").Op("=").Id("b").Dot("errs").Dot("At").Call(jen.Lit(s.JSON), jen.Len(s.target()), errs),
			s.target().Op("=").Append(s.target(), obj))
	default:
		body = []jen.Code{s.target().Op("=").Append(s.target(), held(s, plainOf(s.Value, item)))}
	}
	fn.Block(
		s.target().Op("=").Add(grown),
		jen.For(jen.List(jen.Id("_"), jen.Id("item")).Op(":=").Range().Id("items")).Block(body...),
		jen.Return(jen.Id("b")))
	f.Line()
}

// entry writes the two methods of a map:
//
//	func (b PodBuilder) Label(k, v string) PodBuilder {
//		b.obj.Labels = support.Set(b.obj.Labels, k, v)
//		return b
//	}
//
//	func (b PodBuilder) Labels(m map[string]string) PodBuilder {
//		b.obj.Labels = support.Merge(b.obj.Labels, m)
//		return b
//	}
func (e *builderEmitter) entry(f *jen.File, b *Builder, s *Setter) {
	gocode.Comment(f, entryDoc(s))
	var params gocode.Parameters
	params.Add("k", typeCode(*s.Key))
	params.Add("v", e.paramType(s.Value))
	var body []jen.Code
	switch {
	case s.Value.Kind == valueQuantity:
		body = []jen.Code{jen.List(s.target(), jen.Id("b").Dot("errs")).Op("=").Qual(supportPath, "SetQuantity").
			Call(jen.Id("b").Dot("errs"), jen.Lit(s.JSON), s.target(), jen.Id("k"), jen.Id("v"))}
	case s.Value.isPart():
		before, obj, errs := partOf(s, jen.Id("v"))
		body = append(before,
			s.target().Op("=").Qual(supportPath, "Set").Call(s.target(), jen.Id("k"), obj),
			jen.Id("b").Dot("errs").Op("=").Id("b").Dot("errs").Dot("Key").Call(jen.Lit(s.JSON), keyText(s), errs))
	default:
		body = []jen.Code{s.target().Op("=").Qual(supportPath, "Set").Call(s.target(), jen.Id("k"), held(s, plainOf(s.Value, jen.Id("v"))))}
	}
	method(f, b, s.Singular, params.Codes()...).Block(append(body, jen.Return(jen.Id("b")))...)
	f.Line()
	if s.Singular == s.Name || s.Value.Kind != valuePlain || s.Value.Pointer {
		return
	}
	gocode.Comment(f, setterDoc(s))
	method(f, b, s.Name, jen.Id("m").Map(typeCode(*s.Key)).Add(typeCode(s.Value.Type))).Block(
		s.target().Op("=").Qual(supportPath, "Merge").Call(s.target(), jen.Id("m")), jen.Return(jen.Id("b")))
	f.Line()
}

// keyText is a map's key in the path of a problem.
func keyText(s *Setter) *jen.Statement {
	if s.Key.Kind == kindBasic && s.Key.Name == "string" {
		return jen.Id("k")
	}
	return jen.Qual("fmt", "Sprint").Call(jen.Id("k"))
}
