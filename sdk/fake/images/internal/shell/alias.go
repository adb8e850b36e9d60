package shell

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// alias shows or sets aliases. Real shells put them in when they read a line, so that one counts from the next line on; here it counts
// from the next command on.
func alias(sh *shell, args []string) int {
	status := 0
	names := args[1:]
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(sh.alias))
	}
	for _, arg := range names {
		name, text, ok := strings.Cut(arg, "=")
		switch {
		case ok:
			sh.alias[name] = text
		case sh.alias[name] == "":
			sh.errorf("%s not found", name)
			status = 1
		default:
			fmt.Fprintf(sh.writer(1), "%s=%s\n", name, forceQuote(sh.alias[name]))
		}
	}
	return status
}

func unalias(sh *shell, args []string) int {
	status := 0
	for _, name := range args[1:] {
		switch {
		case name == "-a":
			clear(sh.alias)
		case sh.alias[name] == "":
			sh.errorf("%s not found", name)
			status = 1
		default:
			delete(sh.alias, name)
		}
	}
	return status
}

// aliased is a command with the alias put in that its first word is.
func (sh *shell) aliased(c *syntax.CallExpr) (*syntax.Stmt, bool) {
	if len(c.Args) == 0 {
		return nil, false
	}
	text := sh.alias[c.Args[0].Lit()]
	if text == "" {
		return nil, false
	}
	for st, err := range parser().StmtsSeq(strings.NewReader(text)) {
		if err != nil {
			break
		}
		if call, ok := st.Cmd.(*syntax.CallExpr); ok {
			call.Assigns = append(slices.Clone(c.Assigns), call.Assigns...)
			call.Args = append(call.Args, c.Args[1:]...)
		}
		return st, true
	}
	return nil, false
}

// hideAlias makes an alias unknown, so that it may name the command that it stands for, until undo.
func (sh *shell) hideAlias(name string) (undo func()) {
	text := sh.alias[name]
	delete(sh.alias, name)
	return func() {
		if _, ok := sh.alias[name]; !ok {
			sh.alias[name] = text
		}
	}
}
