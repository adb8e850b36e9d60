package check

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Internal prints an API struct as the server prints its internal type of the same name in messages: with Go's field
// names, and with every field, set or not.
type Internal struct{ V any }

// MarshalJSON makes Internal usable as the value of a field.Error.
func (i Internal) MarshalJSON() ([]byte, error) { return appendInternal(nil, reflect.ValueOf(i.V)) }

// hasTwin tells the types of API groups, whose structs have internal twins; others print as themselves.
func hasTwin(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && strings.HasPrefix(t.PkgPath(), "k8s.io/api/") && !isMarshaler(t)
}

func appendInternal(text []byte, v reflect.Value) ([]byte, error) {
	for v.Kind() == reflect.Pointer && !v.IsNil() && !isMarshaler(v.Type()) {
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
		return append(text, "null"...), nil
	case hasTwin(v.Type()):
		text, err := appendFields(append(text, '{'), v, false)
		return append(text, '}'), err
	case v.Kind() == reflect.Slice && !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8:
		text = append(text, '[')
		for i := range v.Len() {
			if i > 0 {
				text = append(text, ',')
			}
			var err error
			if text, err = appendInternal(text, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return append(text, ']'), nil
	}
	part, err := json.Marshal(v.Interface())
	return append(text, part...), err
}

// appendFields writes the fields of v, those of embedded structs in their place, as encoding/json does. more says that
// fields stand before them.
func appendFields(text []byte, v reflect.Value, more bool) ([]byte, error) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			before := len(text)
			var err error
			if text, err = appendEmbedded(text, v.Field(i), more); err != nil {
				return nil, err
			}
			more = more || len(text) > before
			continue
		}
		if more {
			text = append(text, ',')
		}
		more = true
		text = append(append(append(text, '"'), f.Name...), `":`...)
		var err error
		if text, err = appendInternal(text, v.Field(i)); err != nil {
			return nil, err
		}
	}
	return text, nil
}

// appendEmbedded writes the fields of an embedded struct; one without a twin, as metadata is, has those of its JSON.
func appendEmbedded(text []byte, v reflect.Value, more bool) ([]byte, error) {
	if hasTwin(v.Type()) {
		return appendFields(text, v, more)
	}
	part, err := json.Marshal(v.Interface())
	if err != nil || len(part) <= len("{}") {
		return text, err
	}
	if more {
		text = append(text, ',')
	}
	return append(text, part[1:len(part)-1]...), nil
}

func isMarshaler(t reflect.Type) bool { return t.Implements(reflect.TypeFor[json.Marshaler]()) }
