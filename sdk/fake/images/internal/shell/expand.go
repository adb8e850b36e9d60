package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// errReported ends an expansion whose problem was reported.
var errReported = errors.New("reported")

func (sh *shell) config() *expand.Config {
	c := &expand.Config{Env: environ{sh}, CmdSubst: sh.substitute, NoUnset: sh.on['u']}
	c.ProcSubst = func(*syntax.ProcSubst) (string, error) {
		sh.gap("process substitution")
		return "", errReported
	}
	if !sh.on['f'] {
		c.ReadDir2 = func(name string) ([]fs.DirEntry, error) { return sh.p.FS().ReadDir(name) }
	}
	return c
}

// expandError reports what is wrong with an expansion. It ends a shell that is not interactive, as POSIX wants.
func (sh *shell) expandError(err error) {
	if !errors.Is(err, errReported) {
		text := err.Error()
		if e, ok := errors.AsType[expand.UnsetParameterError](err); ok {
			message := e.Message
			if message == "unbound variable" {
				message = "parameter not set"
			}
			text = e.Node.Param.Value + ": " + message
		}
		sh.errorf("%s", text)
	}
	sh.status = 2
	if !sh.on['i'] {
		sh.flow = exits
	}
}

// fields expands words to the fields that a command gets.
func (sh *shell) fields(words ...*syntax.Word) ([]string, bool) {
	var plain []*syntax.Word
	for _, w := range words {
		plain = append(plain, withoutBraces(w))
	}
	fields, err := expand.Fields(sh.config(), plain...)
	if err != nil {
		sh.expandError(err)
		return nil, false
	}
	return fields, true
}

// literal expands a word to one string.
func (sh *shell) literal(w *syntax.Word) (string, bool) {
	s, err := expand.Literal(sh.config(), w)
	if err != nil {
		sh.expandError(err)
		return "", false
	}
	return s, true
}

func (sh *shell) arithmetic(x syntax.ArithmExpr) (int, bool) {
	n, err := expand.Arithm(sh.config(), x)
	if err != nil {
		sh.expandError(err)
		return 0, false
	}
	return n, true
}

// withoutBraces quotes the braces of a word, since sh does not know {a,b}.
func withoutBraces(w *syntax.Word) *syntax.Word {
	out := w
	for i, part := range w.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok || !strings.Contains(lit.Value, "{") {
			continue
		}
		if out == w {
			out = &syntax.Word{Parts: append([]syntax.WordPart(nil), w.Parts...)}
		}
		copied := *lit
		copied.Value = escapeBraces(lit.Value)
		out.Parts[i] = &copied
	}
	return out
}

func escapeBraces(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			b.WriteByte(s[i])
			i++
		case s[i] == '{':
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// environ is what expansions see of the shell.
type environ struct{ sh *shell }

func text(s string) expand.Variable {
	return expand.Variable{Set: true, Kind: expand.String, Str: s}
}

// Get looks a parameter up.
func (e environ) Get(name string) expand.Variable {
	sh := e.sh
	switch name {
	case "#":
		return text(strconv.Itoa(len(sh.params)))
	case "@", "*":
		return expand.Variable{Set: true, Kind: expand.Indexed, List: append([]string{}, sh.params...)}
	case "?":
		return text(strconv.Itoa(sh.status))
	case "$":
		return text(strconv.Itoa(sh.pid))
	case "!":
		if sh.lastBg == 0 {
			return expand.Variable{}
		}
		return text(strconv.Itoa(sh.lastBg))
	case "-":
		return text(sh.on.String())
	case "0":
		return text(sh.arg0)
	case "LINENO":
		return text(strconv.Itoa(int(sh.line)))
	case "PPID":
		return text(strconv.Itoa(sh.parent))
	case "PWD":
		return text(sh.p.Dir)
	case "RANDOM":
		return text(strconv.Itoa(sh.vars.random()))
	}
	if n, err := strconv.Atoi(name); err == nil {
		if n < 1 || n > len(sh.params) {
			return expand.Variable{}
		}
		return text(sh.params[n-1])
	}
	if user, ok := strings.CutPrefix(name, "HOME "); ok {
		return text(sh.home(user))
	}
	if v, ok := sh.vars.lookup(name); ok && v.set {
		return text(v.value)
	}
	return expand.Variable{}
}

// home is ~user, by /etc/passwd.
func (sh *shell) home(user string) string {
	data, _ := sh.p.FS().ReadFile("/etc/passwd")
	for line := range strings.Lines(string(data)) {
		if f := strings.Split(strings.TrimSpace(line), ":"); len(f) > 5 && f[0] == user {
			return f[5]
		}
	}
	return "~" + user
}

// Each is for names by a prefix, which sh does not know.
func (e environ) Each(f func(string, expand.Variable) bool) {
	for _, name := range e.sh.vars.names() {
		if !f(name, e.Get(name)) {
			return
		}
	}
}

// Set is for ${name:=word} and arithmetic.
func (e environ) Set(name string, v expand.Variable) error {
	if v.Kind != expand.String {
		return fmt.Errorf("%s: arrays are not supported by this shell", name)
	}
	if !e.sh.assign(name, v.Str) {
		return errReported
	}
	return nil
}
