package apiserver

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// What the wire does differently for kinds that have no Go type, and of which there may be several versions.

// shown is an edition as the row's version shows it. Where that is another object, that is made once, too: a definition that changes has
// another row.
func shown(r *registry.Resource, e *store.Edition) *store.Edition {
	if r.Show == nil {
		return e
	}
	return e.View(r, r.Show)
}

func shownAll(r *registry.Resource, editions []*store.Edition) []*store.Edition {
	if r.Show == nil {
		return editions
	}
	out := make([]*store.Edition, len(editions))
	for i, e := range editions {
		out[i] = shown(r, e)
	}
	return out
}

// coerce brings a decoded object into the form of its kind. strict is what a strict reader finds wrong with it: the fields that the kind
// does not have, after what the decoder found.
func coerce(r *registry.Resource, obj runtime.Object, decoded error) (strict []error, err error) {
	if runtime.IsStrictDecodingError(decoded) {
		before, _ := runtime.AsStrictDecodingError(decoded)
		strict, decoded = before.Errors(), nil
	}
	o, ok := obj.(store.Object)
	if decoded != nil || !ok || r == nil || r.Coerce == nil {
		return strict, decoded
	}
	unknown, err := r.Coerce(o)
	for _, path := range unknown {
		strict = append(strict, fmt.Errorf("unknown field %q", path))
	}
	return strict, err
}

// wholeNumbers makes integers of the numbers that are, which the YAML reader has as floats: an object without a Go type keeps them as
// they are.
func wholeNumbers(x any) any {
	switch x := x.(type) {
	case map[string]any:
		for k, v := range x {
			x[k] = wholeNumbers(v)
		}
	case []any:
		for i, v := range x {
			x[i] = wholeNumbers(v)
		}
	case float64:
		if n := int64(x); float64(n) == x && n > -1<<53 && n < 1<<53 {
			return n
		}
	}
	return x
}

// checkPatchType refuses patches that the kind cannot take, in the words that a server has for kinds without Go types.
func checkPatchType(r *registry.Resource, kind types.PatchType) error {
	if r == nil || r.PatchTypes == nil || slices.Contains(r.PatchTypes, kind) {
		return nil
	}
	var names []string
	for _, t := range r.PatchTypes {
		names = append(names, string(t))
	}
	return status(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType,
		"the body of the request was in an unknown format - accepted media types include: "+strings.Join(names, ", "))
}

// checkAvailable answers for versions that cannot be had, and warns of those that should not be asked for.
func checkAvailable(w http.ResponseWriter, r *registry.Resource) error {
	if r.Deprecation != "" {
		addWarning(w, r.Deprecation)
	}
	return r.Unavailable
}
