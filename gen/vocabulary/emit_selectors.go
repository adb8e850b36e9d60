package vocabulary

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dave/jennifer/jen"
)

// selectors writes, for each selector,
//
//	// CanaryText is the selector Canary as text.
//	const CanaryText = "rel=canary"
//
//	// CanarySelector is [CanaryText], parsed.
//	var CanarySelector = selector.MustParse(CanaryText)
//
//	// MatchCanary is CanarySelector.Matches, some times faster.
//	func MatchCanary(labels map[string]string) bool {
//		if v, ok := labels["rel"]; !ok || v != "canary" {
//			return false
//		}
//		return true
//	}
//
// A label is looked up once, into a variable: of labels["rel"] == "canary" the compiler makes a lookup for each letter.
func (e *emitter) selectors() {
	compares := false
	for i := range e.Selectors {
		s := &e.Selectors[i]
		e.constant(s)
		folded := e.fold(s.selector)
		e.comment(fmt.Sprintf("Match%s reports whether labels are selected by %s, as [%sSelector] does. nil is no labels.",
			s.Name, s.selector, s.Name))
		e.file.Func().Id("Match" + s.Name).Params(jen.Id("labels").Add(stringMap())).Bool().BlockFunc(func(g *jen.Group) {
			for _, f := range folded {
				compares = compares || f.compares
				f.emit(g)
			}
			g.Return(jen.True())
		})
		e.file.Line()
	}
	if compares {
		e.between()
	}
}

func (e *emitter) constant(s *Selector) {
	e.comment(described(fmt.Sprintf("%sText is the selector %s", s.Name, s.Name), s.Doc))
	e.file.Const().Id(s.Name + "Text").Op("=").Lit(s.selector.String())
	e.file.Line()
	e.comment(fmt.Sprintf("%sSelector is [%sText], parsed.", s.Name, s.Name))
	e.file.Var().Id(s.Name+"Selector").Op("=").Qual(selectorPath, "MustParse").Call(jen.Id(s.Name + "Text"))
	e.file.Line()
}

// emit returns false unless f is met.
func (f folded) emit(g *jen.Group) {
	label := jen.Id("labels").Index(jen.Lit(f.key))
	fail := jen.Return(jen.False())
	refuse := func(name string, condition *jen.Statement) {
		g.If(jen.List(jen.Id(name), jen.Id("ok")).Op(":=").Add(label), condition).Block(fail)
	}
	missing := jen.Op("!").Id("ok")
	switch {
	case f.only && len(f.values) == 0:
		refuse("_", jen.Id("ok"))
	case f.only && (len(f.values) == 1 || f.values[0] == ""): // a switch would take a missing label for an empty one
		refuse("v", missing.Op("||").Add(anyOf("!=", "&&", f.values)))
	case f.only:
		g.Switch(label).Block(jen.Case(lits(f.values)...), jen.Default().Block(fail))
	case f.compares:
		condition := missing.Op("||").Op("!").Id("isBetween").Call(jen.Id("v"), bound(f.min), bound(f.max))
		if len(f.values) > 0 {
			condition.Op("||").Add(anyOf("==", "||", f.values))
		}
		refuse("v", condition)
	case len(f.values) == 0:
		refuse("_", missing)
	case !f.missing:
		refuse("v", missing.Op("||").Add(anyOf("==", "||", f.values)))
	case len(f.values) == 1 || f.values[0] == "":
		condition := anyOf("==", "||", f.values)
		if len(f.values) > 1 {
			condition = jen.Parens(condition)
		}
		refuse("v", jen.Id("ok").Op("&&").Add(condition))
	default:
		g.Switch(label).Block(jen.Case(lits(f.values)...).Block(fail))
	}
}

func lits(values []string) []jen.Code {
	var list []jen.Code
	for _, v := range values {
		list = append(list, jen.Lit(v))
	}
	return list
}

// between writes
//
//	func isBetween(v string, low, high int64) bool {
//		n, err := strconv.ParseInt(v, 10, 64)
//		return err == nil && n >= low && n <= high
//	}
func (e *emitter) between() {
	e.comment("isBetween reports whether v is a whole number from low to high.")
	e.file.Func().Id("isBetween").Params(jen.Id("v").String(), jen.List(jen.Id("low"), jen.Id("high")).Int64()).Bool().Block(
		jen.List(jen.Id("n"), jen.Id("err")).Op(":=").Qual("strconv", "ParseInt").Call(jen.Id("v"), jen.Lit(10), jen.Lit(64)),
		jen.Return(jen.Id("err").Op("==").Nil().Op("&&").Id("n").Op(">=").Id("low").Op("&&").Id("n").Op("<=").Id("high")),
	)
}

// bound writes a limit of int64 by its name.
func bound(n int64) jen.Code {
	switch n {
	case math.MinInt64:
		return jen.Qual("math", "MinInt64")
	case math.MaxInt64:
		return jen.Qual("math", "MaxInt64")
	}
	return number(n)
}

// number writes a whole number, which jen.Lit would give its type.
func number(n int64) jen.Code { return jen.Op(strconv.FormatInt(n, 10)) }
