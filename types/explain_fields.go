package types

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// explainedField is a field of an object as JSON has it.
type explainedField struct {
	Name  string
	Type  reflect.Type
	Text  string // what SwaggerDoc says of it
	tag   string
	owner reflect.Type // the struct that declares it, which may be embedded in the one explained
}

// explainedFields lists the fields of struct t by name, those of embedded structs among them, as in JSON. Of two
// fields with one name the outer one counts.
func explainedFields(t reflect.Type) []explainedField {
	found := map[string]explainedField{}
	addExplainedFields(found, t, nil)
	list := make([]explainedField, 0, len(found))
	for _, f := range found {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b explainedField) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// addExplainedFields ends at types that embed pointers to themselves: around is the structs that t is embedded in.
func addExplainedFields(found map[string]explainedField, t reflect.Type, around []reflect.Type) {
	docs, around := swaggerDoc(t), append(around, t)
	var embedded []reflect.Type
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		inner := pointedTo(f.Type)
		switch {
		case tag == "-":
			continue
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			embedded = append(embedded, inner)
			continue
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		if _, hidden := found[name]; !hidden {
			found[name] = explainedField{name, f.Type, unescaped(docs[name]), tag, t}
		}
	}
	for _, e := range embedded {
		if !slices.Contains(around, e) {
			addExplainedFields(found, e, around)
		}
	}
}

// swaggerDoc holds the texts of a type's fields by their JSON names, and of the type itself under the empty one. What
// only an embedded type says is about that one.
func swaggerDoc(t reflect.Type) map[string]string {
	docs := saidDoc(t)
	for i := 0; docs != nil && t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		f := t.Field(i)
		if inner := pointedTo(f.Type); f.Anonymous && inner != t && maps.Equal(docs, saidDoc(inner)) {
			return nil
		}
	}
	return docs
}

// saidDoc recovers because a method promoted from an embedded pointer panics, the pointer being nil. Such a method is not
// about t anyway.
func saidDoc(t reflect.Type) (docs map[string]string) {
	defer func() { _ = recover() }()
	if documented, ok := reflect.New(t).Interface().(interface{ SwaggerDoc() map[string]string }); ok {
		docs = documented.SwaggerDoc()
	}
	return docs
}

// unescaped is the comment that a text of a SwaggerDoc was made of: upstream's fmtRawDoc writes comments into string
// literals without escaping backslashes, so that of two there only one is left.
func unescaped(text string) string { return strings.ReplaceAll(text, `\`, `\\`) }

func pointedTo(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
