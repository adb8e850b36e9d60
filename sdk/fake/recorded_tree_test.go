package fake_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// A tree is a JSON document whose objects keep the order of their fields, which belongs to what a server answers: an
// object, a list ([]any), a string, a json.Number, a bool or nil.
type (
	object []field
	field  struct {
		key   string
		value any
	}
)

func (o object) get(key string) any {
	for _, f := range o {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

func (o object) text(key string) string {
	s, _ := o.get(key).(string)
	return s
}

// object returns a field that is an object, or an empty one.
func (o object) object(key string) object {
	v, _ := o.get(key).(object)
	return v
}

func (o object) list(key string) []any {
	v, _ := o.get(key).([]any)
	return v
}

// without is o without some fields.
func (o object) without(keys ...string) object {
	kept := object{}
	for _, f := range o {
		if !contains(keys, f.key) {
			kept = append(kept, f)
		}
	}
	return kept
}

// with is o with another value in a field that it has.
func (o object) with(key string, value any) object {
	changed := append(object{}, o...)
	for i := range changed {
		if changed[i].key == key {
			changed[i].value = value
		}
	}
	return changed
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// parseTree reads one document. What follows it is an error.
func parseTree(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	tree, err := readTree(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one document: %w", err)
	}
	return tree, nil
}

func readTree(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		o := object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := readTree(d)
			if err != nil {
				return nil, err
			}
			o = append(o, field{key.(string), value})
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := readTree(d)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err
	}
	return t, nil
}

// MarshalJSON writes the fields in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(f.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// mapStrings is the tree with every string replaced; f gets the place of each, as /spec/containers/0/name.
func mapStrings(tree any, at string, f func(at, s string) string) any {
	switch v := tree.(type) {
	case object:
		mapped := make(object, len(v))
		for i, m := range v {
			mapped[i] = field{m.key, mapStrings(m.value, at+"/"+m.key, f)}
		}
		return mapped
	case []any:
		mapped := make([]any, len(v))
		for i, item := range v {
			mapped[i] = mapStrings(item, fmt.Sprintf("%s/%d", at, i), f)
		}
		return mapped
	case string:
		return f(at, v)
	}
	return tree
}

// lookUp finds the value at a place such as /spec/containers/0/name, or nil.
func lookUp(tree any, place string) any {
	for _, part := range strings.Split(strings.TrimPrefix(place, "/"), "/") {
		switch v := tree.(type) {
		case object:
			tree = v.get(part)
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i < 0 || i >= len(v) {
				return nil
			}
			tree = v[i]
		default:
			return nil
		}
	}
	return tree
}
