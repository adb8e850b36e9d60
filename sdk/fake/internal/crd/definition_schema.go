package crd

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// rootFields are what the root of a schema may say where the status is a part of its own, by the names that errors list.
var rootFields = strings.Fields(`Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength
	Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations`)

// validationErrors are what is wrong with a schema, as validateCustomResourceDefinitionValidation says.
func validationErrors(v *apiextensions.CustomResourceValidation, status bool, path *field.Path) field.ErrorList {
	if v == nil || v.OpenAPIV3Schema == nil {
		return nil
	}
	var errs field.ErrorList
	_, _ = valid.get([]any{v, status}, func() (struct{}, error) {
		errs = allErrors(v, status, path)
		return struct{}{}, errs.ToAggregate() // of what is wrong nothing is kept
	})
	return errs
}

func allErrors(v *apiextensions.CustomResourceValidation, status bool, path *field.Path) field.ErrorList {
	s, at := v.OpenAPIV3Schema, path.Child("openAPIV3Schema")
	var errs field.ErrorList
	if status {
		errs = append(errs, rootErrors(s, path)...)
	}
	if s.Nullable {
		errs = append(errs, field.Forbidden(path.Child("openAPIV3Schema.nullable"), "nullable cannot be true at the root"))
	}
	check := &schemaCheck{}
	structural, err := structuralschema.NewStructural(s)
	if err == nil {
		more := structuralschema.ValidateStructural(at, structural)
		if len(more) == 0 {
			more = defaultErrors(at, structural)
		}
		errs = append(errs, sortedErrors(more)...)
		check.computed = len(more) == 0
	}
	check.visit(s, at, place{root: true, defaults: true, calls: new(uint64(1))}, check.computed)
	errs = append(errs, sortedErrors(check.errs)...)
	errs = append(errs, check.ruleErrs...)
	if err != nil && len(errs) == 0 {
		errs = append(errs, field.Invalid(at, "", err.Error()))
	}
	errs = append(errs, check.costs.errors(at)...)
	if len(errs) == 0 {
		errs = append(errs, unusable(v, path)...)
	}
	return errs
}

// unusable says why no validator can be made of a schema that breaks no rule.
func unusable(v *apiextensions.CustomResourceValidation, path *field.Path) field.ErrorList {
	out := &apiextensionsv1.CustomResourceValidation{}
	err := apiextensionsv1.Convert_apiextensions_CustomResourceValidation_To_v1_CustomResourceValidation(v, out, nil)
	if err == nil {
		_, err = validationSchema(out.OpenAPIV3Schema)
	}
	if err != nil {
		return field.ErrorList{field.Invalid(path, "", fmt.Sprintf("error building validator: %v", err))}
	}
	return nil
}

// rootErrors tells of the first thing that may not stand at the root.
func rootErrors(s *apiextensions.JSONSchemaProps, path *field.Path) field.ErrorList {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		switch name := v.Type().Field(i).Name; {
		case v.Field(i).IsZero():
		case name == "Type" && s.Type != typeObject:
			return field.ErrorList{field.Invalid(path.Child("openAPIV3Schema.type"), s.Type, `only "object" is allowed as the type at the root of the schema if the status subresource is enabled`)}
		case !slices.Contains(rootFields, name):
			return field.ErrorList{field.Invalid(path.Child("openAPIV3Schema"), *s, fmt.Sprintf("only %v fields are allowed at the root of the schema if the status subresource is enabled", rootFields))}
		}
	}
	return nil
}

// schemaCheck walks a schema. What is wrong with its rules is told after all else.
type schemaCheck struct {
	errs, ruleErrs field.ErrorList
	computed       bool // the rules can be compiled: the schema is fit for it
	costs          costs
}

// place is where in a schema the walk is.
type place struct {
	root     bool
	meta     bool        // inside the metadata of an object
	defaults bool        // defaults are allowed; if not:
	why      string      // the reason
	blind    *field.Path // the first place above where an old value cannot be found any more; nil: it can
	calls    *uint64     // how many values there can be here; nil: nobody knows
}

func (c *schemaCheck) fail(err *field.Error) { c.errs = append(c.errs, err) }

// visit checks s and what is in it. rules says whether rules can stand here, which they cannot in alternatives.
func (c *schemaCheck) visit(s *apiextensions.JSONSchemaProps, path *field.Path, at place, rules bool) {
	if s == nil {
		return
	}
	before := len(c.errs)
	c.keywords(s, path, at)
	if s.UniqueItems {
		c.fail(field.Forbidden(path.Child("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"))
	}
	c.visitMap(s, path, at, rules)
	c.visitProperties(s, path, at, rules)
	c.visitAlternatives(s, path, at)
	c.visitList(s, path, at, rules)
	c.extensions(s, path)
	c.listType(s, path)
	if len(s.XValidations) > 0 {
		c.ruleForms(s, path)
		if rules && len(c.errs) == before {
			c.rulePrograms(s, path, at)
		}
	}
}

func (c *schemaCheck) visitMap(s *apiextensions.JSONSchemaProps, path *field.Path, at place, rules bool) {
	a := s.AdditionalProperties
	if a == nil {
		return
	}
	if len(s.Properties) > 0 && (!a.Allows || a.Schema != nil) {
		c.fail(field.Forbidden(path.Child("additionalProperties"), "additionalProperties and properties are mutual exclusive"))
	}
	inner := at.below(s)
	if at.meta {
		inner.defaults, inner.why = false, "inside additionalProperties applying to object metadata"
	}
	c.visit(a.Schema, path.Child("additionalProperties"), inner, rules)
}

func (c *schemaCheck) visitProperties(s *apiextensions.JSONSchemaProps, path *field.Path, at place, rules bool) {
	for _, name := range sortedKeys(s.Properties) {
		p, inner := s.Properties[name], at.below(s)
		if t := s.XMapType; t != nil && *t != "granular" && *t != "atomic" && inner.blind == nil {
			inner.blind = path
		}
		if (at.root || s.XEmbeddedResource) && slices.Contains([]string{propertyMetadata, propertyKind, propertyVersion}, name) {
			inner.meta = true
			if at.root {
				inner.defaults, inner.why = false, "in top-level "+name
			}
		}
		c.visit(&p, path.Child("properties").Key(name), inner, rules)
	}
}

func (c *schemaCheck) visitAlternatives(s *apiextensions.JSONSchemaProps, path *field.Path, at place) {
	at.root = false
	c.visit(s.Not, path.Child("not"), at, false)
	for _, several := range []struct {
		name    string
		schemas []apiextensions.JSONSchemaProps
	}{{"allOf", s.AllOf}, {"oneOf", s.OneOf}, {"anyOf", s.AnyOf}} {
		for i := range several.schemas {
			c.visit(&several.schemas[i], path.Child(several.name).Index(i), at, false)
		}
	}
}

func (c *schemaCheck) visitList(s *apiextensions.JSONSchemaProps, path *field.Path, at place, rules bool) {
	if s.Items == nil {
		return
	}
	inner := at.below(s)
	if (s.XListType == nil || *s.XListType != "map") && inner.blind == nil {
		inner.blind = path
	}
	c.visit(s.Items.Schema, path.Child("items"), inner, rules)
	for i := range s.Items.JSONSchemas {
		c.visit(&s.Items.JSONSchemas[i], path.Child("items").Index(i), inner, rules)
	}
}

// below is the place of what stands directly in s.
func (at place) below(s *apiextensions.JSONSchemaProps) place {
	at.root = false
	at.calls = multiplied(at.calls, mostElements(s))
	return at
}
