package openapi

import (
	"reflect"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
)

// addFields adds the fields of struct t to schema; those of embedded structs become its own, as in JSON.
func (s schemas) addFields(schema *spec.Schema, t reflect.Type) {
	docs := swaggerDoc(t)
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
			continue
		case name == "" && f.Anonymous:
			s.addFields(schema, indirect(f.Type))
			continue
		case name == "":
			name = f.Name
		}
		model := modelName(t) + "." + name
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		if schema.Properties == nil {
			schema.Properties = map[string]spec.Schema{}
		}
		schema.Properties[name] = *s.field(f, model, docs[name], optional)
		if isRequired(model, optional) {
			schema.Required = append(schema.Required, name)
		}
	}
}

// field is the schema of one property. What refers to another schema says the rest beside an allOf, since nothing may
// stand beside a $ref itself.
func (s schemas) field(f reflect.StructField, model, description string, optional bool) *spec.Schema {
	schema := s.of(f.Type)
	if schema.Ref.String() != "" {
		schema = &spec.Schema{SchemaProps: spec.SchemaProps{AllOf: []spec.Schema{*schema}}}
	}
	schema.Description = description
	schema.Default = defaultOf(f.Type, model, optional)
	if kind := indirect(f.Type).Kind(); kind == reflect.Slice && schema.Format == "" {
		addListType(schema, f, model)
	}
	addMapType(schema, model)
	return schema
}

// defaultOf is what a field has when it is left out: what a +default marker says, the empty object for an embedded
// struct, the zero value for what is always sent.
func defaultOf(t reflect.Type, model string, optional bool) any {
	if value, ok := defaults[marked(model)]; ok {
		return value
	}
	if t.Kind() == reflect.Struct && !describesItself(t) && t.NumField() > 0 && !isOpaque(t) {
		return map[string]any{}
	}
	if p, ok := primitives[t.Kind()]; ok && !optional {
		return p.zero
	}
	return nil
}

// isOpaque says whether t holds JSON of any form, as RawExtension and FieldsV1 do.
func isOpaque(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[interface{ MarshalJSON() ([]byte, error) }]())
}

// addListType says how a list is merged, by the struct tags of strategic merge patches and, where these do not say, by
// the tables of markers.go. A list that nothing is said of is replaced as a whole.
func addListType(schema *spec.Schema, f reflect.StructField, model string) {
	strategy, key := f.Tag.Get("patchStrategy"), f.Tag.Get("patchMergeKey")
	if strategy != "" {
		extend(schema, "x-kubernetes-patch-strategy", strategy)
	}
	if key != "" {
		extend(schema, "x-kubernetes-patch-merge-key", key)
	}
	if untypedLists[marked(model)] || strings.HasSuffix(model, "List.items") {
		return
	}
	keys, listType := listMapKeys[marked(model)], "atomic"
	if keys == nil && key != "" {
		keys = []string{key}
	}
	switch {
	case atomicLists[marked(model)]:
	case keys != nil:
		listType = "map"
		extend(schema, "x-kubernetes-list-map-keys", keys)
	case strategy == "merge" || setLists[marked(model)]:
		listType = "set"
	}
	extend(schema, "x-kubernetes-list-type", listType)
}

// addMapType says whether a struct or map is merged as a whole, where the tables of markers.go know.
func addMapType(schema *spec.Schema, model string) {
	if mapType := mapTypes[marked(model)]; mapType != "" {
		extend(schema, "x-kubernetes-map-type", mapType)
	}
}

// isRequired goes by the JSON tag, and by markers where these say otherwise.
func isRequired(model string, optional bool) bool {
	if optional {
		return markedRequired[marked(model)]
	}
	return !markedOptional[marked(model)]
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
