package busybox

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// sedCommand is one command of a script: where, and what.
type sedCommand struct {
	from, to *sedAddress
	not      bool
	name     byte
	text     string // of a, i, c, r, w, y, and the label of b, t, T and :
	re       *regexp.Regexp
	with     string
	nth      int
	global   bool
	print    bool
	block    int // where the block ends
	active   bool
	until    int
}

// sedAddress is a line's number, the last line, or an expression.
type sedAddress struct {
	line, step int
	last, plus bool
	re         *regexp.Regexp
}

func sed(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "nrEsze:f:i", "in-place=i", "quiet=n", "silent=n", "regexp-extended=E", "expression=e", "file=f")
	if o == nil {
		return 1
	}
	scripts := o.values["e"]
	for _, name := range o.values["f"] {
		data, err := p.FS().ReadFile(name)
		if err != nil {
			return p.Errorf("%s: %s", name, unix.Reason(err))
		}
		scripts = append(scripts, strings.TrimSuffix(string(data), "\n"))
	}
	if scripts == nil {
		if len(o.rest) == 0 {
			return p.Errorf("usage: sed [-inE] [-f FILE]... [-e CMD]... [FILE]...")
		}
		scripts, o.rest = o.rest[:1], o.rest[1:]
	}
	parser := &sedParser{text: strings.Join(scripts, "\n"), extended: o.has("r", "E")}
	commands, err := parser.all()
	if err != nil {
		return p.Errorf("%v", err)
	}
	if !o.has("i") {
		lines, code := allLines(ctx, p, o.rest)
		e := &editor{p: p, commands: commands, quiet: o.has("n"), lines: lines, out: p.Stdout}
		if exit := e.run(); exit >= 0 {
			return exit
		}
		return code
	}
	for _, name := range o.rest {
		if code := editInPlace(ctx, p, commands, o.has("n"), name); code != 0 {
			return code
		}
	}
	return 0
}

func editInPlace(ctx context.Context, p *unix.Proc, commands []*sedCommand, quiet bool, name string) int {
	info, err := p.FS().Stat(name)
	if err != nil {
		return p.Errorf("%s: %s", name, unix.Reason(err))
	}
	lines, code := allLines(ctx, p, []string{name})
	if code != 0 {
		return code
	}
	var out strings.Builder
	e := &editor{p: p, commands: commands, quiet: quiet, lines: lines, out: &out}
	e.run()
	temporary := name + ".sed"
	if err = p.FS().WriteFile(temporary, []byte(out.String()), info.Mode().Perm()); err == nil {
		err = p.FS().Rename(temporary, name)
	}
	if err != nil {
		return p.Errorf("%s: %s", name, unix.Reason(err))
	}
	return 0
}

// sedParser reads a script.
type sedParser struct {
	text     string
	at       int
	extended bool
	lastRE   string
}

