package selector

import (
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/selection"
)

// A Requirement is what a selector wants of one key. It is immutable. The zero value selects nothing.
type Requirement struct {
	key    string
	first  string   // the first value, often the only one
	more   []string // the others
	number int64    // first as one, for opGreater and opLess
	op     op
	form   form
	again  bool // the requirement before has the same key
}

// op is what a requirement does, form how it is written.
type (
	op   uint8
	form uint8
)

const (
	opNone op = iota
	opIn
	opNotIn
	opExists
	opMissing
	opGreater
	opLess
)

const (
	formList   form = iota // in (a,b), notin (a,b)
	formEqual              // =, !=
	formDouble             // ==
)

// Eq wants a key to have a value: key=value.
func Eq(key, value string) Requirement {
	return Requirement{key: key, first: value, op: opIn, form: formEqual}
}

// NotEq wants a key not to have a value, or not to be there: key!=value.
func NotEq(key, value string) Requirement {
	return Requirement{key: key, first: value, op: opNotIn, form: formEqual}
}

// In wants a key to have one of the values: key in (a,b). Values are a set; none are an error of [New].
func In(key string, values ...string) Requirement { return list(key, opIn, values) }

// NotIn wants a key to have none of the values, or not to be there: key notin (a,b). Values are a set; none are an error of
// [New].
func NotIn(key string, values ...string) Requirement { return list(key, opNotIn, values) }

func list(key string, o op, values []string) Requirement {
	values = slices.Compact(slices.Sorted(slices.Values(values)))
	if len(values) == 0 {
		return Requirement{key: key, op: opNone, form: formList, number: int64(o)} // New says what is wrong with it
	}
	r := Requirement{key: key, first: values[0], op: o, form: formList}
	if len(values) > 1 {
		r.more = values[1:]
	}
	return r
}

// Has wants a key to be there: key.
func Has(key string) Requirement { return Requirement{key: key, op: opExists} }

// Missing wants a key not to be there: !key.
func Missing(key string) Requirement { return Requirement{key: key, op: opMissing} }

// Gt wants a key to have a whole number as its value that is greater than n: key>n. A negative n is an error of [New], since
// no label value starts with a minus sign.
func Gt(key string, n int64) Requirement {
	return Requirement{key: key, first: strconv.FormatInt(n, 10), number: n, op: opGreater}
}

// Lt wants a key to have a whole number as its value that is less than n: key<n. A negative n is an error of [New].
func Lt(key string, n int64) Requirement {
	return Requirement{key: key, first: strconv.FormatInt(n, 10), number: n, op: opLess}
}

// New returns the selector of all the requirements, none of which is everything. What Parse would not take is an error, with
// its text.
func New(requirements ...Requirement) (Selector, error) {
	for i := range requirements {
		if err := requirements[i].validate(); err != nil {
			return Selector{}, err
		}
	}
	return build(slices.Clone(requirements)), nil
}

// Must returns s, or panics with err: for selectors that are written in the program.
func Must(s Selector, err error) Selector {
	if err != nil {
		panic(err)
	}
	return s
}

// Key is the key.
func (r Requirement) Key() string { return r.key }

// Operator is apimachinery's name of what r does; "" for the zero Requirement.
func (r Requirement) Operator() selection.Operator {
	switch r.op {
	case opIn:
		return [...]selection.Operator{selection.In, selection.Equals, selection.DoubleEquals}[r.form]
	case opNotIn:
		return [...]selection.Operator{selection.NotIn, selection.NotEquals, selection.NotEquals}[r.form]
	case opExists:
		return selection.Exists
	case opMissing:
		return selection.DoesNotExist
	case opGreater:
		return selection.GreaterThan
	case opLess:
		return selection.LessThan
	}
	return ""
}

// Values returns the values, in a list of the caller's own: sorted and each once if they were parsed or given to [In] or [NotIn].
// It is nil for requirements without values.
func (r Requirement) Values() []string {
	switch r.op {
	case opExists, opMissing, opNone:
		return nil
	}
	return append([]string{r.first}, r.more...)
}

// Number is the number of [Gt] and [Lt]; ok says whether r is one of them.
func (r Requirement) Number() (n int64, ok bool) {
	return r.number, r.op == opGreater || r.op == opLess
}

// Accepts reports whether r is met by a key that is there with a value, or is not there.
func (r Requirement) Accepts(value string, there bool) bool { return r.accepts(value, there) }

func (r *Requirement) accepts(value string, there bool) bool {
	switch r.op {
	case opIn:
		return there && (r.first == value || r.listsAlso(value))
	case opNotIn:
		return !there || r.first != value && !r.listsAlso(value)
	case opExists:
		return there
	case opMissing:
		return !there
	}
	return there && r.compares(value)
}

// listsAlso reports whether value is among the values after the first.
func (r *Requirement) listsAlso(value string) bool {
	return len(r.more) > 0 && r.search(value)
}

// searched is from how many values on the list is worth a binary search.
const searched = 8

func (r *Requirement) search(value string) bool {
	if len(r.more) > searched && r.isSorted() {
		_, found := slices.BinarySearch(r.more, value)
		return found
	}
	for i := range r.more {
		if r.more[i] == value {
			return true
		}
	}
	return false
}

// isSorted is false for values that an API object gave in an order of its own.
func (r *Requirement) isSorted() bool { return r.number == 0 }

func (r *Requirement) compares(value string) bool {
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil:
		return false
	case r.op == opGreater:
		return n > r.number
	}
	return r.op == opLess && n < r.number
}

// String returns r as Parse reads it.
func (r Requirement) String() string {
	var room [128]byte
	return string(r.appendTo(room[:0]))
}

func (r *Requirement) appendTo(b []byte) []byte {
	if r.op == opMissing {
		b = append(b, '!')
	}
	b = append(b, r.key...)
	switch r.op { // constants are appended without a call
	case opIn:
		switch r.form {
		case formList:
			return r.appendValues(append(b, " in ("...))
		case formDouble:
			b = append(b, '=')
		}
		b = append(b, '=')
	case opNotIn:
		if r.form == formList {
			return r.appendValues(append(b, " notin ("...))
		}
		b = append(b, "!="...)
	case opGreater:
		b = append(b, '>')
	case opLess:
		b = append(b, '<')
	}
	return append(b, r.first...)
}

func (r *Requirement) appendValues(b []byte) []byte {
	first, more := r.first, r.more
	if !r.isSorted() {
		values := slices.Sorted(slices.Values(r.Values()))
		first, more = values[0], values[1:]
	}
	b = append(b, first...)
	for _, v := range more {
		b = append(b, ',')
		b = append(b, v...)
	}
	return append(b, ')')
}

// validate says what upstream's NewRequirement would say.
func (r *Requirement) validate() error {
	if r.isValid() {
		return nil
	}
	_, err := r.upstream()
	return err
}

func (r *Requirement) isValid() bool {
	if !isKey(r.key) {
		return false
	}
	switch r.op {
	case opIn, opNotIn, opGreater, opLess:
		return isValue(r.first) && !slices.ContainsFunc(r.more, func(v string) bool { return !isValue(v) })
	}
	return r.op != opNone
}
