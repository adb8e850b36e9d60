package crd

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type props = apiextensionsv1.JSONSchemaProps

// GoType is the schema of an object as its Go type has it: which fields there are, and of which type. Nothing is required and nothing is
// bound, since a Go type does not say so; whatever Go writes as null may be null. Lists are replaced as a whole.
func GoType(t reflect.Type) *apiextensionsv1.JSONSchemaProps {
	s := goSchema(t, nil)
	s.Properties[propertyVersion], s.Properties[propertyKind] = props{Type: "string"}, props{Type: "string"}
	s.Properties[propertyMetadata] = props{Type: typeObject}
	return s
}

// goSchema is the schema of a value of type t inside of the types above, of which one may be t again: from there on anything goes.
func goSchema(t reflect.Type, above []reflect.Type) *props {
	if t.Kind() == reflect.Pointer {
		s := goSchema(t.Elem(), above)
		s.Nullable = true
		return s
	}
	if s := opaque(t); s != nil {
		return s
	}
	if slices.Contains(above, t) {
		return anything()
	}
	switch t.Kind() {
	case reflect.Bool:
		return &props{Type: "boolean"}
	case reflect.String:
		return &props{Type: "string"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &props{Type: "integer"}
	case reflect.Float32, reflect.Float64:
		return &props{Type: "number"}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return &props{Type: "string", Format: "byte", Nullable: true}
		}
		return &props{Type: "array", Nullable: true, Items: &apiextensionsv1.JSONSchemaPropsOrArray{Schema: goSchema(t.Elem(), above)}}
	case reflect.Map:
		return &props{Type: typeObject, Nullable: true, AdditionalProperties: &apiextensionsv1.JSONSchemaPropsOrBool{Allows: true, Schema: goSchema(t.Elem(), above)}}
	case reflect.Struct:
		s := &props{Type: typeObject, Properties: map[string]props{}}
		goFields(s, t, append(above, t))
		return s
	}
	return anything()
}

// goFields adds the fields of a struct as encoding/json sees them.
func goFields(s *props, t reflect.Type, above []reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case name == "" && f.Anonymous && structOf(f.Type) != nil:
			goFields(s, structOf(f.Type), above)
			continue
		case name == "":
			name = f.Name
		}
		s.Properties[name] = *goSchema(f.Type, above)
	}
}

func structOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// opaque is the schema of a type that writes itself as something else than its fields, or nil for all others. The types of Kubernetes say
// as what.
func opaque(t reflect.Type) *props {
	if t == reflect.TypeFor[resource.Quantity]() {
		return &props{XIntOrString: true} // which it reads, though it only writes texts
	}
	value := reflect.New(t).Interface()
	if said, ok := value.(interface {
		OpenAPISchemaType() []string
		OpenAPISchemaFormat() string
	}); ok {
		kinds := said.OpenAPISchemaType()
		switch format := said.OpenAPISchemaFormat(); {
		case format == "int-or-string" || len(kinds) > 1:
			return &props{XIntOrString: true}
		case len(kinds) == 1 && kinds[0] == "string":
			return &props{Type: "string", Format: format, Nullable: t != reflect.TypeFor[metav1.Duration]()}
		}
		return anything()
	}
	if _, ok := value.(json.Marshaler); ok {
		return anything()
	}
	return nil
}

func anything() *props { return &props{XPreserveUnknownFields: new(true)} }
