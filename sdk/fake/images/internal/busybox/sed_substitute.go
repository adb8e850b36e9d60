package busybox

import (
	"fmt"
	"strings"
)

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
			s.at++
			s.skip(" \t")
			c.file = s.line()
			c.re, err = s.compile(pattern, fold)
			return err
		default:
			c.re, err = s.compile(pattern, fold)
			return err
		}
		s.at++
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
	if c.file != "" {
		e.write(c.file)
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
