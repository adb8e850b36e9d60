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

// manyParts is for how many requirements or values there is memory before the text proves to be a selector.
const manyParts = 1024

// room is how many requirements text has, and how many values those have that list them, if it is well-formed.
func room(text string) (requirements, values int) {
	requirements = 1 + strings.Count(text, ",")
	for {
		from := strings.IndexByte(text, '(')
		if from < 0 {
			return requirements, values
		}
		text = text[from:]
		to := strings.IndexByte(text, ')')
		if to < 0 {
			return requirements, values
		}
		n := strings.Count(text[:to], ",")
		requirements, values = requirements-n, values+n+1
		text = text[to:]
	}
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

// value reads a value that is not empty, and what space follows it.
func (s *scanner) value(i int, to *string) int {
	end := endOfName(s.text, i)
	*to = s.text[i:end]
	if !isName(*to) {
		return wrong
	}
	return skip(s.text, end)
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
	return s.value(i, &r.first)
}

func (s *scanner) comparison(i int, r *Requirement) int {
	r.op = opGreater
	if s.text[i] == '<' {
		r.op = opLess
	}
	if i = s.value(skip(s.text, i+1), &r.first); i < 0 {
		return wrong
	}
	n, err := strconv.ParseInt(r.first, 10, 64)
	if err != nil {
		return wrong
	}
	r.number = n
	return i
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
	start := len(s.values)
	for i++; ; i++ {
		v := ""
		if i = skip(s.text, i); i < len(s.text) && s.text[i] != ',' && s.text[i] != ')' {
			if i = s.value(i, &v); i < 0 {
				return wrong
			}
		}
		if i == len(s.text) {
			return wrong
		}
		s.values = append(s.values, v)
		if s.text[i] == ')' {
			break
		}
		if s.text[i] != ',' {
			return wrong
		}
	}
	r.take(s.values[start:])
	return skip(s.text, i+1)
}

// take makes a set of values, which it keeps.
func (r *Requirement) take(values []string) {
	if !isSet(values) {
		sortStrings(values)
		values = slices.Compact(values)
	}
	r.first = values[0]
	if len(values) > 1 {
		r.more = values[1:len(values):len(values)]
	}
}

// isSet reports whether values are sorted, and each there once.
func isSet(values []string) bool {
	for i := 1; i < len(values); i++ {
		if values[i-1] >= values[i] {
			return false
		}
	}
	return true
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
