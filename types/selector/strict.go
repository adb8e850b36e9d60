package selector

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A SyntaxError says where a text is no selector, and what was probably meant.
type SyntaxError struct {
	Text   string // all of it
	Offset int    // of the first byte that is wrong, len(Text) where something is missing at the end
	Got    string // what stands there; "" at the end
	Want   string // what would be right there, such as "a value"
	Hint   string // how what was probably meant is written; "" if that is unknown
}

func (e *SyntaxError) Error() string {
	got := "nothing"
	if e.Got != "" {
		got = strconv.Quote(e.Got)
	}
	text := fmt.Sprintf("parse selector %q: byte %d: found %s where %s belongs", e.Text, e.Offset, got, e.Want)
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// Caret returns the text and, on a line below, a caret under the place that is wrong, for a terminal. Bytes that do not print
// are shown as dots.
func (e *SyntaxError) Caret() string {
	before := printable(e.Text[:e.Offset])
	return before + printable(e.Text[e.Offset:]) + "\n" + strings.Repeat(" ", utf8.RuneCountInString(before)) + "^"
}

func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return '.'
	}, text)
}

// ParseStrict is [Parse] for texts that people write: what is wrong is a [*SyntaxError], which knows the place and mostly the
// remedy. It accepts what Parse accepts, but for NUL bytes, at which Parse, as an API server, stops reading: "\x00app=web" is
// everything to them. An error of Parse's own kind is not returned.
func ParseStrict(text string) (Selector, error) {
	if err := diagnose(text); err != nil {
		return Selector{}, err
	}
	return Parse(text)
}

// diagnose reads text slowly, and finds what is wrong with it.
func diagnose(text string) *SyntaxError {
	d := doctor{text: text}
	d.next()
	if d.kind == tokenEnd {
		return nil
	}
	for first := true; ; first = false {
		if err := d.requirement(first); err != nil {
			return err
		}
		if d.kind == tokenEnd {
			return nil
		}
		if d.kind != tokenComma {
			return d.wrong("',' or the end", hintAfter(&d))
		}
		d.next()
	}
}

type token uint8

const (
	tokenEnd     token = iota
	tokenWord          // a key, a value, in or notin
	tokenNot           // !
	tokenEqual         // =, == or !=
	tokenThan          // > or <
	tokenOpen          // (
	tokenClose         // )
	tokenComma         // ,
	tokenNothing       // a NUL byte
)

// doctor is a parser that knows where it stands.
type doctor struct {
	text       string
	kind       token // of what stands at text[start:end]
	start, end int
	before     int    // where the requirement begins
	key        string // its key
	operator   string // and operator
}

func (d *doctor) got() string { return d.text[d.start:d.end] }

// next reads a token, the longest there is, as upstream's lexer does.
func (d *doctor) next() {
	d.start = skip(d.text, d.end)
	d.end = d.start
	if d.start == len(d.text) {
		d.kind = tokenEnd
		return
	}
	d.end++
	followedByEqual := d.end < len(d.text) && d.text[d.end] == '='
	switch d.text[d.start] {
	case 0:
		d.kind = tokenNothing
	case '(':
		d.kind = tokenOpen
	case ')':
		d.kind = tokenClose
	case ',':
		d.kind = tokenComma
	case '>', '<':
		d.kind = tokenThan
	case '=':
		d.kind = tokenEqual
		if followedByEqual {
			d.end++
		}
	case '!':
		d.kind = tokenNot
		if followedByEqual {
			d.kind = tokenEqual
			d.end++
		}
	default:
		d.kind = tokenWord
		for d.end < len(d.text) && d.text[d.end] != 0 && classes[d.text[d.end]]&(space|special) == 0 {
			d.end++
		}
	}
}

func (d *doctor) wrong(want, hint string) *SyntaxError {
	if d.kind == tokenNothing {
		hint = "a NUL byte is never part of a selector"
	}
	return &SyntaxError{Text: d.text, Offset: d.start, Got: d.got(), Want: want, Hint: hint}
}

// wrongAt is wrong for a byte inside the token.
func (d *doctor) wrongAt(at int, want, hint string) *SyntaxError {
	err := d.wrong(want, hint)
	err.Offset += at
	return err
}

