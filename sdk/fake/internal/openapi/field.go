package openapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/types/facts"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// property is a field of a struct, with what comment markers say of it.
type property struct {
	reflect.StructField
	name   string
	marked bool // the markers of the struct are known
	facts  facts.Field
}

// omits says whether JSON leaves the field out when it is empty.
func (p property) omits() bool {
	_, options, _ := strings.Cut(p.Tag.Get("json"), ",")
	return strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
}

// required goes by markers, and by the JSON tag in structs whose markers nobody has read.
func (p property) required() bool {
	if p.marked {
		return p.facts.Required
	}
	return !p.omits()
}

// addFields adds the fields of struct t to schema; those of embedded structs become its own, as in JSON.
func (s schemas) addFields(schema *spec.Schema, t reflect.Type) {
	docs, known := swaggerDoc(t), facts.Of(t)
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
			continue
		case name == "" && f.Anonymous:
			s.addFields(schema, indirect(f.Type))
			continue
		case name == "":
			name = f.Name
		}
		p := property{f, name, known.Name != "", known.Field(name)}
		if schema.Properties == nil {
			schema.Properties = map[string]spec.Schema{}
		}
		schema.Properties[name] = *s.field(p, docs[name])
		if p.required() {
			schema.Required = append(schema.Required, name)
		}
	}
	if known.Choice {
		addUnion(schema, t, known)
	}
}

// field is the schema of one property. What refers to another schema says the rest beside an allOf, since nothing may
// stand beside a $ref itself.
func (s schemas) field(p property, description string) *spec.Schema {
	schema := s.of(p.Type)
	if schema.Ref.String() != "" {
		schema = &spec.Schema{SchemaProps: spec.SchemaProps{AllOf: []spec.Schema{*schema}}}
	}
	schema.Description = description + possibleValues(schema.Enum)
	schema.Default = defaultOf(p)
	addPatchStrategy(schema, p)
	if kind := indirect(p.Type).Kind(); kind == reflect.Slice && schema.Format == "" {
		addListType(schema, p)
	}
	if p.facts.Map != "" {
		extend(schema, "x-kubernetes-map-type", p.facts.Map)
	}
	return schema
}

// defaultOf is what a field has when it is left out: what a +default marker says, the empty object for an embedded
// struct, the zero value for what is always sent, as mustEnforceDefault of kube-openapi has it. Defaults that only the
// server's code has are not published.
func defaultOf(p property) any {
	if p.facts.Default != "" {
		var value any
		if err := json.Unmarshal([]byte(p.facts.Default), &value); err != nil {
			panic(fmt.Sprintf("openapi: default of %s: %v", p.name, err)) // the table is generated
		}
		return value
	}
	t := p.Type
	if t.Kind() == reflect.Struct && !describesItself(t) && t.NumField() > 0 && !isOpaque(t) {
		return map[string]any{}
	}
	if known, ok := primitives[t.Kind()]; ok && !p.omits() {
		return known.zero
	}
	return nil
}

// isOpaque says whether t holds JSON of any form, as RawExtension and FieldsV1 do.
func isOpaque(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[interface{ MarshalJSON() ([]byte, error) }]())
}

// addPatchStrategy says how a strategic merge patch treats a field: lists may merge, and of structs that are one thing or another all may go
// that the patch does not name. kubectl apply makes its patches by this.
func addPatchStrategy(schema *spec.Schema, p property) {
	if strategy := p.Tag.Get("patchStrategy"); strategy != "" {
		extend(schema, "x-kubernetes-patch-strategy", strategy)
	}
	if key := p.Tag.Get("patchMergeKey"); key != "" {
		extend(schema, "x-kubernetes-patch-merge-key", key)
	}
}

// addListType says how server-side apply merges a list.
func addListType(schema *spec.Schema, p property) {
	listType, keys := p.facts.List, p.facts.Keys
	if !p.marked {
		listType, keys = taggedListType(p)
	}
	if listType != "" {
		extend(schema, "x-kubernetes-list-type", listType)
	}
	if len(keys) > 0 {
		extend(schema, "x-kubernetes-list-map-keys", keys)
	}
}

// taggedListType goes by the struct tags of strategic merge patches, for structs whose markers nobody has read. A list
// that nothing is said of is replaced as a whole.
func taggedListType(p property) (listType string, keys []string) {
	merges, key := p.Tag.Get("patchStrategy") == "merge", p.Tag.Get("patchMergeKey")
	switch {
	case merges && key != "":
		return "map", []string{key}
	case merges:
		return "set", nil
	}
	return "atomic", nil
}

// addUnion says which fields exclude each other, and which one says what is set. Its values are the Go names of the
// others, as parseUnionStruct of kube-openapi takes them.
func addUnion(schema *spec.Schema, t reflect.Type, known facts.Type) {
	union, members := map[string]any{}, map[string]any{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if known.Field(name).Discriminator {
			union["discriminator"] = name
		} else {
			members[name] = t.Field(i).Name
		}
	}
	union["fields-to-discriminateBy"] = members
	extend(schema, "x-kubernetes-unions", []any{union})
}

// enum are the values that a type allows, in the order of kube-openapi's ValueStrings. Values that only the server's
// code insists on are not published.
func enum(t reflect.Type) []any {
	known := facts.Of(t)
	if known.Closed {
		return nil
	}
	var values []any
	for _, v := range slices.Sorted(slices.Values(known.Values)) {
		values = append(values, v)
	}
	return values
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
