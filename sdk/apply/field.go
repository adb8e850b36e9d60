package apply

import (
	"reflect"
	"slices"
	"strings"
	"sync"
)

// jsonField is one member of the JSON object that a struct becomes.
type jsonField struct {
	name          string
	index         []int // its way through embedded structs; nil for none
	omittedStruct bool  // a struct by value that is to be omitted when empty, which encoding/json does not do
	mayPrune      bool  // it is an omittedStruct or has structs in it
}

// pair is a field of an object's struct and the field of the same name in that of the apply configuration.
type pair struct{ from, to jsonField }

var (
	fieldsSeen sync.Map // of reflect.Type to []jsonField
	pairsSeen  sync.Map // of [2]reflect.Type to []pair
)

// pairsOf returns the fields that prune must look at, in their order: those with structs, and those without a partner.
func pairsOf(from, to reflect.Type) []pair {
	key := [2]reflect.Type{from, to}
	if seen, ok := pairsSeen.Load(key); ok {
		return seen.([]pair)
	}
	var pairs []pair
	for _, f := range fieldsOf(from) {
		p := pair{from: f, to: fieldNamed(to, f.name)}
		if f.mayPrune || p.to.index == nil {
			pairs = append(pairs, p)
		}
	}
	pairsSeen.Store(key, pairs)
	return pairs
}

// member returns the field of a struct by its name in JSON; invalid if there is none.
func member(v reflect.Value, name string) reflect.Value {
	if f := fieldNamed(v.Type(), name); f.index != nil {
		if m, err := v.FieldByIndexErr(f.index); err == nil {
			return m
		}
	}
	return reflect.Value{}
}

func fieldNamed(t reflect.Type, name string) jsonField {
	fields := fieldsOf(t)
	if i := slices.IndexFunc(fields, func(f jsonField) bool { return f.name == name }); i >= 0 {
		return fields[i]
	}
	return jsonField{}
}

// fieldsOf returns the fields of a struct as encoding/json sees them. A field hides those of its name in embedded structs.
func fieldsOf(t reflect.Type) []jsonField {
	if seen, ok := fieldsSeen.Load(t); ok {
		return seen.([]jsonField)
	}
	var own, embedded []jsonField
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if inner := inlined(f, name); inner != nil {
			for _, e := range fieldsOf(inner) {
				e.index = slices.Concat(f.Index, e.index)
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
		own = append(own, jsonField{name, f.Index, omitted, omitted || holdsStructs(f.Type)})
	}
	fields := slices.Clone(own)
	for _, e := range embedded {
		if !slices.ContainsFunc(own, func(f jsonField) bool { return f.name == e.name }) {
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
