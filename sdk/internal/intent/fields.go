package intent

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Field is one member of the JSON object that a struct becomes.
type Field struct {
	Name          string
	Index         []int // its way through embedded structs; nil for none
	OmittedStruct bool  // a struct by value that is to be omitted when empty, which encoding/json does not do
	MayPrune      bool  // it is an OmittedStruct or has structs in it
}

var fieldsSeen sync.Map // of reflect.Type to []Field

// FieldNamed returns the field of a struct by its name in JSON; one without Index if there is none.
func FieldNamed(t reflect.Type, name string) Field {
	fields := Fields(t)
	if i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name }); i >= 0 {
		return fields[i]
	}
	return Field{}
}

// Fields returns the fields of a struct as encoding/json sees them. A field hides those of its name in embedded structs.
func Fields(t reflect.Type) []Field {
	if seen, ok := fieldsSeen.Load(t); ok {
		return seen.([]Field)
	}
	var own, embedded []Field
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if inner := inlined(f, name); inner != nil {
			for _, e := range Fields(inner) {
				e.Index = slices.Concat(f.Index, e.Index)
				embedded = append(embedded, e)
			}
			continue
		}
		if tag == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		omitted := f.Type.Kind() == reflect.Struct && (hasOption(options, "omitempty") || hasOption(options, "omitzero"))
		own = append(own, Field{name, f.Index, omitted, omitted || HoldsStructs(f.Type)})
	}
	fields := slices.Clone(own)
	for _, e := range embedded {
		if !slices.ContainsFunc(own, func(f Field) bool { return f.Name == e.Name }) {
			fields = append(fields, e)
		}
	}
	fieldsSeen.Store(t, fields)
	return fields
}

// inlined returns the struct whose fields count as those of the struct around it; nil if f is a field of its own.
func inlined(f reflect.StructField, name string) reflect.Type {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if f.Anonymous && name == "" && t.Kind() == reflect.Struct {
		return t
	}
	return nil
}

func hasOption(options, option string) bool {
	return slices.Contains(strings.Split(options, ","), option)
}

// HoldsStructs reports whether something may be pruned in a value of type t.
func HoldsStructs(t reflect.Type) bool {
	for !IsLeaf(t) {
		switch t.Kind() {
		case reflect.Struct:
			return true
		case reflect.Pointer, reflect.Slice, reflect.Map:
			t = t.Elem()
		default:
			return false
		}
	}
	return false
}

// IsLeaf reports whether a type writes its own JSON, as Quantity and Time do, so that its fields say nothing.
func IsLeaf(t reflect.Type) bool {
	for _, i := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()} {
		if t.Implements(i) || reflect.PointerTo(t).Implements(i) {
			return true
		}
	}
	return false
}
