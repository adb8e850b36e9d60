package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// place is where in a document something stands: names of fields and numbers of items.
type place []any

// mutated calls try with every document that differs from doc in one place: there something is missing, or another of the given values. A
// document with a list or object of values has all of them tried too.
func mutated(doc any, values []any, try func(name string, doc any)) {
	try("as it is", doc)
	each(doc, nil, func(at place) {
		try(fmt.Sprintf("without %v", at), without(doc, at))
		for _, v := range values {
			try(fmt.Sprintf("with %v = %v", at, v), with(doc, at, v))
		}
	})
}

// each calls f with the place of everything in x but x itself.
func each(x any, at place, f func(place)) {
	inside := func(k, v any) {
		there := append(slices.Clone(at), k)
		f(there)
		each(v, there, f)
	}
	switch x := x.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			inside(k, x[k])
		}
	case []any:
		for i := range x {
			inside(i, x[i])
		}
	}
}

// with returns a copy of x in which value stands at a place.
func with(x any, at place, value any) any {
	if len(at) == 0 {
		return value
	}
	switch k := at[0].(type) {
	case string:
		m := maps.Clone(x.(map[string]any))
		m[k] = with(m[k], at[1:], value)
		return m
	default:
		l := slices.Clone(x.([]any))
		l[k.(int)] = with(l[k.(int)], at[1:], value)
		return l
	}
}

// without returns a copy of x in which nothing stands at a place.
func without(x any, at place) any {
	switch k := at[0].(type) {
	case string:
		m := maps.Clone(x.(map[string]any))
		if len(at) == 1 {
			delete(m, k)
		} else {
			m[k] = without(m[k], at[1:])
		}
		return m
	default:
		l, i := slices.Clone(x.([]any)), k.(int)
		if len(at) == 1 {
			return slices.Delete(l, i, i+1)
		}
		l[i] = without(l[i], at[1:])
		return l
	}
}

// into reads a document as a T, and says whether it is one.
func into[T any](t *testing.T, doc any) (*T, bool) {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	out := new(T)
	return out, json.Unmarshal(data, out) == nil
}

// texts are errors as they are told, in an order of their own: a real server walks maps.
func texts(errs field.ErrorList) []string {
	out := []string{}
	for _, err := range errs {
		out = append(out, err.Error())
	}
	slices.Sort(out)
	return out
}
