package shell

import (
	"fmt"
	"regexp"
	"slices"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/pattern"
	"mvdan.cc/sh/v3/syntax"
)

func (sh *shell) stmts(list []*syntax.Stmt) { sh.stmtsLast(list, false) }

// stmtsLast runs statements, of which the last may take the place of the process.
func (sh *shell) stmtsLast(list []*syntax.Stmt, last bool) {
	for i, st := range list {
		sh.last = last && i == len(list)-1
		sh.stmt(st)
		if sh.stopped() {
			return
		}
	}
}

// stmt runs one statement, and the traps of signals that came meanwhile.
func (sh *shell) stmt(st *syntax.Stmt) {
	last := sh.last
	sh.last = false
	sh.line = st.Position.Line()
	switch {
	case sh.on['n']:
		return
	case st.Coprocess, st.Disown:
		sh.gap("a coprocess")
	case st.Background:
		sh.background(st)
	case st.Negated:
		sh.tested++
		sh.command(st, false)
		sh.tested--
		if !sh.stopped() {
			sh.status = boolStatus(sh.status != 0)
		}
	default:
		sh.command(st, last)
		if sh.status != 0 && sh.on['e'] && sh.tested == 0 && sh.flow == goesOn && checked(st.Cmd) {
			sh.flow = exits
		}
	}
	sh.deliver()
}

// checked says whether -e looks at a command itself, and not only at those in it.
func checked(c syntax.Command) bool {
	switch c := c.(type) {
	case *syntax.BinaryCmd:
		return c.Op == syntax.Pipe || c.Op == syntax.PipeAll
	case *syntax.Block, *syntax.IfClause, *syntax.WhileClause, *syntax.ForClause, *syntax.CaseClause, *syntax.FuncDecl:
		return false
	}
	return true
}

func boolStatus(ok bool) int {
	if ok {
		return 0
	}
	return 1
}

// command runs a statement without what stands around it: with its redirections.
func (sh *shell) command(st *syntax.Stmt, last bool) {
	if call, ok := st.Cmd.(*syntax.CallExpr); ok {
		sh.call(call, st.Redirs, last)
		return
	}
	restore, ok := sh.redirect(st.Redirs)
	defer restore()
	if !ok {
		sh.status = 1
		return
	}
	sh.compound(st.Cmd, last && len(st.Redirs) == 0)
}

// compound runs what is not a simple command.
func (sh *shell) compound(c syntax.Command, last bool) {
	switch c := c.(type) {
	case nil:
		sh.status = 0
	case *syntax.Block:
		sh.stmtsLast(c.Stmts, last)
	case *syntax.Subshell:
		sh.status = sh.wait(sh.fork(func(sub *shell) { sub.stmtsLast(c.Stmts, true) }))
	case *syntax.BinaryCmd:
		sh.binary(c, last)
	case *syntax.IfClause:
		sh.ifClause(c, last)
	case *syntax.WhileClause:
		sh.while(c)
	case *syntax.ForClause:
		sh.forClause(c)
	case *syntax.CaseClause:
		sh.caseClause(c, last)
	case *syntax.FuncDecl:
		sh.funcs[c.Name.Value] = c.Body
		sh.status = 0
	case *syntax.DeclClause:
		sh.declare(c)
	case *syntax.ArithmCmd:
		n, ok := sh.arithmetic(c.X)
		if ok {
			sh.status = boolStatus(n != 0)
		}
	case *syntax.LetClause:
		for _, x := range c.Exprs {
			if n, ok := sh.arithmetic(x); ok {
				sh.status = boolStatus(n != 0)
			}
		}
	case *syntax.TestClause:
		ok, good := sh.test(c.X)
		if sh.status = boolStatus(ok); !good {
			sh.status = 2
		}
	case *syntax.TimeClause:
		if sh.bash {
			sh.time(c)
		} else {
			sh.timed(c)
		}
	default:
		sh.gap(fmt.Sprintf("%T", c))
	}
}

// condition runs what decides, where -e does nothing, and tells whether it succeeded.
func (sh *shell) condition(list []*syntax.Stmt) bool {
	sh.tested++
	sh.stmts(list)
	sh.tested--
	return sh.status == 0
}

func (sh *shell) binary(c *syntax.BinaryCmd, last bool) {
	if c.Op == syntax.Pipe || c.Op == syntax.PipeAll {
		sh.pipeline(c)
		return
	}
	sh.tested++
	sh.stmt(c.X)
	sh.tested--
	if sh.stopped() || (sh.status == 0) != (c.Op == syntax.AndStmt) {
		return
	}
	sh.last = last
	sh.stmt(c.Y)
}

