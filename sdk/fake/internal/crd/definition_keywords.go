package crd

import (
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var schemaTypes = []string{"array", "boolean", "integer", "number", "object", "string"}

// keywords refuses what JSON Schema has and Kubernetes does not, as specStandardValidatorV3 does.
func (c *schemaCheck) keywords(s *apiextensions.JSONSchemaProps, path *field.Path, at place) {
	if s.Type != "" && !slices.Contains(schemaTypes, s.Type) {
		c.fail(field.NotSupported(path.Child("type"), s.Type, schemaTypes))
	}
	if s.Default != nil && !at.defaults {
		c.fail(field.Forbidden(path.Child("default"), strings.TrimSpace("must not be set "+at.why)))
	}
	for _, k := range []struct {
		name string
		set  bool
	}{
		{"id", s.ID != ""}, {"additionalItems", s.AdditionalItems != nil}, {"patternProperties", len(s.PatternProperties) > 0},
		{"definitions", len(s.Definitions) > 0}, {"dependencies", s.Dependencies != nil}, {"$ref", s.Ref != nil},
	} {
		if k.set {
			c.fail(field.Forbidden(path.Child(k.name), k.name+" is not supported"))
		}
	}
	if s.Type == "null" {
		c.fail(field.Forbidden(path.Child("type"), "type cannot be set to null, use nullable as an alternative"))
	}
	if s.Items != nil && len(s.Items.JSONSchemas) > 0 {
		c.fail(field.Forbidden(path.Child("items"), "items must be a schema object and not an array"))
	}
	if at.meta && s.XEmbeddedResource {
		c.fail(field.Forbidden(path.Child(extEmbedded), "must not be used inside of resource meta"))
	}
}

const (
	extMapType  = "x-kubernetes-map-type"
	extListType = "x-kubernetes-list-type"
	extListKeys = "x-kubernetes-list-map-keys"
	extRules    = "x-kubernetes-validations"

	textAtomicItem = "must be atomic as item of a list with x-kubernetes-list-type=set"
)

// extensions holds the extensions that say how fields merge to the types that they are for.
func (c *schemaCheck) extensions(s *apiextensions.JSONSchemaProps, path *field.Path) {
	if s.XPreserveUnknownFields != nil && !*s.XPreserveUnknownFields {
		c.fail(field.Invalid(path.Child(extPreserve), false, "must be true or undefined"))
	}
	if s.XMapType != nil {
		c.wantType(s, path, typeObject, "must be object if x-kubernetes-map-type is specified")
		if !slices.Contains([]string{"atomic", "granular"}, *s.XMapType) {
			c.fail(field.NotSupported(path.Child(extMapType), *s.XMapType, []string{"atomic", "granular"}))
		}
	}
	if s.XListType == nil {
		if len(s.XListMapKeys) > 0 {
			c.fail(field.Required(path.Child(extListType), "must be map if x-kubernetes-list-map-keys is non-empty"))
		}
		return
	}
	c.wantType(s, path, "array", "must be array if x-kubernetes-list-type is specified")
	if kinds := []string{"atomic", "set", "map"}; !slices.Contains(kinds, *s.XListType) {
		c.fail(field.NotSupported(path.Child(extListType), *s.XListType, kinds))
	}
	if len(s.XListMapKeys) > 0 && *s.XListType != "map" {
		c.fail(field.Invalid(path.Child(extListType), *s.XListType, "must be map if x-kubernetes-list-map-keys is non-empty"))
	}
}

func (c *schemaCheck) wantType(s *apiextensions.JSONSchemaProps, path *field.Path, want, text string) {
	switch s.Type {
	case want:
	case "":
		c.fail(field.Required(path.Child("type"), text))
	default:
		c.fail(field.Invalid(path.Child("type"), s.Type, text))
	}
}

// listType holds lists that are sets or maps to what makes their items comparable.
func (c *schemaCheck) listType(s *apiextensions.JSONSchemaProps, path *field.Path) {
	if s.XListType == nil {
		return
	}
	var item *apiextensions.JSONSchemaProps
	if s.Items != nil {
		item = s.Items.Schema
	}
	switch *s.XListType {
	case "set":
		c.setItems(item, path.Child("items"))
	case "map":
		c.mapItems(s, item, path)
	default:
		return
	}
	if item != nil && item.Nullable {
		c.fail(field.Forbidden(path.Child("items").Child("nullable"), "cannot be nullable when x-kubernetes-list-type is "+*s.XListType))
	}
}

func (c *schemaCheck) setItems(item *apiextensions.JSONSchemaProps, path *field.Path) {
	if item == nil {
		return
	}
	if item.Type == "array" && item.XListType != nil && *item.XListType != "atomic" {
		c.fail(field.Invalid(path.Child(extListType), item.XListType, textAtomicItem))
	}
	if item.Type == typeObject && (item.XMapType == nil || *item.XMapType != "atomic") {
		c.fail(field.Invalid(path.Child(extMapType), item.XListType, textAtomicItem))
	}
}

func (c *schemaCheck) mapItems(s, item *apiextensions.JSONSchemaProps, path *field.Path) {
	keys, items := path.Child(extListKeys), path.Child("items")
	if len(s.XListMapKeys) == 0 {
		c.fail(field.Required(keys, "must not be empty if x-kubernetes-list-type is map"))
	}
	switch {
	case s.Items == nil:
		c.fail(field.Required(items, "must have a schema if x-kubernetes-list-type is map"))
		return
	case item == nil:
		c.fail(field.Invalid(items, s.Items, "must only have a single schema if x-kubernetes-list-type is map"))
		return
	case item.Type != typeObject:
		c.fail(field.Invalid(items.Child("type"), item.Type, "must be object if parent array's x-kubernetes-list-type is map"))
		return
	}
	for i, key := range s.XListMapKeys {
		if slices.Contains(s.XListMapKeys[:i], key) {
			c.fail(field.Invalid(keys, s.XListMapKeys, "must not contain duplicate entries"))
		}
		p, ok := item.Properties[key]
		at := items.Child("properties").Key(key)
		switch {
		case !ok:
			c.fail(field.Invalid(keys, s.XListMapKeys, "entries must all be names of item properties"))
			continue
		case p.Type == "array" || p.Type == typeObject:
			c.fail(field.Invalid(at.Child("type"), item.Type, "must be a scalar type if parent array's x-kubernetes-list-type is map"))
		}
		if !slices.Contains(item.Required, key) && p.Default == nil {
			c.fail(field.Required(at.Child("default"), "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"))
		}
		if p.Nullable {
			c.fail(field.Forbidden(at.Child("nullable"), "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"))
		}
	}
}
