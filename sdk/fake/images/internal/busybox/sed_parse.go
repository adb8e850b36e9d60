package busybox

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
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
	file     string // where s writes what it has changed
	block    int    // where the block ends
	active   bool
	until    int
}

// sedAddress is a line's number, the last line, or an expression.
type sedAddress struct {
	line, step int
	last, plus bool
	re         *regexp.Regexp
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
