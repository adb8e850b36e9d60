package selector

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/selection"
)

// A FieldSelector selects objects of one kind by the few fields of theirs that an API server looks at, as kubectl's
// --field-selector does. It is immutable and safe for concurrent use. The zero value selects everything.
//
// What differs from labels: a field is always there, so a!=b and a= are met by one that is empty.
type FieldSelector struct {
	from  fields.Selector // nil for everything
	terms []fieldTerm
}

// fieldTerm wants one field to have a value, or not to.
type fieldTerm struct {
	get   fieldGetter
	value string
	not   bool
}

// ParseFields reads a field selector for objects of a kind of core/v1, such as status.phase=Running,spec.nodeName!=, with
// the errors of an API server: of fields.ParseSelector for the syntax, and of the kind's own conversion for a field that it
// does not have. Jobs have their status.successful if the program imports package types/workloads. Objects of other kinds have
// a name and a namespace.
func ParseFields(kind schema.GroupVersionKind, text string) (FieldSelector, error) {
	parsed, err := fields.ParseSelector(text)
	if err != nil {
		return FieldSelector{}, err
	}
	row, known := fieldsOf(kind)
	converted, err := parsed.Transform(func(label, value string) (string, string, error) {
		if name, ok := row.aliases[label]; ok {
			label = name
		}
		switch {
		case known && row.fields[label] == nil:
			return "", "", fmt.Errorf(row.unknown, label)
		case !known && metadata[label] == nil:
			return "", "", fmt.Errorf("%q is not a known field selector: only %q, %q", label, fieldName, fieldNamespace)
		}
		return label, value, nil
	})
	if err != nil {
		return FieldSelector{}, err
	}
	if !known {
		row.fields = metadata
	}
	s := FieldSelector{from: converted}
	for _, r := range converted.Requirements() {
		s.terms = append(s.terms, fieldTerm{row.fields[r.Field], r.Value, r.Operator == selection.NotEquals})
	}
	return s, nil
}

// Matches reports whether obj, of the kind that s was parsed for and of its type in k8s.io/api, is selected. It panics for an
// object of another type.
func (s FieldSelector) Matches(obj metav1.Object) bool {
	for i := range s.terms {
		t := &s.terms[i]
		if (t.get(obj) == t.value) == t.not {
			return false
		}
	}
	return true
}

// IsEmpty reports whether s selects everything because it has no terms.
func (s FieldSelector) IsEmpty() bool { return len(s.terms) == 0 }

// RequiresExact returns the one value that s wants a field to have.
func (s FieldSelector) RequiresExact(field string) (value string, ok bool) {
	if s.from == nil {
		return "", false
	}
	return s.from.RequiresExactMatch(field)
}

// String returns s as ParseFields reads it, the terms in order and old names of fields replaced by new ones. It is "" for everything.
func (s FieldSelector) String() string {
	if s.from == nil {
		return ""
	}
	return s.from.String()
}
