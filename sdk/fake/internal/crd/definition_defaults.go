package crd

import (
	"fmt"
	"reflect"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// defaultErrors hold every default to the schema that it stands in, as ValidateDefaults does.
func defaultErrors(path *field.Path, s *structuralschema.Structural) field.ErrorList {
	root := *s
	root.XEmbeddedResource = true // the object itself is one
	return defaultsBelow(path, &root, inObject{})
}

// inObject is where in which object a schema stands.
type inObject struct {
	root *structuralschema.Structural
	path []string // in it; "" is any item of a list
	meta bool     // in its version, kind or metadata
}

func (in inObject) at(name string, meta bool) inObject {
	return inObject{in.root, append(in.path[:len(in.path):len(in.path)], name), in.meta || meta}
}

func defaultsBelow(path *field.Path, s *structuralschema.Structural, in inObject) field.ErrorList {
	if s == nil {
		return nil
	}
	if s.XEmbeddedResource {
		in = inObject{root: s}
	}
	var errs field.ErrorList
	if s.Default.Object != nil {
		errs = append(errs, oneDefaultErrors(path.Child("default"), s, in)...)
	}
	errs = append(errs, defaultsBelow(path.Child("items"), s.Items, in.at("", false))...)
	for _, name := range sortedKeys(s.Properties) {
		p := s.Properties[name]
		meta := s.XEmbeddedResource && (name == propertyMetadata || name == propertyVersion || name == propertyKind)
		errs = append(errs, defaultsBelow(path.Child("properties").Key(name), &p, in.at(name, meta))...)
	}
	return errs
}

// metadataErrors hold a default in metadata to the rules of metadata, in an object that has nothing but it.
func metadataErrors(path *field.Path, value any, in inObject) *field.Error {
	around := runtime.DeepCopyJSONValue(value)
	for i := len(in.path) - 1; i >= 0; i-- {
		if in.path[i] == "" {
			around = []any{around}
		} else {
			around = map[string]any{in.path[i]: around}
		}
	}
	obj, ok := around.(map[string]any)
	if !ok {
		return nil
	}
	for name, text := range map[string]string{propertyVersion: "validation/v1", propertyKind: "Validation"} {
		if _, set := obj[name]; !set {
			obj[name] = text
		}
	}
	if _, err := coerceEmbedded(nil, obj, in.root); err != nil {
		return field.Invalid(path, value, fmt.Sprintf("must result in valid metadata: %v", err))
	}
	if errs := embeddedErrors(nil, obj, in.root); len(errs) > 0 {
		return field.Invalid(path, value, fmt.Sprintf("must result in valid metadata: %v", errs.ToAggregate()))
	}
	return nil
}

func oneDefaultErrors(path *field.Path, s *structuralschema.Structural, in inObject) field.ErrorList {
	value := runtime.DeepCopyJSONValue(s.Default.Object)
	if in.meta {
		if err := metadataErrors(path, value, in); err != nil {
			return field.ErrorList{err}
		}
		return valueErrors(path, s, value, nil)
	}
	var errs field.ErrorList
	pruning.Prune(value, s, s.XEmbeddedResource)
	if !reflect.DeepEqual(value, s.Default.Object) {
		errs = append(errs, field.Invalid(path, s.Default.Object, "must not have unknown fields"))
	}
	value = runtime.DeepCopyJSONValue(s.Default.Object)
	if _, err := coerceEmbedded(path, value, s); err != nil {
		return append(errs, err)
	}
	if more := embeddedErrors(path, value, s); len(more) > 0 {
		return append(errs, more...)
	}
	return valueErrors(path, s, value, errs)
}

// valueErrors adds to errs what the schema and its rules say of a value that stands in it.
func valueErrors(path *field.Path, s *structuralschema.Structural, value any, errs field.ErrorList) field.ErrorList {
	whole := s.ToKubeOpenAPI()
	eachSchema(whole, func(s *spec.Schema) {
		if !knownFormat(s.Type, s.Format) {
			s.Format = ""
		}
	})
	if more := schemaErrors(path, whole, value, nil); len(more) > 0 {
		return append(errs, more...)
	}
	if r := newRules(s, s.XEmbeddedResource); r != nil {
		for _, err := range r.errors(value, nil, nil) {
			err.Field = joined(path.String(), err.Field)
			errs = append(errs, err)
		}
	}
	return errs
}

// joined puts a path before one that begins in it.
func joined(path, below string) string {
	switch {
	case below == "" || below == "<nil>":
		return path
	case below[0] == '[':
		return path + below
	}
	return path + "." + below
}
