package busybox

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// editor runs a script over lines.
type editor struct {
	p           *unix.Proc
	commands    []*sedCommand
	quiet       bool
	in          lineReader
	out         io.Writer
	number      int // of the line that was read last
	space, held string
	append      []string
	replaced    bool
	wrote       map[string]bool // files of w that are there already
}

// run edits all lines as they come. The result is the exit code of q, or -1.
func (e *editor) run() int {
	e.wrote = map[string]bool{}
	for restart := false; ; {
		if !restart {
			line, ok := e.in.next()
			if !ok {
				return -1
			}
			e.number++
			e.space = line
		}
		e.replaced = false
		end, code := e.cycle()
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
		if restart = end == 'D'; restart {
			_, e.space, _ = strings.Cut(e.space, "\n")
		}
	}
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
			if !e.next(c.name) {
				return 'q', -1 // what is there is printed
			}
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

// next is n or N. There may be no next line.
func (e *editor) next(name byte) bool {
	line, ok := e.in.next()
	if !ok {
		return false
	}
	e.number++
	if name == 'N' {
		e.space += "\n" + line
		return true
	}
	if !e.quiet {
		fmt.Fprintln(e.out, e.space)
	}
	e.space = line
	return true
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
		fmt.Fprintln(e.out, e.number)
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
		e.write(c.text)
	}
}

// write adds the pattern space to a file.
func (e *editor) write(name string) {
	flag := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if !e.wrote[name] {
		flag |= os.O_TRUNC
		e.wrote[name] = true
	}
	if f, err := e.p.FS().OpenFile(name, flag, 0o666); err == nil {
		_, _ = f.WriteString(e.space + "\n")
		_ = f.Close()
	}
}

// selects says whether a command's addresses hold for the line.
func (e *editor) selects(c *sedCommand) bool {
	switch {
	case c.from == nil:
		return true
	case c.to == nil:
		return e.is(c.from)
	case c.active:
		if c.to.re != nil || c.to.last {
			c.active = !e.is(c.to)
		} else {
			c.active = e.number < c.until
		}
		return true
	case e.is(c.from):
		c.until = c.to.line
		if c.to.plus {
			c.until = e.number + c.to.line
		}
		c.active = c.to.re != nil || c.to.last && !e.in.last() || c.until > e.number
		return true
	}
	return false
}

func (e *editor) is(a *sedAddress) bool {
	switch {
	case a.re != nil:
		return a.re.MatchString(e.space)
	case a.last:
		return e.in.last()
	case a.step > 0:
		return e.number >= a.line && (e.number-a.line)%a.step == 0
	}
	return e.number == a.line
}
