package shell

import (
	"regexp"

	"github.com/podwright/podwright/sdk/fake/images/internal/cond"
	"mvdan.cc/sh/v3/syntax"
)

// test is [[ ... ]]. Without good something is wrong with the expression, and was reported.
func (sh *shell) test(x syntax.TestExpr) (ok, good bool) {
	switch x := x.(type) {
	case *syntax.Word:
		s, good := sh.literal(x)
		return s != "", good
	case *syntax.ParenTest:
		return sh.test(x.X)
	case *syntax.UnaryTest:
		return sh.unaryTest(x)
	case *syntax.BinaryTest:
		return sh.binaryTest(x)
	}
	sh.gap("this condition")
	return false, false
}

func (sh *shell) unaryTest(x *syntax.UnaryTest) (ok, good bool) {
	if x.Op == syntax.TsNot {
		ok, good = sh.test(x.X)
		return !ok, good
	}
	word, isWord := x.X.(*syntax.Word)
	if !isWord {
		sh.gap("this condition")
		return false, false
	}
	s, good := sh.literal(word)
	if x.Op == syntax.TsVarSet {
		v, found := sh.vars.lookup(s)
		return found && v.set, good
	}
	ok, err := cond.Unary(sh.proc(sh.p.Args), x.Op.String(), s)
	if err != nil {
		sh.errorf("%v", err)
	}
	return ok, good && err == nil
}

func (sh *shell) binaryTest(x *syntax.BinaryTest) (ok, good bool) {
	switch x.Op {
	case syntax.AndTest, syntax.OrTest:
		ok, good = sh.test(x.X)
		if !good || ok == (x.Op == syntax.OrTest) {
			return ok, good
		}
		return sh.test(x.Y)
	}
	left, isLeft := x.X.(*syntax.Word)
	right, isRight := x.Y.(*syntax.Word)
	if !isLeft || !isRight {
		sh.gap("this condition")
		return false, false
	}
	a, good := sh.literal(left)
	if !good {
		return false, false
	}
	switch x.Op {
	case syntax.TsMatchShort, syntax.TsMatch:
		return sh.matchesAny([]*syntax.Word{right}, a), true
	case syntax.TsNoMatch:
		return !sh.matchesAny([]*syntax.Word{right}, a), true
	}
	b, good := sh.literal(right)
	if x.Op == syntax.TsReMatch {
		re, err := regexp.CompilePOSIX(b)
		if err != nil {
			sh.errorf("regular expression %s: %v", b, err)
			return false, false
		}
		return re.MatchString(a), good
	}
	ok, err := cond.Binary(sh.proc(sh.p.Args), a, x.Op.String(), b)
	if err != nil {
		sh.errorf("%v", err)
	}
	return ok, good && err == nil
}
