package vocabulary

import (
	"fmt"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// keys writes, for each key,
//
//	// RelKey is the type of [Rel].
//	type RelKey string
//
//	// Rel is the key rel: which release a pod runs.
//	const Rel RelKey = "rel"
//
//	// Eq wants rel to have a value.
//	func (k RelKey) Eq(v RelValue) selector.Requirement {
//		return selector.Eq(string(k), string(v))
//	}
//
// and so on, and the type of its values.
func (e *emitter) keys() {
	for i := range e.Keys {
		k := keyEmitter{e, &e.Keys[i]}
		k.declare()
		switch {
		case k.Open:
		case k.Integer:
			k.numbers()
		default:
			k.constants()
		}
		k.methods()
	}
	if e.hasLists(func(k *Key) bool { return k.isClosed() }) {
		e.comment("texts are values as package selector has them.")
		e.file.Func().Id("texts").Types(jen.Id("V").Op("~").String()).Params(jen.Id("values").Index().Id("V")).Index().String().Block(
			jen.Id("list").Op(":=").Make(jen.Index().String(), jen.Len(jen.Id("values"))),
			jen.For(jen.List(jen.Id("i"), jen.Id("v")).Op(":=").Range().Id("values")).Block(
				jen.Id("list").Index(jen.Id("i")).Op("=").String().Call(jen.Id("v")),
			),
			jen.Return(jen.Id("list")),
		)
	}
	if e.hasLists(func(k *Key) bool { return k.Integer }) {
		e.comment("numbers are values as package selector has them.")
		e.file.Func().Id("numbers").Params(jen.Id("values").Index().Int64()).Index().String().Block(
			jen.Id("list").Op(":=").Make(jen.Index().String(), jen.Len(jen.Id("values"))),
			jen.For(jen.List(jen.Id("i"), jen.Id("n")).Op(":=").Range().Id("values")).Block(
				jen.Id("list").Index(jen.Id("i")).Op("=").Add(formatInt("n")),
			),
			jen.Return(jen.Id("list")),
		)
	}
}

func (e *emitter) hasLists(of func(k *Key) bool) bool {
	for i := range e.Keys {
		if of(&e.Keys[i]) {
			return true
		}
	}
	return false
}

type keyEmitter struct {
	*emitter
	*Key
}

func (k keyEmitter) declare() {
	k.comment(fmt.Sprintf("%sKey is the type of [%s].", k.Go, k.Go))
	k.file.Type().Id(k.Go + "Key").String()
	k.file.Line()
	k.comment(described(fmt.Sprintf("%s is the key %s", k.Go, k.Key.Name), k.Doc))
	k.file.Const().Id(k.Go).Id(k.Go + "Key").Op("=").Lit(k.Key.Name)
	k.file.Line()
}

func (k keyEmitter) constants() {
	value := k.Go + "Value"
	k.comment(fmt.Sprintf("%s is a value of [%s]. There are no others than those below.", value, k.Go))
	k.file.Type().Id(value).String()
	k.file.Line()
	k.comment(fmt.Sprintf("The values of [%s].", k.Go))
	k.file.Const().DefsFunc(func(g *jen.Group) {
		for _, v := range k.Values {
			gocode.CommentIn(g, described(fmt.Sprintf("%s is %s=%s", k.Go+v.Go, k.Key.Name, v.Name), v.Doc))
			g.Id(k.Go + v.Go).Id(value).Op("=").Lit(v.Name)
		}
	})
	k.file.Line()
	k.comment("Values returns all values, in the order of the vocabulary, in a list of the caller's own.")
	k.method("Values").Params().Index().Id(value).Block(jen.Return(jen.Index().Id(value).ValuesFunc(func(g *jen.Group) {
		for _, v := range k.Values {
			g.Id(k.Go + v.Go)
		}
	})))
	k.file.Line()
}

// numbers writes the values of an integer key.
func (k keyEmitter) numbers() {
	value := k.Go + "Value"
	k.comment(fmt.Sprintf("%s is a value of [%s]: a whole number, as a label has it. [%sOf] makes one.", value, k.Go, k.Go))
	k.file.Type().Id(value).String()
	k.file.Line()
	k.comment(fmt.Sprintf("%sOf is the value that is written as numbers are. A negative one is no valid label value.", k.Go))
	k.file.Func().Id(k.Go + "Of").Params(jen.Id("n").Int64()).Id(value).Block(jen.Return(jen.Id(value).Call(formatInt("n"))))
	k.file.Line()
	k.comment("Int is the number, 0 if v is none.")
	k.file.Func().Params(jen.Id("v").Id(value)).Id("Int").Params().Int64().Block(
		jen.List(jen.Id("n"), jen.Id("err")).Op(":=").Qual("strconv", "ParseInt").Call(jen.String().Call(jen.Id("v")), jen.Lit(10), jen.Lit(64)),
		jen.If(jen.Id("err").Op("!=").Nil()).Block(jen.Return(jen.Lit(0))),
		jen.Return(jen.Id("n")),
	)
	k.file.Line()
}

func formatInt(name string) *jen.Statement {
	return jen.Qual("strconv", "FormatInt").Call(jen.Id(name), jen.Lit(10))
}

func (k keyEmitter) method(name string) *jen.Statement {
	receiver := jen.Id("k").Id(k.Go + "Key")
	if name == "Values" {
		receiver = jen.Id(k.Go + "Key")
	}
	return k.file.Func().Params(receiver).Id(name)
}

// keyMethod is a method of a key, called as the function of package selector that it calls.
type keyMethod struct {
	name, doc string
	params    string // n: none, v: one value, vs: a list of values, i: a number
}

var keyMethods = []keyMethod{
	{"Eq", "Eq wants %s to have a value.", "v"},
	{"NotEq", "NotEq wants %s not to have a value, or to be missing.", "v"},
	{"In", "In wants %s to have one of the values. None are an error of [selector.New].", "vs"},
	{"NotIn", "NotIn wants %s to have none of the values, or to be missing. None are an error of [selector.New].", "vs"},
	{"Has", "Has wants %s to be there.", "n"},
	{"Missing", "Missing wants %s to be missing.", "n"},
	{"Gt", "Gt wants %s to be a number greater than n, which is not negative.", "i"},
	{"Lt", "Lt wants %s to be a number less than n, which is not negative.", "i"},
}

func (k keyEmitter) methods() {
	for _, m := range keyMethods {
		if m.params == "i" && !k.Integer {
			continue
		}
		params, args := k.params(m.params)
		k.comment(fmt.Sprintf(m.doc, k.Key.Name))
		k.method(m.name).Params(params...).Qual(selectorPath, "Requirement").Block(
			jen.Return(jen.Qual(selectorPath, m.name).Call(append([]jen.Code{jen.String().Call(jen.Id("k"))}, args...)...)),
		)
		k.file.Line()
	}
}

// params are the parameters of a method, and the arguments that it passes on.
func (k keyEmitter) params(kind string) (params, args []jen.Code) {
	switch {
	case kind == "n":
		return nil, nil
	case kind == "i":
		return []jen.Code{jen.Id("n").Int64()}, []jen.Code{jen.Id("n")}
	case kind == "v" && k.Integer:
		return []jen.Code{jen.Id("n").Int64()}, []jen.Code{formatInt("n")}
	case kind == "v" && k.Open:
		return []jen.Code{jen.Id("v").String()}, []jen.Code{jen.Id("v")}
	case kind == "v":
		return []jen.Code{jen.Id("v").Id(k.Go + "Value")}, []jen.Code{jen.String().Call(jen.Id("v"))}
	case k.Integer:
		return []jen.Code{jen.Id("values").Op("...").Int64()}, []jen.Code{jen.Id("numbers").Call(jen.Id("values")).Op("...")}
	case k.Open:
		return []jen.Code{jen.Id("values").Op("...").String()}, []jen.Code{jen.Id("values").Op("...")}
	}
	return []jen.Code{jen.Id("values").Op("...").Id(k.Go + "Value")}, []jen.Code{jen.Id("texts").Call(jen.Id("values")).Op("...")}
}
