package openapi

import (
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/types/facts"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// schemas collects the schema of every type that something refers to, by name.
type schemas map[string]*spec.Schema

const refPrefix = "#/components/schemas/"

// of is the schema of a value of type t. Structs and types that are more than what they are made of are referred to.
func (s schemas) of(t reflect.Type) *spec.Schema {
	switch {
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem())
	case t.Kind() == reflect.Struct && t.Name() == "":
		object := typed("object", "") // nothing to refer to it by
		s.addFields(object, t)
		return object
	case t.Kind() == reflect.Struct || describesItself(t):
		return s.ref(t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return typed("string", "byte")
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		array := typed("array", "")
		array.Items = &spec.SchemaOrArray{Schema: s.of(t.Elem())}
		return array
	case t.Kind() == reflect.Map:
		object := typed("object", "")
		object.AdditionalProperties = &spec.SchemaOrBool{Allows: true, Schema: s.of(t.Elem())}
		return object
	}
	if p, ok := primitives[t.Kind()]; ok {
		scalar := typed(p.name, p.format)
		scalar.Enum = enum(t)
		return scalar
	}
	return typed("object", "") // an interface: anything
}

// primitives are what Go's basic kinds are called on the wire. Their zero is what upstream gives as the default of a
// field that is always present.
var primitives = map[reflect.Kind]struct {
	name, format string
	zero         any
}{
	reflect.String:  {"string", "", ""},
	reflect.Bool:    {"boolean", "", false},
	reflect.Int:     {"integer", "int32", 0},
	reflect.Int32:   {"integer", "int32", 0},
	reflect.Int64:   {"integer", "int64", 0},
	reflect.Uint32:  {"integer", "int64", 0},
	reflect.Uint64:  {"integer", "int64", 0},
	reflect.Float32: {"number", "float", 0},
	reflect.Float64: {"number", "double", 0},
}

// ref refers to the schema of a named type, and makes that schema if nothing has referred to it before.
func (s schemas) ref(t reflect.Type) *spec.Schema {
	name := modelName(t)
	if s[name] == nil {
		schema := &spec.Schema{}
		s[name] = schema // first, because types refer to themselves
		s.define(schema, t)
	}
	return spec.RefSchema(refPrefix + name)
}

func (s schemas) define(schema *spec.Schema, t reflect.Type) {
	schema.Description = typeDescription(t)
	if own, ok := example(t).(interface{ OpenAPISchemaType() []string }); ok {
		s.defineItself(schema, t, own.OpenAPISchemaType())
		return
	}
	schema.Type = spec.StringOrArray{"object"}
	if facts.Of(t).Atomic {
		extend(schema, "x-kubernetes-map-type", "atomic")
	}
	s.addFields(schema, t)
}

// defineItself asks a type that has its own form on the wire (times, quantities, numbers or names) what it looks like.
func (s schemas) defineItself(schema *spec.Schema, t reflect.Type, types []string) {
	zero := example(t)
	if f, ok := zero.(interface{ OpenAPISchemaFormat() string }); ok {
		schema.Format = f.OpenAPISchemaFormat()
	}
	one, ok := zero.(interface{ OpenAPIV3OneOfTypes() []string })
	if !ok {
		schema.Type = types
		return
	}
	for _, name := range one.OpenAPIV3OneOfTypes() {
		schema.OneOf = append(schema.OneOf, *typed(name, ""))
	}
}

func describesItself(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[interface{ OpenAPISchemaType() []string }]())
}

// modelName is what t is called in documents: what it says itself, as all Kubernetes types do, or else its package
// path with the host reversed, as upstream's ToRESTFriendlyName makes it.
func modelName(t reflect.Type) string {
	if name := saidName(t); name != "" && !fromEmbedded(t, func(e reflect.Type) bool { return saidName(e) == name }) {
		return name
	}
	parts := strings.Split(t.PkgPath(), "/")
	if host := strings.Split(parts[0], "."); len(host) > 1 {
		slices.Reverse(host)
		parts[0] = strings.Join(host, ".")
	}
	return strings.Join(append(parts, t.Name()), ".")
}

func saidName(t reflect.Type) string {
	if named, ok := example(t).(interface{ OpenAPIModelName() string }); ok {
		return named.OpenAPIModelName()
	}
	return ""
}

// example is a value of t to ask. Embedded pointers are set, since their methods may be those that answer.
func example(t reflect.Type) any {
	v := reflect.New(t).Elem()
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if f := t.Field(i); f.Anonymous && f.IsExported() && f.Type.Kind() == reflect.Pointer {
			v.Field(i).Set(reflect.New(f.Type.Elem()))
		}
	}
	return v.Interface()
}

// fromEmbedded says whether a struct embeds a type of which same holds: then what the struct seems to say of itself is
// said by a method of the embedded type, and is about that one.
func fromEmbedded(t reflect.Type, same func(reflect.Type) bool) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous && same(indirect(f.Type)) {
			return true
		}
	}
	return false
}

func typed(name, format string) *spec.Schema {
	return &spec.Schema{SchemaProps: spec.SchemaProps{Type: spec.StringOrArray{name}, Format: format}}
}

func extend(schema *spec.Schema, key string, value any) {
	if schema.Extensions == nil {
		schema.Extensions = spec.Extensions{}
	}
	schema.Extensions[key] = value
}
