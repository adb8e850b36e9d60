package facts

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A check says what is wrong with a value that is there, nil if nothing.
type check func(r *report, v reflect.Value) *field.Error

// checksOf are the facts of a field about its own value, or about what it points to, in the order in which the API server
// goes through a schema.
func checksOf(known Field, m member) []check {
	t := pointee(m.typ)
	var checks []check
	switch kind := t.Kind(); {
	case kind == reflect.String:
		checks = lengthChecks(known, m)
	case isNumber(kind):
		checks = numberChecks(known, m)
	case kind == reflect.Slice, kind == reflect.Array, kind == reflect.Map:
		checks = countChecks(known)
	}
	if len(known.Values) > 0 && isScalar(t.Kind()) {
		checks = append(checks, func(r *report, v reflect.Value) *field.Error { return oneOf(r, v, known.Values) })
	}
	return checks
}

// lengthChecks are MaxLength and MinLength of validate, and the pattern of a schema.
func lengthChecks(known Field, m member) (checks []check) {
	if limit := known.MaxLength; limit > 0 {
		checks = append(checks, func(r *report, v reflect.Value) *field.Error {
			if len(v.String()) <= limit || utf8.RuneCountInString(v.String()) <= limit {
				return nil
			}
			return field.TooLongCharacters(r.path(), v.String(), limit)
		})
	}
	if limit := known.MinLength; limit > 0 {
		checks = append(checks, func(r *report, v reflect.Value) *field.Error {
			if utf8.RuneCountInString(v.String()) >= limit {
				return nil
			}
			return field.TooShort(r.path(), v.String(), limit)
		})
	}
	if known.Pattern != "" {
		pattern, err := regexp.Compile(known.Pattern)
		if err != nil {
			panic(fmt.Sprintf("facts: pattern of %s.%s: %v", nameOf(m.owner), m.name, err))
		}
		checks = append(checks, func(r *report, v reflect.Value) *field.Error {
			if pattern.MatchString(v.String()) {
				return nil
			}
			return field.Invalid(r.path(), v.String(), fmt.Sprintf("%s in body should match '%s'", r.path(), known.Pattern))
		})
	}
	return checks
}

// countChecks are MaxItems, MinItems, MaxProperties and MinProperties of validate.
func countChecks(known Field) (checks []check) {
	if limit := known.MaxItems; limit > 0 {
		checks = append(checks, func(r *report, v reflect.Value) *field.Error {
			if v.Len() <= limit {
				return nil
			}
			return field.TooMany(r.path(), v.Len(), limit)
		})
	}
	if limit := known.MinItems; limit > 0 {
		checks = append(checks, func(r *report, v reflect.Value) *field.Error {
			if v.Len() >= limit {
				return nil
			}
			return field.TooFew(r.path(), v.Len(), limit)
		})
	}
	return checks
}

// numberChecks are Minimum and Maximum of validate.
func numberChecks(known Field, m member) (checks []check) {
	for _, limit := range []struct {
		text, detail string
		wrong        int // how a value that is out of bounds compares with the limit
	}{
		{known.Minimum, "must be greater than or equal to ", -1},
		{known.Maximum, "must be less than or equal to ", 1},
	} {
		if limit.text == "" {
			continue
		}
		compare, text, err := comparison(limit.text, pointee(m.typ).Kind())
		if err != nil {
			panic(fmt.Sprintf("facts: limit of %s.%s: %v", nameOf(m.owner), m.name, err))
		}
		checks = append(checks, func(r *report, v reflect.Value) *field.Error {
			if compare(v) != limit.wrong {
				return nil
			}
			return field.Invalid(r.path(), plain(v), limit.detail+text)
		})
	}
	return checks
}

// comparison compares values of a kind with the number that text is, which it returns in its shortest form. Limits of
// integers are integers.
func comparison(text string, kind reflect.Kind) (compare func(reflect.Value) int, short string, err error) {
	if isFloat(kind) {
		limit, err := strconv.ParseFloat(text, 64)
		return func(v reflect.Value) int { return cmp.Compare(v.Float(), limit) }, strconv.FormatFloat(limit, 'f', -1, 64), err
	}
	limit, err := strconv.ParseInt(text, 0, 64)
	return func(v reflect.Value) int {
		switch {
		case v.CanInt():
			return cmp.Compare(v.Int(), limit)
		case limit < 0:
			return 1
		}
		return cmp.Compare(v.Uint(), uint64(limit))
	}, strconv.FormatInt(limit, 10), err
}

func isFloat(k reflect.Kind) bool { return k == reflect.Float32 || k == reflect.Float64 }

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uintptr || isFloat(k) }

// oneOf wants v to be one of some, which the error lists in the order of the table.
func oneOf(r *report, v reflect.Value, some []string) *field.Error {
	if len(some) == 0 || slices.Contains(some, textOf(v)) {
		return nil
	}
	return field.NotSupported(r.path(), plain(v), some)
}

// plain is a value as it is in unstructured JSON: without its Go type, if it is a scalar.
func plain(v reflect.Value) any {
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.CanFloat():
		return v.Float()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	}
	return v.Interface()
}
