package selector

import (
	"strconv"
	"strings"
)

// Parse reads a selector as labels.Parse of apimachinery reads it, with the same result and the same error texts. An empty
// text selects everything. Of what it returns nothing but the text itself is kept alive.
func Parse(text string) (Selector, error) {
	if text == "" {
		return Selector{}, nil
	}
	n, listed := room(text)
	p, values := newProgram(min(n, manyParts), min(listed, manyParts)) // a text full of commas is no reason for much memory
	requirements, _, ok := parse(text, p.requirements, values)
	if !ok {
		return parseSlowly(text)
	}
	if len(requirements) == 0 {
		return Selector{}, nil
	}
	p.requirements = requirements
	return Selector{p}, nil
}

// MustParse is Parse for selectors that are written in the program: it panics with the error.
func MustParse(text string) Selector { return Must(Parse(text)) }

// A Parser reads selectors one after the other and uses its memory again, so that it allocates nothing in the long run.
// The zero value is ready. It is not for concurrent use.
type Parser struct {
	program program
	values  []string
}

// Parse is [Parse] with a result that is good until the next call alone, and so are its requirements.
func (p *Parser) Parse(text string) (Selector, error) {
	requirements, values, ok := parse(text, p.program.requirements[:0], p.values[:0])
	p.program.requirements, p.values = requirements, values
	if !ok {
		return parseSlowly(text)
	}
	if len(requirements) == 0 {
		return Selector{}, nil
	}
	return Selector{&p.program}, nil
}

// parse reads what is well-formed and valid; for all else it is not ok, and upstream's own parser has the word. So only
// what is right has to be right here. Requirements and listed values are appended to the lists given.
func parse(text string, to []Requirement, values []string) (_ []Requirement, _ []string, ok bool) {
	s := scanner{text, values}
	i := skip(text, 0)
	if i == len(text) {
		return to, s.values, true
	}
	for {
		to = append(to, Requirement{})
		if i = s.requirement(i, &to[len(to)-1]); i < 0 {
			return to, s.values, false
		}
		if i == len(text) {
			arrange(to)
			return to, s.values, true
		}
		if text[i] != ',' {
			return to, s.values, false
		}
		if i = skip(text, i+1); i == len(text) {
			return to, s.values, false
		}
	}
}

// scanner reads the parts of text. Its methods take the place where a part begins and return where the next one does,
// wrong if this is none.
type scanner struct {
	text   string
	values []string // where lists of values go
}

const wrong = -1

func skip(text string, i int) int {
	for i < len(text) && classes[text[i]]&space != 0 {
		i++
	}
	return i
}

// peek is the byte that comes next, a comma at the end: both end a requirement.
func peek(text string, i int) byte {
	if i == len(text) {
		return ','
	}
	return text[i]
}

func (s *scanner) requirement(i int, r *Requirement) int {
	if s.text[i] == '!' {
		r.op = opMissing
		i = skip(s.text, i+1)
	}
	end := keyAt(s.text, i)
	if end < 0 {
		return wrong
	}
	r.key = s.text[i:end]
	i = skip(s.text, end)
	c := peek(s.text, i)
	switch {
	case c == ',':
		if r.op == opNone {
			r.op = opExists
		}
		return i
	case r.op == opMissing:
		return wrong
	case c == '=' || c == '!':
		return s.equality(i, r)
	case c == '>' || c == '<':
		return s.comparison(i, r)
	}
	return s.list(i, r)
}

// keyAt returns where the key ends that begins at i, or wrong.
func keyAt(text string, i int) int {
	end := endOfName(text, i)
	if end < len(text) && text[end] == '/' {
		if !isPrefix(text[i:end]) {
			return wrong
		}
		i, end = end+1, endOfName(text, end+1)
	}
	if !isName(text[i:end]) {
		return wrong
	}
	return end
}

// valueAt returns where the value ends that begins at i and is not empty, or wrong.
func valueAt(text string, i int) int {
	end := endOfName(text, i)
	if !isName(text[i:end]) {
		return wrong
	}
	return end
}

func (s *scanner) equality(i int, r *Requirement) int {
	r.op, r.form = opIn, formEqual
	if s.text[i] == '!' {
		r.op = opNotIn
		if i++; peek(s.text, i) != '=' {
			return wrong
		}
	}
	i++
	if peek(s.text, i) == '=' && r.op == opIn {
		r.form = formDouble
		i++
	}
	i = skip(s.text, i)
	if peek(s.text, i) == ',' {
		return i // the empty value
	}
	end := valueAt(s.text, i)
	if end < 0 {
		return wrong
	}
	r.first = s.text[i:end]
	return skip(s.text, end)
}

func (s *scanner) comparison(i int, r *Requirement) int {
	r.op = opGreater
	if s.text[i] == '<' {
		r.op = opLess
	}
	i = skip(s.text, i+1)
	end := valueAt(s.text, i)
	if end < 0 {
		return wrong
	}
	n, err := strconv.ParseInt(s.text[i:end], 10, 64)
	if err != nil {
		return wrong
	}
	r.first, r.number = s.text[i:end], n
	return skip(s.text, end)
}

// list reads in (a,b) and notin (a,b).
func (s *scanner) list(i int, r *Requirement) int {
	switch rest := s.text[i:]; {
	case strings.HasPrefix(rest, "in"):
		r.op = opIn
		i += len("in")
	case strings.HasPrefix(rest, "notin"):
		r.op = opNotIn
		i += len("notin")
	default:
		return wrong
	}
	if i = skip(s.text, i); i == len(s.text) || s.text[i] != '(' {
		return wrong
	}
	text, values := s.text, s.values
	for i++; ; i++ {
		i = skip(text, i)
		end := i
		if i < len(text) && text[i] != ',' && text[i] != ')' {
			if end = valueAt(text, i); end < 0 {
				return wrong
			}
		}
		values = append(values, text[i:end])
		if i = skip(text, end); i == len(text) {
			return wrong
		}
		if text[i] == ')' {
			break
		}
		if text[i] != ',' {
			return wrong
		}
	}
	r.take(values[len(s.values):])
	s.values = values
	return skip(text, i+1)
}
