package crd

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func requiredNames(spec *apiextensions.CustomResourceDefinitionSpec, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, n := range []struct{ field, value string }{
		{"plural", spec.Names.Plural}, {"singular", spec.Names.Singular}, {"kind", spec.Names.Kind}, {"listKind", spec.Names.ListKind},
	} {
		if n.value == "" {
			errs = append(errs, field.Required(path.Child("names", n.field), ""))
		}
	}
	return errs
}

func namesErrors(names *apiextensions.CustomResourceDefinitionNames, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	label := func(at *field.Path, shown, name, prefix string) {
		if problems := validation.IsDNS1035Label(name); name != "" && len(problems) > 0 {
			errs = append(errs, field.Invalid(at, shown, prefix+strings.Join(problems, ",")))
		}
	}
	label(path.Child("plural"), names.Plural, names.Plural, "")
	label(path.Child("singular"), names.Singular, names.Singular, "")
	label(path.Child("kind"), names.Kind, strings.ToLower(names.Kind), textMixedCase)
	label(path.Child("listKind"), names.ListKind, strings.ToLower(names.ListKind), textMixedCase)
	for i, name := range names.ShortNames {
		if problems := validation.IsDNS1035Label(name); len(problems) > 0 {
			errs = append(errs, field.Invalid(path.Child("shortNames").Index(i), name, strings.Join(problems, ",")))
		}
	}
	if names.Kind != "" && names.Kind == names.ListKind {
		errs = append(errs, field.Invalid(path.Child("listKind"), names.ListKind, "kind and listKind may not be the same"))
	}
	for i, name := range names.Categories {
		if problems := validation.IsDNS1035Label(name); len(problems) > 0 {
			errs = append(errs, field.Invalid(path.Child("categories").Index(i), name, strings.Join(problems, ",")))
		}
	}
	return errs
}

var (
	columnTypes   = []string{"boolean", "date", "integer", "number", "string"}
	columnFormats = []string{"byte", "date", "date-time", "double", "float", "int32", "int64", "password"}
)

func columnsErrors(columns []apiextensions.CustomResourceColumnDefinition, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, col := range columns {
		errs = append(errs, columnErrors(col, path.Child("additionalPrinterColumns").Index(i))...)
	}
	return errs
}

func columnErrors(col apiextensions.CustomResourceColumnDefinition, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if col.Name == "" {
		errs = append(errs, field.Required(path.Child("name"), ""))
	}
	oneOfTypes := "must be one of " + strings.Join(columnTypes, ",")
	switch {
	case col.Type == "":
		errs = append(errs, field.Required(path.Child("type"), oneOfTypes))
	case !slices.Contains(columnTypes, col.Type):
		errs = append(errs, field.Invalid(path.Child("type"), col.Type, oneOfTypes))
	}
	if col.Format != "" && !slices.Contains(columnFormats, col.Format) {
		errs = append(errs, field.Invalid(path.Child("format"), col.Format, "must be one of "+strings.Join(columnFormats, ",")))
	}
	return append(errs, pathErrors(col.JSONPath, path.Child("JSONPath"))...)
}

// pathErrors want a path of names with dots before them.
func pathErrors(text string, path *field.Path) field.ErrorList {
	switch {
	case text == "":
		return field.ErrorList{field.Required(path, "")}
	case text[0] != '.':
		return field.ErrorList{field.Invalid(path, text, "must be a simple json path starting with .")}
	}
	return nil
}

func subresourceErrors(s *apiextensions.CustomResourceSubresources, path *field.Path) field.ErrorList {
	if s == nil || s.Scale == nil {
		return nil
	}
	errs := underErrors(s.Scale.SpecReplicasPath, path.Child("scale.specReplicasPath"), "should be a json path under .spec", ".spec.")
	errs = append(errs, underErrors(s.Scale.StatusReplicasPath, path.Child("scale.statusReplicasPath"), "should be a json path under .status", ".status.")...)
	if selector := s.Scale.LabelSelectorPath; selector != nil && *selector != "" {
		errs = append(errs, underErrors(*selector, path.Child("scale.labelSelectorPath"), "should be a json path under either .spec or .status", ".spec.", ".status.")...)
	}
	return errs
}