func (sh *shell) ifClause(c *syntax.IfClause, last bool) {
	for ; c != nil; c = c.Else {
		if len(c.Cond) > 0 {
			ok := sh.condition(c.Cond)
			if sh.stopped() {
				return
			}
			if !ok {
				continue
			}
		}
		sh.status = 0
		sh.stmtsLast(c.Then, last)
		return
	}
	sh.status = 0
}

// body runs the body of a loop, and tells whether the loop is over.
func (sh *shell) body(list []*syntax.Stmt) (over bool) {
	sh.loops++
	sh.stmts(list)
	sh.loops--
	switch {
	case sh.ctx.Err() != nil:
		return true
	case sh.flow != breaks && sh.flow != continues:
		return sh.flow != goesOn
	}
	if sh.count--; sh.count > 0 {
		return true
	}
	over = sh.flow == breaks
	sh.flow = goesOn
	return over
}

func (sh *shell) while(c *syntax.WhileClause) {
	status := 0
	for {
		sh.loops++
		ok := sh.condition(c.Cond)
		sh.loops--
		if sh.stopped() {
			if sh.flow != breaks && sh.flow != continues {
				return
			}
			if sh.count--; sh.count > 0 {
				return
			}
			again := sh.flow == continues
			sh.flow = goesOn
			if again {
				continue
			}
			break
		}
		if ok == c.Until {
			break
		}
		over := sh.body(c.Do)
		if status = sh.status; over {
			break
		}
	}
	if sh.flow == goesOn {
		sh.status = status
	}
}

func (sh *shell) forClause(c *syntax.ForClause) {
	if c.Select {
		sh.gap("select")
		return
	}
	switch loop := c.Loop.(type) {
	case *syntax.WordIter:
		items := slices.Clone(sh.params)
		if loop.InPos.IsValid() {
			var ok bool
			if items, ok = sh.fields(loop.Items...); !ok {
				return
			}
		}
		sh.status = 0
		for _, item := range items {
			if !sh.assign(loop.Name.Value, item) || sh.body(c.Do) {
				return
			}
		}
	case *syntax.CStyleLoop:
		sh.cLoop(loop, c.Do)
	default:
		sh.gap(fmt.Sprintf("%T", loop))
	}
}

func (sh *shell) cLoop(loop *syntax.CStyleLoop, do []*syntax.Stmt) {
	eval := func(x syntax.ArithmExpr, empty int) (int, bool) {
		if x == nil {
			return empty, true
		}
		return sh.arithmetic(x)
	}
	if _, ok := eval(loop.Init, 0); !ok {
		return
	}
	for {
		if n, ok := eval(loop.Cond, 1); !ok || n == 0 {
			break
		}
		if sh.body(do) {
			return
		}
		if _, ok := eval(loop.Post, 0); !ok {
			return
		}
	}
}

func (sh *shell) caseClause(c *syntax.CaseClause, last bool) {
	word, ok := sh.literal(c.Word)
	if !ok {
		return
	}
	sh.status = 0
	for i, through := 0, false; i < len(c.Items); i++ {
		item := c.Items[i]
		if !through && !sh.matchesAny(item.Patterns, word) {
			continue
		}
		sh.stmtsLast(item.Stmts, last && item.Op == syntax.Break)
		if sh.stopped() || item.Op == syntax.Break {
			return
		}
		through = item.Op == syntax.Fallthrough
	}
}

func (sh *shell) matchesAny(patterns []*syntax.Word, s string) bool {
	for _, w := range patterns {
		if text, err := expand.Pattern(sh.config(), w); err == nil && matches(text, s) {
			return true
		}
	}
	return false
}

// matches says whether all of s fits a shell pattern.
func matches(text, s string) bool {
	expr, err := pattern.Regexp(text, pattern.EntireString)
	if err != nil {
		return text == s
	}
	re, err := regexp.Compile(expr)
	return err == nil && re.MatchString(s)
}

// function calls a function with arguments of its own.
func (sh *shell) function(body *syntax.Stmt, args []string) {
	if sh.calls > 1000 {
		sh.errorf("maximum function recursion depth exceeded")
		sh.status, sh.flow = 2, exits
		return
	}
	params, loops := sh.params, sh.loops
	sh.params, sh.loops = args, 0
	sh.calls++
	sh.vars.push()
	sh.stmt(body)
	sh.vars.pop()
	sh.calls--
	sh.params, sh.loops = params, loops
	if sh.flow == returns {
		sh.flow = goesOn
	}
}
