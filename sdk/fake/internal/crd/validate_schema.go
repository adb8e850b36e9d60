package crd

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/cel/common"
	openapierrors "k8s.io/kube-openapi/pkg/validation/errors"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
)

// validationSchema is the schema as the validator takes it: what x-kubernetes-int-or-string means said in types, and without the formats
// that nobody checks.
func validationSchema(props *apiextensionsv1.JSONSchemaProps) (*spec.Schema, error) {
	s, err := openAPISchema(props)
	if err != nil {
		return nil, err
	}
	eachSchema(s, func(s *spec.Schema) {
		if yes, ok := s.Extensions.GetBool("x-kubernetes-int-or-string"); ok && yes {
			s.Type = spec.StringOrArray{"integer", "string"}
		}
		if !knownFormat(s.Type, s.Format) {
			s.Format = ""
		}
	})
	return s, nil
}

// openAPISchema is the schema in the type of the OpenAPI libraries.
func openAPISchema(props *apiextensionsv1.JSONSchemaProps) (*spec.Schema, error) {
	data, err := json.Marshal(props)
	if err != nil {
		return nil, fmt.Errorf("encode the schema: %w", err)
	}
	s := &spec.Schema{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return s, nil
}

// eachSchema has change look at s and all schemas in it, the inner ones first.
func eachSchema(s *spec.Schema, change func(*spec.Schema)) {
	if s == nil {
		return
	}
	for name, p := range s.Properties {
		eachSchema(&p, change)
		s.Properties[name] = p
	}
	if s.AdditionalProperties != nil {
		eachSchema(s.AdditionalProperties.Schema, change)
	}
	if s.Items != nil {
		eachSchema(s.Items.Schema, change)
	}
	for _, several := range [][]spec.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for i := range several {
			eachSchema(&several[i], change)
		}
	}
	eachSchema(s.Not, change)
	change(s)
}

// stringFormats are those that the server checks, without dashes, as supportedVersionedFormats lists them.
var stringFormats = strings.Fields(`bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13
	creditcard ssn hexcolor rgbcolor byte password date duration datetime k8sshortname k8slongname`)

func knownFormat(types spec.StringOrArray, format string) bool {
	kind := ""
	if len(types) == 1 {
		kind = types[0]
	}
	switch kind {
	case "", "string":
		return slices.Contains(stringFormats, strings.ReplaceAll(format, "-", ""))
	case "integer":
		return format == "int32" || format == "int64"
	case "number":
		return format == "float" || format == "double"
	}
	return false
}

// schemaErrors hold a value against a schema. Beside its old state, what is wrong but unchanged is left alone.
func schemaErrors(path *field.Path, s *spec.Schema, value any, correlated *common.CorrelatedObject) field.ErrorList {
	var v validate.ValueValidator = validate.NewSchemaValidator(s, nil, "", strfmt.Default)
	if correlated != nil {
		v = &ratchet{s, nil, "", strfmt.Default, nil, correlated}
	}
	var errs field.ErrorList
	for _, err := range v.Validate(value).Errors {
		errs = append(errs, schemaError(path, err))
	}
	return sortedErrors(errs)
}

// sortedErrors puts errors in the order of their paths; the validator walks maps.
func sortedErrors(errs field.ErrorList) field.ErrorList {
	slices.SortStableFunc(errs, func(a, b *field.Error) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Detail, b.Detail))
	})
	return errs
}

// schemaError words an error of the validator as kubeOpenAPIResultToFieldErrors does.
func schemaError(path *field.Path, err error) *field.Error {
	e, ok := err.(*openapierrors.Validation)
	if !ok {
		return field.Invalid(path, "", err.Error())
	}
	if e.Name != "" && e.Name != "." {
		path = path.Child(strings.TrimPrefix(e.Name, "."))
	}
	switch e.Code() {
	case openapierrors.RequiredFailCode:
		return field.Required(path, "")
	case openapierrors.EnumFailCode:
		return field.NotSupported(path, e.Value, enumTexts(e.Values))
	case openapierrors.TooLongFailCode:
		return field.TooLong(path, "", asInt(e.Valid))
	case openapierrors.MaxItemsFailCode, openapierrors.TooManyPropertiesCode:
		return field.TooMany(path, asInt(e.Value), asInt(e.Valid))
	case openapierrors.InvalidTypeCode:
		return field.TypeInvalid(path, orEmpty(e.Value), e.Error())
	}
	return field.Invalid(path, orEmpty(e.Value), e.Error())
}

func enumTexts(values []any) []string {
	texts := []string{}
	for _, v := range values {
		if s, ok := v.(string); ok {
			texts = append(texts, s)
			continue
		}
		text, _ := json.Marshal(v) // it came from JSON
		texts = append(texts, string(text))
	}
	return texts
}

func asInt(v any) int {
	if n, ok := v.(int64); ok {
		return int(n)
	}
	return -1
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}
