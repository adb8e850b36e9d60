package types

import (
	"reflect"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// unwrapped is what is in pointers, lists and maps of t, and how their types are written. Bytes are not a list, since JSON
// writes them as text.
func unwrapped(t reflect.Type) (around string, inner reflect.Type) {
	var seen []reflect.Type
	for !slices.Contains(seen, t) { // a type may be a list of itself
		seen = append(seen, t)
		switch {
		case describesItself(t) || isBytes(t):
			return around, t
		case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
			around += "[]"
		case t.Kind() == reflect.Map:
			around += "map[string]"
		case t.Kind() != reflect.Pointer:
			return around, t
		}
		t = t.Elem()
	}
	return around, anything
}

// typeName is a type as kubectl writes it: objects by their names, the rest by what JSON has.
func typeName(t reflect.Type) string {
	around, inner := unwrapped(t)
	return around + jsonType(inner)
}

func jsonType(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]() || isBytes(t):
		return "string"
	case describesItself(t):
		return selfDescribed(t)
	case t.Kind() == reflect.Struct && t.Name() != "":
		return t.Name()
	}
	if name, ok := jsonTypes[t.Kind()]; ok {
		return name
	}
	return "Object"
}

var jsonTypes = map[reflect.Kind]string{
	reflect.String:  "string",
	reflect.Bool:    "boolean",
	reflect.Int:     "integer",
	reflect.Int8:    "integer",
	reflect.Int16:   "integer",
	reflect.Int32:   "integer",
	reflect.Int64:   "integer",
	reflect.Uint:    "integer",
	reflect.Uint8:   "integer",
	reflect.Uint16:  "integer",
	reflect.Uint32:  "integer",
	reflect.Uint64:  "integer",
	reflect.Float32: "number",
	reflect.Float64: "number",
}

// selfDescribed is what a type with its own form in JSON calls that form. One with several forms, as Quantity and
// IntOrString have, goes by its name.
func selfDescribed(t reflect.Type) string {
	zero := reflect.Zero(t).Interface()
	if _, ok := zero.(interface{ OpenAPIV3OneOfTypes() []string }); ok {
		return t.Name()
	}
	names := zero.(openAPISchemaType).OpenAPISchemaType()
	if len(names) != 1 || names[0] == "object" {
		return t.Name()
	}
	return names[0]
}

// openAPISchemaType is what types implement whose JSON is not that of their fields.
type openAPISchemaType interface{ OpenAPISchemaType() []string }

// describesItself leaves pointers alone, through which a method may be called on nil.
func describesItself(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && t.Implements(reflect.TypeFor[openAPISchemaType]())
}

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

var anything = reflect.TypeFor[any]()

// objectIn is the struct whose fields a value of type t has, itself or in lists and maps, or nil if there is none.
func objectIn(t reflect.Type) reflect.Type {
	_, inner := unwrapped(t)
	if inner.Kind() != reflect.Struct || describesItself(inner) || inner == reflect.TypeFor[time.Time]() {
		return nil
	}
	return inner
}

// typeText describes the type of what is in t: that of structs and of types with their own form, which OpenAPI
// documents refer to. Other types have no text of their own there.
func typeText(t reflect.Type) string {
	_, inner := unwrapped(t)
	if inner.Kind() != reflect.Struct && !describesItself(inner) {
		return ""
	}
	if text := swaggerDoc(inner)[""]; text != "" {
		return unescaped(text)
	}
	return undocumented[inner]
}

// undocumented describes the types that have no SwaggerDoc.
var undocumented = map[reflect.Type]string{
	reflect.TypeFor[resource.Quantity](): "A number with an optional suffix: decimal (m, k, M, G, T, P, E), binary (Ki, Mi, Gi, Ti, Pi, Ei) " +
		"or a power of ten (e3, E-2).",
	reflect.TypeFor[metav1.Duration]():      "A length of time as Go writes it, such as 1h30m.",
	reflect.TypeFor[metav1.MicroTime]():     "A moment in the form of RFC 3339, to the microsecond.",
	reflect.TypeFor[metav1.Time]():          "A moment in the form of RFC 3339, to the second.",
	reflect.TypeFor[runtime.RawExtension](): "An object of any kind.",
	reflect.TypeFor[intstr.IntOrString]():   "A whole number or a text: for ports the number or the name.",
}
