package descriptor

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/podwright/podwright/types/internal/closest"
)

// checker holds a value against the Go type it is to fill, and reports what does not fit. encoding/json stops
// at the first wrong type and knows no list index; the walk reports all, with their paths.
type checker struct {
	*problems
	lax bool
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func (c *checker) check(v any, s spot, t reflect.Type, at path) {
	t = indirect(t)
	if v == nil { // null leaves any field as it is
		return
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		c.custom(v, s, t, at)
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		c.object(v, s, t, at)
	case reflect.Map:
		c.mapping(v, s, t, at)
	case reflect.Slice, reflect.Array:
		c.list(v, s, t, at)
	case reflect.Interface:
	default:
		if problem := scalar(v, t); problem != "" {
			c.wrong(s, at, problem)
		}
	}
}

func (c *checker) wrong(s spot, at path, problem string) {
	c.add(s.position, at, fmt.Errorf("%w: %s", ErrWrongType, problem))
}

// custom leaves the judgement to a type with its own decoder, such as a quantity or a time.
func (c *checker) custom(v any, s spot, t reflect.Type, at path) {
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, reflect.New(t).Interface())
	}
	if err != nil {
		c.wrong(s, at, fmt.Sprintf("%s does not make a %s: %v", describe(v), t.Name(), err))
	}
}

func (c *checker) object(v any, s spot, t reflect.Type, at path) {
	object, ok := v.(map[string]any)
	if !ok {
		c.wrong(s, at, describe(v)+" where an object belongs")
		return
	}
	fields := fieldsOf(t)
	for name, value := range object {
		below := s.field(name)
		ft, known := fields[name]
		switch {
		case known:
			c.check(value, below, ft, at.field(name))
		case !c.lax:
			c.add(below.position, at.field(name), unknownField(name, fields))
		}
	}
}

func unknownField(name string, fields fieldTypes) error {
	if near := closest.To(name, fields.names()); near != "" {
		return fmt.Errorf("%w, did you mean %q?", ErrUnknownField, near)
	}
	return ErrUnknownField
}

func (c *checker) mapping(v any, s spot, t reflect.Type, at path) {
	object, ok := v.(map[string]any)
	if !ok {
		c.wrong(s, at, describe(v)+" where a map belongs")
		return
	}
	for name, value := range object {
		c.check(value, s.field(name), t.Elem(), at.field(name))
	}
}

func (c *checker) list(v any, s spot, t reflect.Type, at path) {
	if t.Elem().Kind() == reflect.Uint8 {
		text, ok := v.(string)
		if !ok {
			c.wrong(s, at, describe(v)+" where base64 text belongs")
		} else if _, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\n", "", "\r", "").Replace(text)); err != nil {
			c.wrong(s, at, "not base64: "+err.Error())
		}
		return
	}
	list, ok := v.([]any)
	if !ok {
		c.wrong(s, at, describe(v)+" where a list belongs")
		return
	}
	for i, item := range list {
		c.check(item, s.item(i), t.Elem(), at.index(i))
	}
}

// scalar says why v does not fit the type t, or "".
func scalar(v any, t reflect.Type) string {
	number, isNumber := v.(json.Number)
	switch kind := t.Kind(); {
	case kind == reflect.String:
		if _, ok := v.(string); ok {
			return ""
		}
		if _, isBool := v.(bool); isBool || isNumber {
			return describe(v) + " where a string belongs; put it in quotes"
		}
		return describe(v) + " where a string belongs"
	case kind == reflect.Bool:
		if _, ok := v.(bool); ok {
			return ""
		}
		return describe(v) + " where true or false belongs"
	case t.ConvertibleTo(reflect.TypeFor[float64]()):
		if !isNumber {
			return describe(v) + " where a number belongs"
		}
		return outOfRange(number, t)
	}
	return ""
}

func outOfRange(n json.Number, t reflect.Type) string {
	var err error
	switch kind := t.Kind(); {
	case kind == reflect.Float32 || kind == reflect.Float64:
		_, err = strconv.ParseFloat(n.String(), t.Bits())
	case kind >= reflect.Uint && kind <= reflect.Uintptr:
		_, err = strconv.ParseUint(n.String(), 10, t.Bits())
	default:
		_, err = strconv.ParseInt(n.String(), 10, t.Bits())
	}
	if err != nil {
		return fmt.Sprintf("%s where an %s belongs", describe(n), t.Kind())
	}
	return ""
}

// describe names a value for a message; long ones are cut.
func describe(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		if len(v) > 40 {
			v = v[:40] + "..."
		}
		return fmt.Sprintf("the string %q", v)
	case json.Number:
		return "the number " + v.String()
	default:
		return fmt.Sprintf("the boolean %v", v)
	}
}

// repeated reports the fields set twice anywhere in a value. Aliased parts are reported once, where they stand.
func (c *checker) repeated(s spot, at path, seen map[*tree]bool) {
	if s.tree == nil || seen[s.tree] {
		return
	}
	seen[s.tree] = true
	for _, d := range s.tree.duplicates {
		c.add(d.at, at.field(d.name), fmt.Errorf("%w, first set on line %d", ErrDuplicateField, d.first))
	}
	for name, child := range s.tree.fields {
		c.repeated(child, at.field(name), seen)
	}
	for i, child := range s.tree.items {
		c.repeated(child, at.index(i), seen)
	}
}
