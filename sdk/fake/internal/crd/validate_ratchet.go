package crd

import (
	"reflect"

	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
)

// ratchet is a validator that forgives what was so before: errors of a value that an update does not change are none. It goes down the
// object beside its old state, as ratchetingValueValidator does.
type ratchet struct {
	schema  *spec.Schema
	root    any
	path    string
	formats strfmt.Registry
	options []validate.Option

	correlated *common.CorrelatedObject
}

// Validate implements validate.ValueValidator.
func (r *ratchet) Validate(value any) *validate.Result {
	options := append([]validate.Option{func(o *validate.SchemaValidatorOptions) {
		o.NewValidatorForField, o.NewValidatorForIndex = r.field, r.index
	}}, r.options...)
	result := validate.NewSchemaValidator(r.schema, r.root, r.path, r.formats, options...).Validate(value)
	if result.IsValid() || !r.correlated.CachedDeepEqual() {
		return result
	}
	forgiven := &validate.Result{}
	forgiven.MergeAsWarnings(result)
	return forgiven
}

// field validates a field. The version and kind of the object itself are the same in both states whatever was sent.
func (r *ratchet) field(name string, s *spec.Schema, root any, path string, formats strfmt.Registry, options ...validate.Option) validate.ValueValidator {
	if r.path == "" && (name == "apiVersion" || name == "kind") {
		return validate.NewSchemaValidator(s, root, path, formats, options...)
	}
	return below(r.correlated.Key(name), s, root, path, formats, options)
}

func (r *ratchet) index(i int, s *spec.Schema, root any, path string, formats strfmt.Registry, options ...validate.Option) validate.ValueValidator {
	return below(r.correlated.Index(i), s, root, path, formats, options)
}

// below validates a part of a value, which may have no old state.
func below(c *common.CorrelatedObject, s *spec.Schema, root any, path string, formats strfmt.Registry, options []validate.Option) validate.ValueValidator {
	if c == nil {
		return validate.NewSchemaValidator(s, root, path, formats, options...)
	}
	return &ratchet{s, root, path, formats, options, c}
}

// SetPath implements validate.ValueValidator. Nobody calls it.
func (r *ratchet) SetPath(path string) { r.path = path }

// Applies implements validate.ValueValidator.
func (r *ratchet) Applies(any, reflect.Kind) bool { return true }