func (s *sedParser) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *sedParser) skip(set string) {
	for s.at < len(s.text) && strings.IndexByte(set, s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *sedParser) all() (list []*sedCommand, err error) {
	var open []int
	for {
		if s.skip(" \t\n;"); s.at == len(s.text) {
			break
		}
		if s.peek() == '#' {
			s.line()
			continue
		}
		c := &sedCommand{}
		if err := s.addresses(c); err != nil {
			return nil, err
		}
		c.name = s.peek()
		s.at++
		if c.name == '}' {
			if len(open) == 0 {
				return nil, fmt.Errorf("unexpected '}'")
			}
			list[open[len(open)-1]].block = len(list)
			open = open[:len(open)-1]
			continue
		}
		if err := s.body(c); err != nil {
			return nil, err
		}
		if c.name == '{' {
			open = append(open, len(list))
		}
		list = append(list, c)
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("unterminated {")
	}
	return list, nil
}

func (s *sedParser) addresses(c *sedCommand) (err error) {
	if c.from, err = s.address(); err != nil {
		return err
	}
	if s.skip(" \t"); c.from != nil && s.peek() == ',' {
		s.at++
		s.skip(" \t")
		if c.to, err = s.address(); err != nil {
			return err
		}
		if c.to == nil {
			return fmt.Errorf("no address after comma")
		}
	}
	for s.skip(" \t"); s.peek() == '!'; s.skip(" \t") {
		c.not = true
		s.at++
	}
	return nil
}

func (s *sedParser) address() (*sedAddress, error) {
	switch c := s.peek(); {
	case c == '$':
		s.at++
		return &sedAddress{last: true}, nil
	case c >= '0' && c <= '9', c == '+':
		a := &sedAddress{plus: c == '+'}
		if a.plus {
			s.at++
		}
		a.line = s.number()
		if s.peek() == '~' {
			s.at++
			a.step = s.number()
		}
		return a, nil
	case c == '/', c == '\\':
		if c == '\\' {
			s.at++
		}
		pattern, err := s.delimited(s.peek(), true)
		if err != nil {
			return nil, err
		}
		fold := s.peek() == 'I'
		if fold {
			s.at++
		}
		re, err := s.compile(pattern, fold)
		return &sedAddress{re: re}, err
	}
	return nil, nil
}

func (s *sedParser) number() int {
	begin := s.at
	s.skip("0123456789")
	n, _ := strconv.Atoi(s.text[begin:s.at])
	return n
}

func (s *sedParser) compile(pattern string, fold bool) (*regexp.Regexp, error) {
	if pattern == "" {
		pattern = s.lastRE
	}
	s.lastRE = pattern
	return compile(pattern, s.extended, fold)
}

// delimited reads up to the next by, from one on.
func (s *sedParser) delimited(by byte, first bool) (string, error) {
	if first {
		s.at++
	}
	var b strings.Builder
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == by:
			s.at++
			return b.String(), nil
		case c == '\\' && s.at+1 < len(s.text):
			s.at++
			switch next := s.text[s.at]; {
			case next == by:
				b.WriteByte(by)
			case next == 'n':
				b.WriteString("\n")
			default:
				b.WriteString(`\` + string(next))
			}
		case c == '[' && first:
			n := bracket(s.text[s.at:])
			b.WriteString(s.text[s.at : s.at+n])
			s.at += n - 1
		default:
			b.WriteByte(c)
		}
		s.at++
	}
	return "", fmt.Errorf("unmatched '%c'", by)
}

// line reads to the end of the line.
func (s *sedParser) line() string {
	begin := s.at
	if end := strings.IndexByte(s.text[begin:], '\n'); end >= 0 {
		s.at = begin + end + 1
		return s.text[begin : begin+end]
	}
	s.at = len(s.text)
	return s.text[begin:]
}

func (s *sedParser) body(c *sedCommand) (err error) {
	switch c.name {
	case 's':
		return s.substitution(c)
	case 'y':
		if c.text, err = s.delimited(s.peek(), true); err != nil {
			return err
		}
		by := s.text[s.at-1]
		if c.with, err = s.delimited(by, false); err == nil && len([]rune(c.text)) != len([]rune(c.with)) {
			err = fmt.Errorf("y: strings for 'y' are of different lengths")
		}
		return err
	case 'a', 'i', 'c':
		s.skip(" \t")
		if s.peek() == '\\' {
			s.at++
			s.skip(" \t")
			if s.peek() == '\n' {
				s.at++
			}
		}
		c.text = s.line()
		for strings.HasSuffix(c.text, `\`) {
			c.text = c.text[:len(c.text)-1] + "\n" + s.line()
		}
		return nil
	case 'r', 'w':
		s.skip(" \t")
		c.text = s.line()
		return nil
	case 'b', 't', 'T', ':':
		s.skip(" \t")
		begin := s.at
		for s.at < len(s.text) && strings.IndexByte(";\n}", s.text[s.at]) < 0 {
			s.at++
		}
		c.text = strings.TrimSpace(s.text[begin:s.at])
		return nil
	case 'q', 'Q':
		s.skip(" \t")
		c.nth = s.number()
		return nil
	case 'd', 'D', 'p', 'P', 'n', 'N', 'g', 'G', 'h', 'H', 'x', '=', '{', 'l':
		return nil
	}
	return fmt.Errorf("unsupported command %c", c.name)
}

func (s *sedParser) substitution(c *sedCommand) error {
	by := s.peek()
	pattern, err := s.delimited(by, true)
	if err != nil {
		return err
	}
	if c.with, err = s.delimited(by, false); err != nil {
		return err
	}
	fold := false
	for {
		switch f := s.peek(); {
		case f == 'g':
			c.global = true
		case f == 'p':
			c.print = true
		case f == 'i', f == 'I':
			fold = true
		case f >= '1' && f <= '9':
			c.nth = s.number()
			continue
		case f == 'w':
			return fmt.Errorf("flag w of s is not supported")
		default:
			c.re, err = s.compile(pattern, fold)
			return err
		}
		s.at++
	}
}

// editor runs a script over lines.
type editor struct {
	p           *unix.Proc
	commands    []*sedCommand
	quiet       bool
	lines       []string
	out         io.Writer
	at          int // the line that the pattern space begins with, from 0
	space, held string
	append      []string
	replaced    bool
}

// run edits all lines. The result is the exit code of q, or -1.
func (e *editor) run() int {
	restart := false
	for e.at = 0; e.at < len(e.lines); e.at++ {
		if !restart {
			e.space = e.lines[e.at]
		}
		e.replaced = false
		var end byte
		var code int
		end, code = e.cycle()
		if !e.quiet && end != 'd' && end != 'D' && end != 'Q' {
			fmt.Fprintln(e.out, e.space)
		}
		for _, text := range e.append {
			fmt.Fprint(e.out, text)
		}
		e.append = nil
		if end == 'q' || end == 'Q' {
			return code
		}
		if restart = false; end == 'D' {
			if _, rest, ok := strings.Cut(e.space, "\n"); ok {
				e.space, restart = rest, true
				e.at--
			}
		}
	}
	return -1
}

// cycle runs the script once. It returns the command that ended it early, if one did.
func (e *editor) cycle() (end byte, code int) {
	for i := 0; i < len(e.commands); i++ {
		c := e.commands[i]
		if e.selects(c) == c.not {
			if c.name == '{' {
				i = c.block - 1
			}
			continue
		}
		switch c.name {
		case 'd', 'Q', 'q':
			return c.name, c.nth
		case 'D':
			if !strings.Contains(e.space, "\n") {
				return 'd', 0
			}
			return 'D', 0
		case 'n', 'N':
			if e.at+1 >= len(e.lines) {
				return 'q', -1 // what is there is printed
			}
			e.next(c.name)
		case 'c':
			if c.to == nil || !c.active || c.not {
				fmt.Fprintln(e.out, c.text)
			}
			return 'd', 0
		case 'b':
			i = e.label(c.text)
		case 't', 'T':
			if e.replaced == (c.name == 't') {
				i = e.label(c.text)
			}
			e.replaced = false
		default:
			e.do(c)
		}
	}
	return 0, 0
}

func (e *editor) next(name byte) {
	e.at++
	if name == 'N' {
		e.space += "\n" + e.lines[e.at]
		return
	}
	if !e.quiet {
		fmt.Fprintln(e.out, e.space)
	}
	e.space = e.lines[e.at]
}

// label is where to go on: after the label, or at the end.
func (e *editor) label(name string) int {
	for i, c := range e.commands {
		if c.name == ':' && c.text == name {
			return i
		}
	}
	return len(e.commands)
}

// do runs a command that only changes text, or prints.
func (e *editor) do(c *sedCommand) {
	switch c.name {
	case 's':
		e.substitute(c)
	case 'y':
		from, to := []rune(c.text), []rune(c.with)
		e.space = strings.Map(func(r rune) rune {
			for i, f := range from {
				if f == r {
					return to[i]
				}
			}
			return r
		}, e.space)
	case 'p':
		fmt.Fprintln(e.out, e.space)
	case 'P':
		first, _, _ := strings.Cut(e.space, "\n")
		fmt.Fprintln(e.out, first)
	case 'l':
		fmt.Fprintln(e.out, strings.Trim(strconv.Quote(e.space), `"`)+"$")
	case '=':
		fmt.Fprintln(e.out, e.at+1)
	case 'g':
		e.space = e.held
	case 'G':
		e.space += "\n" + e.held
	case 'h':
		e.held = e.space
	case 'H':
		e.held += "\n" + e.space
	case 'x':
		e.space, e.held = e.held, e.space
	case 'i':
		fmt.Fprintln(e.out, c.text)
	case 'a':
		e.append = append(e.append, c.text+"\n")
	case 'r':
		if data, err := e.p.FS().ReadFile(c.text); err == nil {
			e.append = append(e.append, string(data))
		}
	case 'w':
		if f, err := e.p.FS().OpenFile(c.text, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666); err == nil {
			_, _ = f.WriteString(e.space + "\n")
			_ = f.Close()
		}
	}
}

func (e *editor) substitute(c *sedCommand) {
	var b strings.Builder
	at, done := 0, false
	for n, m := range c.re.FindAllStringSubmatchIndex(e.space, -1) {
		if n+1 < c.nth || done && !c.global {
			continue
		}
		b.WriteString(e.space[at:m[0]])
		b.WriteString(sedReplacement(c.with, e.space, m))
		at, done = m[1], true
	}
	if !done {
		return
	}
	e.replaced = true
	e.space = b.String() + e.space[at:]
	if c.print {
		fmt.Fprintln(e.out, e.space)
	}
}

// sedReplacement puts & and \1 into the text of s.
func sedReplacement(with, s string, m []int) string {
	var b strings.Builder
	for i := 0; i < len(with); i++ {
		switch {
		case with[i] == '&':
			b.WriteString(s[m[0]:m[1]])
		case with[i] == '\\' && i+1 < len(with):
			i++
			switch g := int(with[i] - '0'); {
			case with[i] >= '0' && with[i] <= '9':
				if 2*g+1 < len(m) && m[2*g] >= 0 {
					b.WriteString(s[m[2*g]:m[2*g+1]])
				}
			case with[i] == 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(with[i])
			}
		default:
			b.WriteByte(with[i])
		}
	}
	return b.String()
}

// selects says whether a command's addresses hold for the line.
func (e *editor) selects(c *sedCommand) bool {
	switch {
	case c.from == nil:
		return true
	case c.to == nil:
		return e.is(c.from)
	case c.active:
		number := e.at + 1
		switch {
		case c.to.re != nil || c.to.last:
			c.active = !e.is(c.to)
		default:
			c.active = number < c.until
		}
		return true
	case e.is(c.from):
		c.until = c.to.line
		if c.to.plus {
			c.until = e.at + 1 + c.to.line
		}
		c.active = c.to.re != nil || c.to.last && e.at+1 < len(e.lines) || c.until > e.at+1
		return true
	}
	return false
}

func (e *editor) is(a *sedAddress) bool {
	switch {
	case a.re != nil:
		return a.re.MatchString(e.space)
	case a.last:
		return e.at+1 == len(e.lines)
	case a.step > 0:
		return e.at+1 >= a.line && (e.at+1-a.line)%a.step == 0
	}
	return e.at+1 == a.line
}
