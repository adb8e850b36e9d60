package types

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The details that many rules share, worded as the API server words them.
const (
	notNegative  = "must be greater than or equal to 0"
	notPositive  = "must be greater than zero"
	oneKind      = "may not specify more than 1 volume type"
	relativePath = "must be a relative path"
)

// report collects what is wrong, in the order of discovery.
type report struct{ errors field.ErrorList }

func (r *report) add(list ...*field.Error) { r.errors = append(r.errors, list...) }

func (r *report) required(at *field.Path, detail string) { r.add(field.Required(at, detail)) }

func (r *report) forbidden(at *field.Path, detail string) { r.add(field.Forbidden(at, detail)) }

func (r *report) invalid(at *field.Path, value any, detail string) {
	r.add(field.Invalid(at, value, detail))
}

// messages adds one error for each message that a check of apimachinery returned.
func (r *report) messages(at *field.Path, value any, messages []string) {
	for _, m := range messages {
		r.invalid(at, value, m)
	}
}

// present reports whether value is set, and that it is required if not.
func (r *report) present(at *field.Path, value string) bool {
	if value == "" {
		r.required(at, "")
	}
	return value != ""
}

func (r *report) nonNegative(at *field.Path, value int64) {
	if value < 0 {
		r.invalid(at, value, notNegative)
	}
}

// oneOf wants value to be one of some, which the error lists in the order given.
func oneOf[T ~string](r *report, at *field.Path, value T, some ...T) {
	if !slices.Contains(some, value) {
		r.add(field.NotSupported(at, value, some))
	}
}

// oneOfOrRequired is oneOf for a field whose empty value is reported as missing.
func oneOfOrRequired[T ~string](r *report, at *field.Path, value T, some ...T) {
	if value == "" {
		r.required(at, "")
		return
	}
	oneOf(r, at, value, some...)
}

// sortedKeys are the keys of a map in order: the server's errors about maps come in random order, ours do not.
func sortedKeys[M ~map[K]V, K ~string, V any](m M) []K { return slices.Sorted(maps.Keys(m)) }
