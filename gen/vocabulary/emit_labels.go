package vocabulary

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// labels writes
//
//	type Labels struct {
//		App string
//		Rel RelValue
//	}
//
// with Map, String and FromMap.
func (e *emitter) labels() {
	e.comment("Labels are labels of the vocabulary. A field that is empty stands for a label that is missing. Labels are equal by ==.")
	e.file.Type().Id("Labels").StructFunc(func(g *jen.Group) {
		for _, k := range e.Keys {
			gocode.CommentIn(g, described(fmt.Sprintf("%s is %s", k.Go, k.Name), k.Doc))
			g.Id(k.Go).Add(k.valueType())
		}
	})
	e.file.Line()
	e.labelsMap()
	e.labelsString()
	e.fromMap()
}

func (k *Key) valueType() *jen.Statement {
	if k.Open {
		return jen.String()
	}
	return jen.Id(k.Go + "Value")
}

// text is a field of Labels as a string.
func (k *Key) text() *jen.Statement {
	if k.Open {
		return jen.Id("l").Dot(k.Go)
	}
	return jen.String().Call(jen.Id("l").Dot(k.Go))
}

func stringMap() *jen.Statement { return jen.Map(jen.String()).String() }

// labelsMap writes
//
//	func (l Labels) Map() map[string]string {
//		m := make(map[string]string, 2)
//		if l.App != "" {
//			m["app"] = l.App
//		}
//		return m
//	}
func (e *emitter) labelsMap() {
	e.comment("Map returns l as objects have labels, in a new map, which is empty and not nil if l is empty. " +
		"Nothing is validated: see [FromMap].")
	e.file.Func().Params(jen.Id("l").Id("Labels")).Id("Map").Params().Add(stringMap()).BlockFunc(func(g *jen.Group) {
		g.Id("m").Op(":=").Make(stringMap(), jen.Lit(len(e.Keys)))
		for _, k := range e.Keys {
			g.If(jen.Id("l").Dot(k.Go).Op("!=").Lit("")).Block(jen.Id("m").Index(jen.Lit(k.Name)).Op("=").Add(k.text()))
		}
		g.Return(jen.Id("m"))
	})
	e.file.Line()
}

// labelsString writes
//
//	func (l Labels) String() string {
//		b := make([]byte, 0, 64)
//		if l.App != "" {
//			b = append(b, ",app="...)
//			b = append(b, l.App...)
//		}
//		if len(b) > 0 {
//			b = b[1:]
//		}
//		return string(b)
//	}
func (e *emitter) labelsString() {
	keys := slices.SortedFunc(slices.Values(e.Keys), func(a, b Key) int { return cmp.Compare(a.Name, b.Name) })
	e.comment("String returns l as the text of a selector of exactly these labels, in the order of the keys: app=ui,rel=stable.")
	e.file.Func().Params(jen.Id("l").Id("Labels")).Id("String").Params().String().BlockFunc(func(g *jen.Group) {
		g.Var().Id("b").Index().Byte()
		for _, k := range keys {
			g.If(jen.Id("l").Dot(k.Go).Op("!=").Lit("")).Block(
				jen.Id("b").Op("=").Append(jen.Id("b"), jen.Lit(","+k.Name+"=").Op("...")),
				jen.Id("b").Op("=").Append(jen.Id("b"), jen.Id("l").Dot(k.Go).Op("...")),
			)
		}
		g.If(jen.Len(jen.Id("b")).Op(">").Lit(0)).Block(jen.Id("b").Op("=").Id("b").Index(jen.Lit(1).Op(":")))
		g.Return(jen.String().Call(jen.Id("b")))
	})
	e.file.Line()
}

// fromMap writes
//
//	func FromMap(m map[string]string) (l Labels, rest map[string]string) {
//		for k, v := range m {
//			switch k {
//			case "rel":
//				switch RelValue(v) {
//				case RelStable, RelBeta:
//					l.Rel = RelValue(v)
//					continue
//				}
//			}
//			if rest == nil {
//				rest = map[string]string{}
//			}
//			rest[k] = v
//		}
//		return l, rest
//	}
func (e *emitter) fromMap() {
	e.comment("FromMap returns the labels of m that the vocabulary has. In rest is what it has not, nil if nothing: keys that are not its own, " +
		"values that it does not list, and values that are empty. With rest added to it, the Map of l is m.")
	results := []jen.Code{jen.Id("l").Id("Labels"), jen.Id("rest").Add(stringMap())}
	e.file.Func().Id("FromMap").Params(jen.Id("m").Add(stringMap())).Params(results...).Block(
		jen.For(jen.List(jen.Id("k"), jen.Id("v")).Op(":=").Range().Id("m")).Block(
			jen.Switch(jen.Id("k")).BlockFunc(func(g *jen.Group) {
				for i := range e.Keys {
					k := &e.Keys[i]
					g.Case(jen.Lit(k.Name)).Block(k.take()...)
				}
			}),
			jen.If(jen.Id("rest").Op("==").Nil()).Block(jen.Id("rest").Op("=").Add(stringMap()).Values()),
			jen.Id("rest").Index(jen.Id("k")).Op("=").Id("v"),
		),
		jen.Return(jen.Id("l"), jen.Id("rest")),
	)
}

// take sets a field from v, if that is a value of it.
func (k *Key) take() []jen.Code {
	field := jen.Id("l").Dot(k.Go).Op("=")
	switch {
	case k.Open:
		return []jen.Code{jen.If(jen.Id("v").Op("!=").Lit("")).Block(field.Id("v"), jen.Continue())}
	case k.Integer:
		parsed := jen.List(jen.Id("_"), jen.Id("err")).Op(":=").Qual("strconv", "ParseInt").Call(jen.Id("v"), jen.Lit(10), jen.Lit(64))
		return []jen.Code{jen.If(parsed, jen.Id("err").Op("==").Nil()).Block(field.Id(k.Go+"Value").Call(jen.Id("v")), jen.Continue())}
	}
	return []jen.Code{jen.Switch(jen.Id("v").Op(":=").Id(k.Go+"Value").Call(jen.Id("v")), jen.Id("v")).Block(
		jen.CaseFunc(func(g *jen.Group) {
			for _, v := range k.Values {
				g.Id(k.Go + v.Go)
			}
		}).Block(field.Id("v"), jen.Continue()),
	)}
}