func (d *doctor) requirement(first bool) *SyntaxError {
	d.before, d.operator = d.start, ""
	want := "another requirement"
	if first {
		want = "a key or '!'"
	}
	negated := d.kind == tokenNot
	if negated {
		want = "a key"
		d.next()
	}
	if d.kind != tokenWord {
		return d.wrong(want, hintKey(d, negated))
	}
	d.key = d.got()
	if err := d.checkKey(); err != nil {
		return err
	}
	d.next()
	switch {
	case d.kind == tokenEnd || d.kind == tokenComma:
		return nil
	case negated:
		return d.wrong("',' or the end", hintNegated(d))
	}
	d.operator = d.got()
	switch {
	case d.kind == tokenEqual:
		d.next()
		return d.value()
	case d.kind == tokenThan:
		d.next()
		return d.number()
	case d.operator == "in" || d.operator == "notin":
		d.next()
		return d.list()
	}
	return d.wrong("in, notin, =, ==, !=, >, <, ',' or the end", hintOperator(d))
}

// value reads what stands after an equals sign, which may be nothing.
func (d *doctor) value() *SyntaxError {
	if d.kind == tokenEnd || d.kind == tokenComma {
		return nil
	}
	if d.kind != tokenWord {
		return d.wrong("a value", hintValue(d))
	}
	if err := d.checkValue(); err != nil {
		return err
	}
	d.next()
	return nil
}

func (d *doctor) number() *SyntaxError {
	const want = "a whole number"
	if d.kind != tokenWord {
		return d.wrong(want, hintNumber(d))
	}
	if _, err := strconv.ParseInt(d.got(), 10, 64); err != nil || !isValue(d.got()) {
		return d.wrong(want, hintNumber(d))
	}
	d.next()
	return nil
}

func (d *doctor) list() *SyntaxError {
	if d.kind != tokenOpen {
		return d.wrong("'('", hintList(d))
	}
	d.next()
	for {
		if d.kind == tokenWord {
			if err := d.checkValue(); err != nil {
				return err
			}
			d.next()
		}
		switch d.kind {
		case tokenComma:
			d.next()
		case tokenClose:
			d.next()
			return nil
		default:
			return d.wrong("',' or ')'", hintListed(d))
		}
	}
}

// checkKey holds the token against the rules of label keys.
func (d *doctor) checkKey() *SyntaxError {
	key := d.got()
	if isKey(key) {
		return nil
	}
	const want = "a label key"
	prefix, name, prefixed := strings.Cut(key, "/")
	if !prefixed {
		prefix, name = "", key
	}
	at := len(key) - len(name)
	switch {
	case strings.Contains(name, "/"):
		return d.wrongAt(at+strings.Index(name, "/"), want, "a key has at most one slash, after a DNS name")
	case prefixed && prefix == "":
		return d.wrong(want, fmt.Sprintf("a DNS name belongs before the slash: write %s for a key without one", name))
	case len(prefix) > maxPrefix:
		return d.wrongAt(maxPrefix, want, fmt.Sprintf("what stands before the slash has %d bytes, and may have %d", len(prefix), maxPrefix))
	case prefixed && !isPrefix(prefix):
		return d.wrongAt(oddInPrefix(prefix), want, hintPrefix(prefix, name))
	}
	return d.checkName(name, at, want)
}

// checkValue holds the token against the rules of label values.
func (d *doctor) checkValue() *SyntaxError {
	if isValue(d.got()) {
		return nil
	}
	return d.checkName(d.got(), 0, "a label value")
}

// checkName says what is wrong with a name, which begins at the token's byte at.
func (d *doctor) checkName(name string, at int, want string) *SyntaxError {
	odd := endOfName(name, 0)
	switch {
	case name == "":
		return d.wrongAt(at, want, "a name belongs after the slash")
	case odd < len(name):
		return d.wrongAt(at+odd, want, hintByte(d, name[odd:]))
	case classes[name[0]]&alphanumeric == 0:
		return d.wrongAt(at, want, edge)
	case classes[name[len(name)-1]]&alphanumeric == 0:
		return d.wrongAt(at+len(name)-1, want, edge)
	}
	return d.wrongAt(at+maxName, want, fmt.Sprintf("it has %d bytes, and may have %d", len(name), maxName))
}

const edge = "it begins and ends with a letter or digit"

// oddInPrefix finds the first byte that is wrong in what should be a DNS name.
func oddInPrefix(s string) int {
	before := byte('.')
	for i := range len(s) {
		c := s[i]
		if classes[c]&lower == 0 && (c != '-' && c != '.' || before == '.' || before == '-' && c == '.') {
			return i
		}
		before = c
	}
	return len(s) - 1
}
