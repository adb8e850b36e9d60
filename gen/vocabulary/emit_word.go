package vocabulary

import (
	"fmt"

	"github.com/dave/jennifer/jen"
)

// word writes
//
//	type Word uint64
//
//	func WordOf(labels map[string]string) Word {
//		var w Word
//		v, ok := labels["rel"]
//		w.set(bitOfRel(v, ok))
//		return w
//	}
//
//	func MatchCanaryWord(w Word) bool { return w&denyCanary == 0 }
//
// with Labels.Word and a function for the bit of each key. A Word of more than 64 bits is an array.
func (e *emitter) word() {
	n := wordLen(e.words)
	e.comment("A Word is all that the selectors of the vocabulary can tell of labels: of each key one bit is set, that of its value. " +
		"Whoever asks often keeps it beside the labels; it means nothing to another version of the vocabulary, so do not store it. " +
		"Make one with [WordOf] or [Labels.Word]: the zero Word is of no labels at all, not even missing ones, and every selector takes it.")
	if n == 1 {
		e.file.Type().Id("Word").Uint64()
	} else {
		e.file.Type().Id("Word").Index(jen.Lit(n)).Uint64()
	}
	e.file.Line()
	e.wordOf()
	for _, k := range e.words {
		e.bitOf(k)
	}
	for i := range e.Selectors {
		e.matchWord(&e.Selectors[i], n)
	}
	if len(e.words) == 0 {
		return
	}
	set := jen.Op("*").Id("w").Op("|=").Lit(1).Op("<<").Id("bit")
	if n > 1 {
		set = jen.Id("w").Index(jen.Id("bit").Op("/").Lit(64)).Op("|=").Lit(1).Op("<<").Parens(jen.Id("bit").Op("%").Lit(64))
	}
	e.file.Func().Params(jen.Id("w").Op("*").Id("Word")).Id("set").Params(jen.Id("bit").Uint8()).Block(set)
}

func (e *emitter) wordOf() {
	e.comment("WordOf returns the word of labels, of which nil are none.")
	e.file.Func().Id("WordOf").Params(jen.Id("labels").Add(stringMap())).Id("Word").BlockFunc(func(g *jen.Group) {
		g.Var().Id("w").Id("Word")
		for i, k := range e.words {
			assign := ":="
			if i > 0 {
				assign = "="
			}
			g.List(jen.Id("v"), jen.Id("ok")).Op(assign).Id("labels").Index(jen.Lit(k.Name))
			g.Id("w").Dot("set").Call(jen.Id("bitOf"+k.Go).Call(jen.Id("v"), jen.Id("ok")))
		}
		g.Return(jen.Id("w"))
	})
	e.file.Line()
	e.comment("Word returns the word of l: that of its Map, made without one.")
	e.file.Func().Params(jen.Id("l").Id("Labels")).Id("Word").Params().Id("Word").BlockFunc(func(g *jen.Group) {
		g.Var().Id("w").Id("Word")
		for _, k := range e.words {
			g.Id("w").Dot("set").Call(jen.Id("bitOf"+k.Go).Call(k.text(), jen.Id("l").Dot(k.Go).Op("!=").Lit("")))
		}
		g.Return(jen.Id("w"))
	})
	e.file.Line()
}

// bitOf writes
//
//	func bitOfRel(v string, ok bool) uint8 {
//		if !ok {
//			return 4
//		}
//		switch v {
//		case "stable":
//			return 5
//		}
//		return 6
//	}
//
// and for a key that selectors compare, as its end
//
//	n, err := strconv.ParseInt(v, 10, 64)
//	switch {
//	case err != nil:
//		return 6
//	case n < 3:
//		return 7
//	}
//	return 8
func (e *emitter) bitOf(k wordKey) {
	e.comment(fmt.Sprintf("bitOf%s is the bit of a value of %s, or of none.", k.Go, k.Name))
	e.file.Func().Id("bitOf"+k.Go).Params(jen.Id("v").String(), jen.Id("ok").Bool()).Uint8().BlockFunc(func(g *jen.Group) {
		g.If(jen.Op("!").Id("ok")).Block(jen.Return(jen.Lit(k.first)))
		if len(k.values) > 0 {
			g.Switch(jen.Id("v")).BlockFunc(func(g *jen.Group) {
				for i, value := range k.values {
					g.Case(jen.Lit(value)).Block(jen.Return(jen.Lit(k.first + 1 + i)))
				}
			})
		}
		if len(k.cuts) == 0 {
			g.Return(jen.Lit(k.other()))
			return
		}
		g.List(jen.Id("n"), jen.Id("err")).Op(":=").Qual("strconv", "ParseInt").Call(jen.Id("v"), jen.Lit(10), jen.Lit(64))
		g.Switch().BlockFunc(func(g *jen.Group) {
			g.Case(jen.Id("err").Op("!=").Nil()).Block(jen.Return(jen.Lit(k.other())))
			for i, cut := range k.cuts {
				g.Case(jen.Id("n").Op("<").Add(number(cut))).Block(jen.Return(jen.Lit(k.other() + 1 + i)))
			}
		})
		g.Return(jen.Lit(k.other() + 1 + len(k.cuts)))
	})
	e.file.Line()
}

// matchWord writes
//
//	const denyCanary Word = 0x70
//
//	func MatchCanaryWord(w Word) bool { return w&denyCanary == 0 }
//
// or, of a Word that is an array, the words with such bits.
func (e *emitter) matchWord(s *Selector, n int) {
	words := deny(e.words, s.selector)
	code := jen.Id("w").Op("&").Id("deny" + s.Name)
	if n == 1 {
		e.comment(fmt.Sprintf("deny%s are the bits that labels must not have for %s.", s.Name, s.selector))
		e.file.Const().Id("deny" + s.Name).Id("Word").Op("=").Op(hex(words[0]))
		e.file.Line()
	} else {
		var parts []jen.Code
		for i, word := range words {
			if word != 0 {
				parts = append(parts, jen.Id("w").Index(jen.Lit(i)).Op("&").Op(hex(word)))
			}
		}
		code = joined("|", parts)
	}
	e.comment(fmt.Sprintf("Match%sWord is [Match%s] for the word of labels.", s.Name, s.Name))
	e.file.Func().Id("Match" + s.Name + "Word").Params(jen.Id("w").Id("Word")).Bool().Block(jen.Return(code.Op("==").Lit(0)))
	e.file.Line()
}
