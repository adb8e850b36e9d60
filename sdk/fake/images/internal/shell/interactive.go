package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// interact reads lines from somebody who sees a prompt. A mistake ends the line, and not the shell.
func (sh *shell) interact() {
	sh.on['i'] = true
	for sh.ctx.Err() == nil {
		fmt.Fprint(sh.writer(2), sh.prompt("PS1"))
		text, ok := sh.whole()
		if sh.interrupted() {
			continue
		}
		if !ok {
			break
		}
		for st, err := range parser().StmtsSeq(strings.NewReader(text)) {
			if err != nil {
				sh.syntaxError(err)
				sh.flow = goesOn
				break
			}
			sh.stmt(st)
			if sh.flow == exits {
				return
			}
			sh.flow = goesOn
			if sh.interrupted() {
				break
			}
		}
	}
	if sh.p.TTY != nil {
		fmt.Fprintln(sh.writer(2))
	}
}

// whole reads lines until they are whole statements.
func (sh *shell) whole() (string, bool) {
	var text strings.Builder
	for {
		line, ok := sh.typed()
		if !ok {
			return text.String(), text.Len() > 0
		}
		text.WriteString(line)
		if !incomplete(text.String()) {
			return text.String(), true
		}
		fmt.Fprint(sh.writer(2), sh.prompt("PS2"))
	}
}

func incomplete(text string) bool {
	for _, err := range parser().StmtsSeq(strings.NewReader(text)) {
		if err != nil {
			return syntax.IsIncomplete(err)
		}
	}
	return strings.HasSuffix(text, "\\\n")
}

// interrupted says whether ^C was typed since it was asked last.
func (sh *shell) interrupted() bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	was := sh.stopLine
	sh.stopLine = false
	return was
}

// typed reads one line. ^C ends it.
func (sh *shell) typed() (string, bool) {
	line, whole := sh.readLine(sh.ctx, sh.reader(0), true, -1)
	if whole {
		line += "\n"
	}
	return line, line != ""
}

// prompt writes what PS1 and PS2 say: \w, \h, \u and \$ in the way of ash.
func (sh *shell) prompt(name string) string {
	sign := "$"
	if sh.p.FS().Credentials().UID == 0 {
		sign = "#"
	}
	dir := sh.p.Dir
	if home := sh.vars.get("HOME"); home != "" && home != "/" && (dir == home || strings.HasPrefix(dir, home+"/")) {
		dir = "~" + strings.TrimPrefix(dir, home)
	}
	return strings.NewReplacer(`\w`, dir, `\W`, dir[strings.LastIndex(dir, "/")+1:], `\h`, sh.p.Hostname(), `\u`, "root", `\$`, sign).
		Replace(sh.vars.get(name))
}

// source is a statement as text, for lists of jobs.
func source(st *syntax.Stmt) string {
	var b strings.Builder
	_ = syntax.NewPrinter(syntax.SingleLine(true)).Print(&b, st)
	return b.String()
}
