package descriptor

import (
	"reflect"
	"sort"
	"strings"
	"sync"
)

// fieldTypes maps the JSON names of a struct's fields to their types, those of inlined structs included.
type fieldTypes map[string]reflect.Type

func (f fieldTypes) names() []string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// knownFields holds a fieldTypes per struct type; it grows with the number of types, not of calls.
var knownFields sync.Map

func fieldsOf(t reflect.Type) fieldTypes {
	if known, ok := knownFields.Load(t); ok {
		return known.(fieldTypes)
	}
	fields := fieldTypes{}
	collect(t, fields, map[reflect.Type]bool{})
	knownFields.Store(t, fields)
	return fields
}

// collect adds the fields of t, outer ones before those of inlined structs, as encoding/json lets outer ones win.
func collect(t reflect.Type, into fieldTypes, above map[reflect.Type]bool) {
	if above[t] {
		return
	}
	above[t] = true
	var inlined []reflect.Type
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && name == "" && indirect(f.Type).Kind() == reflect.Struct:
			inlined = append(inlined, indirect(f.Type))
		case f.IsExported():
			if name == "" {
				name = f.Name
			}
			if _, taken := into[name]; !taken {
				into[name] = f.Type
			}
		}
	}
	for _, in := range inlined {
		collect(in, into, above)
	}
}

func indirect(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
