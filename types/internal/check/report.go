// Package check is what the rules of all kinds are written with: a list that collects what is wrong, and the rules that every kind
// shares, about metadata, labels, selectors, resources and addresses. The texts are the API server's.
package check

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The details that many rules share, worded as the API server words them.
const (
	NotNegative = "must be greater than or equal to 0"
	NotPositive = "must be greater than zero"
)

// A Report collects what is wrong, in the order of discovery. The zero value is empty.
type Report struct{ Errors field.ErrorList }

// Add adds problems that others have found.
func (r *Report) Add(list ...*field.Error) { r.Errors = append(r.Errors, list...) }

// Required adds that a field is missing; detail may be empty.
func (r *Report) Required(at *field.Path, detail string) { r.Add(field.Required(at, detail)) }

// Forbidden adds that a field may not be set, or not so.
func (r *Report) Forbidden(at *field.Path, detail string) { r.Add(field.Forbidden(at, detail)) }

// Invalid adds that a field has a wrong value.
func (r *Report) Invalid(at *field.Path, value any, detail string) {
	r.Add(field.Invalid(at, value, detail))
}

// Messages adds one error for each message that a check of apimachinery returned.
func (r *Report) Messages(at *field.Path, value any, messages []string) {
	for _, m := range messages {
		r.Invalid(at, value, m)
	}
}

// Present reports whether value is set, and adds that it is required if not.
func (r *Report) Present(at *field.Path, value string) bool {
	if value == "" {
		r.Required(at, "")
	}
	return value != ""
}

// NonNegative wants a number not to be below zero.
func (r *Report) NonNegative(at *field.Path, value int64) {
	if value < 0 {
		r.Invalid(at, value, NotNegative)
	}
}

// Count is NonNegative for a number that may be left out.
func (r *Report) Count(at *field.Path, n *int32) {
	if n != nil {
		r.NonNegative(at, int64(*n))
	}
}

// OneOf wants value to be one of some, which the error lists in the order given.
func OneOf[T ~string](r *Report, at *field.Path, value T, some ...T) {
	if !slices.Contains(some, value) {
		r.Add(field.NotSupported(at, value, some))
	}
}

// OneOfOrRequired is OneOf for a field whose empty value is reported as missing.
func OneOfOrRequired[T ~string](r *Report, at *field.Path, value T, some ...T) {
	if value == "" {
		r.Required(at, "")
		return
	}
	OneOf(r, at, value, some...)
}

// SortedKeys are the keys of a map in order: the server's errors about maps come in random order, ours do not.
func SortedKeys[M ~map[K]V, K ~string, V any](m M) []K { return slices.Sorted(maps.Keys(m)) }
