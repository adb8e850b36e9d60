package selector

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// Parse reads a selector as labels.Parse of apimachinery reads it, with the same result and the same error texts. An empty
// text selects everything. Of what it returns nothing but the text itself is kept alive.
func Parse(text string) (Selector, error) {
	if text == "" {
		return Selector{}, nil
	}
	var values []string
	n := 1
	if len(text) > 24 { // where there may be more than one
		n += strings.Count(text, ",")
	}
	p := newProgram(n)
	requirements, ok := parse(text, p.requirements, &values)
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

// Parse is [Parse] with a result that is good until the next call alone.
func (p *Parser) Parse(text string) (Selector, error) {
	p.values = p.values[:0]
	requirements, ok := parse(text, p.program.requirements[:0], &p.values)
	if !ok {
		return parseSlowly(text)
	}
	p.program.requirements = requirements
	if len(requirements) == 0 {
		return Selector{}, nil
	}
	return Selector{&p.program}, nil
}

// newProgram has room for n requirements, in one piece of memory if they are few.
func newProgram(n int) *program {
	switch {
	case n <= 1:
		m := new(struct {
			program
			room [1]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program
	case n <= 4:
		m := new(struct {
			program
			room [4]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program
	}
	return &program{requirements: make([]Requirement, 0, n)}
}

// parse reads what is well-formed and valid; for all else it is not ok, and upstream's own parser has the word. So only
// what is right has to be right here.
func parse(text string, to []Requirement, values *[]string) (_ []Requirement, ok bool) {
	s := scanner{text: text, values: values}
	s.skip()
	if s.at == len(text) {
		return to, true
	}
	for {
		to = append(to, Requirement{})
		if !s.requirement(&to[len(to)-1]) {
			return to, false
		}
		if s.at == len(text) {
			arrange(to)
			return to, true
		}
		if text[s.at] != ',' {
			return to, false
		}
		s.at++
		if s.skip(); s.at == len(text) {
			return to, false
		}
	}
}

// scanner is where parse stands.
type scanner struct {
	text   string
	at     int
	values *[]string // where lists of values go
}

func (s *scanner) skip() {
	for s.at < len(s.text) && classes[s.text[s.at]]&space != 0 {
		s.at++
	}
}

// peek is the byte that comes next, a comma at the end: both end a requirement.
func (s *scanner) peek() byte {
	if s.at == len(s.text) {
		return ','
	}
	return s.text[s.at]
}

func (s *scanner) requirement(r *Requirement) bool {
	missing := s.peek() == '!'
	if missing {
		s.at++
		s.skip()
	}
	if !s.key(r) {
		return false
	}
	s.skip()
	switch c := s.peek(); {
	case missing:
		r.op = opMissing
		return c == ','
	case c == ',':
		r.op = opExists
		return true
	case c == '=' || c == '!':
		return s.equality(r)
	case c == '>' || c == '<':
		return s.comparison(r)
	}
	return s.list(r)
}

func (s *scanner) key(r *Requirement) bool {
	start := s.at
	end, at := word(s.text, start)
	s.at = end
	r.key = s.text[start:end]
	if at >= 0 {
		return isPrefix(s.text[start:at]) && isName(s.text[at+1:end])
	}
	return isName(r.key)
}

// value reads a value that is not empty, and what space follows it.
func (s *scanner) value() (string, bool) {
	start := s.at
	end, at := word(s.text, start)
	s.at = end
	v := s.text[start:end]
	s.skip()
	return v, at < 0 && isName(v)
}

func (s *scanner) equality(r *Requirement) bool {
	r.op, r.form = opIn, formEqual
	if s.text[s.at] == '!' {
		r.op = opNotIn
		s.at++
		if s.peek() != '=' {
			return false
		}
	}
	s.at++
	if s.peek() == '=' && r.op == opIn {
		r.form = formDouble
		s.at++
	}
	s.skip()
	if s.peek() == ',' {
		return true // the empty value
	}
	var ok bool
	r.first, ok = s.value()
	return ok
}

func (s *scanner) comparison(r *Requirement) bool {
	r.op = opGreater
	if s.text[s.at] == '<' {
		r.op = opLess
	}
	s.at++
	s.skip()
	var ok bool
	if r.first, ok = s.value(); !ok {
		return false
	}
	n, err := strconv.ParseInt(r.first, 10, 64)
	r.number = n
	return err == nil
}

// list reads in (a,b) and notin (a,b).
func (s *scanner) list(r *Requirement) bool {
	rest := s.text[s.at:]
	switch {
	case strings.HasPrefix(rest, "in"):
		r.op = opIn
		s.at += len("in")
	case strings.HasPrefix(rest, "notin"):
		r.op = opNotIn
		s.at += len("notin")
	default:
		return false
	}
	if s.skip(); s.at == len(s.text) || s.text[s.at] != '(' {
		return false
	}
	s.at++
	start := len(*s.values)
	for {
		s.skip()
		if s.at == len(s.text) {
			return false
		}
		v := ""
		if c := s.text[s.at]; c != ',' && c != ')' {
			var ok bool
			if v, ok = s.value(); !ok || s.at == len(s.text) {
				return false
			}
		}
		if *s.values == nil {
			*s.values = make([]string, 0, 1+strings.Count(s.text[s.at:], ","))
		}
		*s.values = append(*s.values, v)
		end := s.text[s.at]
		s.at++
		if end == ')' {
			break
		}
		if end != ',' {
			return false
		}
	}
	s.skip()
	r.take((*s.values)[start:])
	return true
}

// take makes a set of values, which it keeps.
func (r *Requirement) take(values []string) {
	sortStrings(values)
	values = slices.Compact(values)
	r.first = values[0]
	if len(values) > 1 {
		r.more = values[1:len(values):len(values)]
	}
}

func sortStrings(list []string) {
	if len(list) > insertionSorted {
		sort.Strings(list)
		return
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// parseSlowly is upstream's parser: for errors, and for what only it makes sense of (a NUL byte ends a text, for one).
func parseSlowly(text string) (Selector, error) {
	found, err := labels.ParseToRequirements(text)
	if err != nil {
		return Selector{}, err
	}
	requirements := make([]Requirement, len(found))
	for i := range found {
		requirements[i] = fromUpstream(&found[i])
	}
	if len(requirements) == 0 {
		return Selector{}, nil
	}
	for i := range requirements {
		requirements[i].again = i > 0 && requirements[i].key == requirements[i-1].key
	}
	return Selector{&program{requirements: requirements}}, nil // sorted already
}

// fromUpstream keeps values in the order in which they were given, and each as often.
func fromUpstream(from *labels.Requirement) Requirement {
	r := Requirement{key: from.Key()}
	if values := from.ValuesUnsorted(); len(values) > 0 {
		r.first, r.more = values[0], values[1:]
	}
	r.op, r.form = operation(from.Operator())
	switch r.op {
	case opGreater, opLess:
		r.number, _ = strconv.ParseInt(r.first, 10, 64)
	case opIn, opNotIn:
		if !slices.IsSorted(append([]string{r.first}, r.more...)) {
			r.number = unsorted
		}
	}
	return r
}

// unsorted marks values that stand in an order of somebody else's.
const unsorted = 1

func operation(o selection.Operator) (op, form) {
	switch o {
	case selection.In:
		return opIn, formList
	case selection.Equals:
		return opIn, formEqual
	case selection.DoubleEquals:
		return opIn, formDouble
	case selection.NotIn:
		return opNotIn, formList
	case selection.NotEquals:
		return opNotIn, formEqual
	case selection.Exists:
		return opExists, formList
	case selection.DoesNotExist:
		return opMissing, formList
	case selection.GreaterThan:
		return opGreater, formList
	case selection.LessThan:
		return opLess, formList
	}
	return opNone, formList
}