func underErrors(text string, path *field.Path, problem string, parents ...string) field.ErrorList {
	if errs := pathErrors(text, path); len(errs) > 0 {
		return errs
	}
	if !slices.ContainsFunc(parents, func(p string) bool { return strings.HasPrefix(text, p) }) {
		return field.ErrorList{field.Invalid(path, text, problem)}
	}
	return nil
}

const mostSelectable = 8

// selectableErrors want every field that can be selected by to be one of the schema's. without is what is said if there is none.
func selectableErrors(fields []apiextensions.SelectableField, v *apiextensions.CustomResourceValidation, path *field.Path, without string) field.ErrorList {
	at := path.Child("selectableFields")
	if v == nil || v.OpenAPIV3Schema == nil {
		return field.ErrorList{field.Invalid(at, "", without)}
	}
	s, err := structuralschema.NewStructural(v.OpenAPIV3Schema)
	if err != nil {
		return field.ErrorList{field.Invalid(path.Child("schema.openAPIV3Schema"), "", err.Error())}
	}
	var errs field.ErrorList
	seen := map[string]bool{}
	for i, f := range fields {
		at := at.Index(i).Child("jsonPath")
		if f.JSONPath == "" {
			errs = append(errs, field.Required(at, ""))
			continue
		}
		found, leaf, err := fieldPath(f.JSONPath, s, false)
		if err != nil {
			errs = append(errs, field.Invalid(at, f.JSONPath, fmt.Sprintf("is an invalid path: %v", err)))
			continue
		}
		if found.Root().String() == propertyMetadata {
			errs = append(errs, field.Invalid(at, f.JSONPath, "must not point to fields in metadata"))
		}
		if !slices.Contains([]string{"string", "boolean", "integer"}, leaf.Type) {
			errs = append(errs, field.Invalid(at, f.JSONPath, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."))
		}
		if seen[found.String()] {
			errs = append(errs, field.Duplicate(at, f.JSONPath))
		}
		seen[found.String()] = true
	}
	if len(seen) > mostSelectable {
		errs = append(errs, field.TooMany(at, len(seen), mostSelectable))
	}
	return errs
}

// conversionErrors hold what is said of a conversion webhook to the rules, although none is ever called here.
func conversionErrors(c *apiextensions.CustomResourceConversion, path *field.Path) field.ErrorList {
	if c == nil {
		return nil
	}
	errs := oneOf(path.Child("strategy"), string(c.Strategy), []string{string(apiextensions.NoneConverter), string(apiextensions.WebhookConverter)})
	config, reviews := path.Child("webhookClientConfig"), path.Child("conversionReviewVersions")
	if c.Strategy != apiextensions.WebhookConverter {
		if c.WebhookClientConfig != nil {
			errs = append(errs, field.Forbidden(config, "should not be set when strategy is not set to Webhook"))
		}
		if len(c.ConversionReviewVersions) > 0 {
			errs = append(errs, field.Forbidden(reviews, "should not be set when strategy is not set to Webhook"))
		}
		return errs
	}
	switch w := c.WebhookClientConfig; {
	case w == nil:
		errs = append(errs, field.Required(config, "required when strategy is set to Webhook"))
	case (w.URL == nil) == (w.Service == nil):
		errs = append(errs, field.Required(config, "exactly one of url or service is required"))
	}
	return append(errs, reviewErrors(c.ConversionReviewVersions, reviews)...)
}

func reviewErrors(versions []string, path *field.Path) field.ErrorList {
	if len(versions) == 0 {
		return field.ErrorList{field.Required(path, "")}
	}
	var errs field.ErrorList
	for i, v := range versions {
		if slices.Contains(versions[:i], v) {
			errs = append(errs, field.Invalid(path.Index(i), v, "duplicate version"))
			continue
		}
		for _, problem := range validation.IsDNS1035Label(v) {
			errs = append(errs, field.Invalid(path.Index(i), v, problem))
		}
	}
	if !slices.Contains(versions, "v1") && !slices.Contains(versions, "v1beta1") {
		errs = append(errs, field.Invalid(path, versions, "must include at least one of v1, v1beta1"))
	}
	return errs
}
