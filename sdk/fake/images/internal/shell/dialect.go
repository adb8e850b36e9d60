package shell

import (
	"errors"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// foreign finds in a statement what bash knows and sh does not. The parser reads bash, since ash takes a good part of that, such as
// ${x//a/b}, [[ ]] and local; what is left is a mistake here as it is there, so that a script does not pass its test and fail in a pod.
func (sh *shell) foreign(st *syntax.Stmt) (err error) {
	if sh.bash {
		return nil
	}
	syntax.Walk(st, func(n syntax.Node) bool {
		if text := foreignText(n); text != "" && err == nil {
			err = syntax.ParseError{Pos: n.Pos(), Text: text}
		}
		return err == nil
	})
	return err
}

// foreignText is ash's word for a node that it does not know.
func foreignText(n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.ForClause:
		switch loop := n.Loop.(type) {
		case *syntax.CStyleLoop:
			return "bad for loop variable"
		case *syntax.WordIter:
			if !syntax.ValidName(loop.Name.Value) {
				return "bad for loop variable"
			}
		}
		if n.Select {
			return `unexpected "do"`
		}
	case *syntax.Redirect:
		if n.Op == syntax.WordHdoc {
			return "unexpected redirection"
		}
	case *syntax.BinaryCmd:
		if n.Op == syntax.PipeAll {
			return `unexpected "&"`
		}
	case *syntax.ParamExp:
		if n.Excl || n.Width || n.Index != nil || n.Names != 0 || n.Exp != nil && n.Exp.Op >= syntax.UpperFirst {
			return "bad substitution"
		}
	case *syntax.ArrayExpr:
		return `unexpected "("`
	case *syntax.ArithmCmd:
		return `((...)) is known to bash only, sh reads two subshells; write : $((...))`
	}
	return ""
}

// bashDeclare is declare and typeset: local in a function, and an assignment outside.
func bashDeclare(sh *shell, args []string) int {
	if len(args) > 1 && strings.HasPrefix(args[1], "-") {
		return gapOf(args[0]+" "+args[1])(sh, args)
	}
	if len(sh.vars.locals) > 0 {
		return local(sh, args)
	}
	for _, arg := range args[1:] {
		if name, value, ok := strings.Cut(arg, "="); ok && !sh.assign(name, value) {
			return 2
		}
	}
	return 0
}

// mistakes are ash's words for those of the parser.
var mistakes = []struct {
	parser *regexp.Regexp
	ash    string
}{
	{regexp.MustCompile("^reached EOF without closing quote `\\$?[\"']`"), "unterminated quoted string"},
	{regexp.MustCompile("^reached EOF without closing quote ```"), "EOF in backquote substitution"},
	{regexp.MustCompile("^reached EOF without matching `\\$\\{`"), "missing '}'"},
	{regexp.MustCompile("^reached EOF without matching `\\$\\(\\(`"), "missing '))'"},
	{regexp.MustCompile("^reached EOF without matching `.+` with `(.+)`"), `unexpected end of file (expecting "$1")`},
	{regexp.MustCompile("^`.+` statement must end with `(.+)`"), `unexpected end of file (expecting "$1")`},
	{regexp.MustCompile("^`(.+)` can only be used (?:to|in) "), `unexpected "$1"`},
	{regexp.MustCompile("^a command can only contain words and redirects; encountered `(.+)`"), `unexpected "$1"`},
	{regexp.MustCompile("^`(.+)` can only immediately follow a statement"), `unexpected "$1"`},
}

// inAsh is a mistake in the words of ash, as far as they are known.
func inAsh(err error) (text string, line uint) {
	e, ok := errors.AsType[syntax.ParseError](err)
	if !ok {
		return err.Error(), 0
	}
	for _, m := range mistakes {
		if at := m.parser.FindStringSubmatchIndex(e.Text); at != nil {
			return string(m.parser.ExpandString(nil, m.ash, e.Text, at)), e.Pos.Line()
		}
	}
	return e.Text, e.Pos.Line()
}
