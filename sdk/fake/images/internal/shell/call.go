package shell

import (
	"fmt"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"mvdan.cc/sh/v3/syntax"
)

// call runs a simple command: assignments, words and redirections, any of which may be missing.
func (sh *shell) call(c *syntax.CallExpr, redirs []*syntax.Redirect, last bool) {
	sh.subCode = 0
	if body, ok := sh.aliased(c); ok {
		defer sh.hideAlias(c.Args[0].Lit())()
		if c, ok = body.Cmd.(*syntax.CallExpr); !ok || len(body.Redirs) > 0 {
			sh.gap("an alias that is no simple command")
			return
		}
	}
	args, ok := sh.words(c.Args)
	if !ok {
		return
	}
	assigned, ok := sh.assignments(c.Assigns, len(args) == 0)
	if !ok {
		return
	}
	if sh.on['x'] {
		sh.trace(assigned, args)
	}
	restore, ok := sh.redirect(redirs)
	if len(args) == 1 && args[0] == "exec" && ok { // the redirections stay
		sh.keep(assigned)
		sh.status = 0
		return
	}
	defer restore()
	if !ok {
		sh.status = 1
		if len(args) > 0 && special[args[0]] {
			sh.flow = exits
		}
		return
	}
	if len(args) == 0 {
		sh.status = sh.subCode
		return
	}
	sh.run(args, assigned, last)
}

// noTraps says that nothing has to be run at the end, so that a command can take the place of the shell.
func (sh *shell) noTraps() bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return len(sh.traps) == 0
}

// run runs a command with its words expanded: a builtin that is special, a function, any other builtin, or a file.
func (sh *shell) run(args []string, assigned []assignment, last bool) {
	name := args[0]
	b, isBuiltin := builtins[name]
	body, isFunction := sh.funcs[name]
	inline, isInline := Builtins[name]
	switch {
	case isBuiltin && special[name]:
		if sh.keep(assigned) {
			sh.builtin(b, args)
		}
	case isFunction:
		if undo, ok := sh.lend(assigned); ok {
			sh.function(body, args[1:])
			undo()
		}
	case isBuiltin:
		if undo, ok := sh.lend(assigned); ok {
			sh.builtin(b, args)
			undo()
		}
	case isInline:
		if undo, ok := sh.lend(assigned); ok {
			sh.status = sh.inline(inline, args)
			undo()
		}
	default:
		sh.external(args, assigned, last && sh.noTraps())
	}
}

func (sh *shell) builtin(b builtin, args []string) {
	name := sh.name
	sh.name = args[0]
	status := b(sh, args)
	sh.name = name
	if sh.flow != breaks && sh.flow != continues {
		sh.status = status
	}
}

// proc is what a command sees that runs in the shell's own process.
func (sh *shell) proc(args []string) *unix.Proc {
	p := sh.p.With(sh.ctx, args, sh.files())
	p.Env = sh.vars.environ(nil)
	return p
}

// inline runs a command that needs no process of its own. Its messages are the shell's.
func (sh *shell) inline(c unix.Command, args []string) int {
	p := sh.proc(args)
	p.Self = "sh"
	return c(sh.ctx, p)
}

// external runs a file as another process, or, if nothing comes after it, as this one.
func (sh *shell) external(args []string, assigned []assignment, last bool) {
	p := sh.proc(args)
	p.Env = sh.vars.environ(assigned)
	c, withArgs, code, err := p.Find(args)
	if err != nil {
		sh.errorf("%s: %s", args[0], unixText(err))
		sh.status = code
		return
	}
	if last {
		sh.status = p.Become(sh.ctx, c, withArgs, sh.files())
		sh.flow = exits
		return
	}
	r := p.Start(c, withArgs, sh.files())
	sh.status = sh.wait(&job{running: r, text: strings.Join(args, " ")})
}

// unixText is a shell's word for what is wrong with a command.
func unixText(err error) string {
	if text := err.Error(); text == "not found" {
		return text
	}
	return unix.Reason(err)
}

// trace is what set -x shows.
func (sh *shell) trace(assigned []assignment, args []string) {
	var words []string
	for _, a := range assigned {
		words = append(words, a.name+"="+traceQuote(a.value))
	}
	for _, a := range args {
		words = append(words, traceQuote(a))
	}
	prefix := sh.vars.get("PS4")
	if prefix == "" {
		prefix = "+ "
	}
	fmt.Fprintln(sh.writer(2), prefix+strings.Join(words, " "))
}

// traceQuote is quote for set -x, where ash leaves more as it is.
func traceQuote(s string) string {
	plain := func(c rune) bool { return c >= '+' && c <= 'z' && !strings.ContainsRune(";<=>?`[\\", c) }
	if s != "" && strings.IndexFunc(s, func(c rune) bool { return !plain(c) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// quote writes a word so that a shell reads it back.
func quote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'"
}

// words expands the words of a command. What export and its like assign is not split.
func (sh *shell) words(words []*syntax.Word) ([]string, bool) {
	if len(words) == 0 || !declares[words[0].Lit()] {
		return sh.fields(words...)
	}
	var args []string
	for _, w := range words {
		var more []string
		var ok bool
		if lit, isLit := w.Parts[0].(*syntax.Lit); isLit && strings.Contains(lit.Value, "=") {
			var one string
			one, ok = sh.literal(w)
			more = []string{one}
		} else {
			more, ok = sh.fields(w)
		}
		if !ok {
			return nil, false
		}
		args = append(args, more...)
	}
	return args, true
}

var declares = map[string]bool{"export": true, "readonly": true, "local": true, "declare": true, "typeset": true}
