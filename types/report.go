package types

import (
	"github.com/podwright/podwright/types/internal/check"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The details that many rules share, worded as the API server words them.
const (
	notPositive  = check.NotPositive
	oneKind      = "may not specify more than 1 volume type"
	relativePath = "must be a relative path"
)

// report is what is wrong with an object, and has the rules of the kinds of this package as its methods.
type report struct{ check.Report }

func oneOf[T ~string](r *report, at *field.Path, value T, some ...T) {
	check.OneOf(&r.Report, at, value, some...)
}

func oneOfOrRequired[T ~string](r *report, at *field.Path, value T, some ...T) {
	check.OneOfOrRequired(&r.Report, at, value, some...)
}

// internal is how the server prints its own form of an API struct.
func internal(v any) check.Internal { return check.Internal{V: v} }

func sortedKeys[M ~map[K]V, K ~string, V any](m M) []K { return check.SortedKeys(m) }
