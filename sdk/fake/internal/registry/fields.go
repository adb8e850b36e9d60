package registry

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/fields"
)

// The field labels that every kind has.
const (
	fieldName      = "metadata.name"
	fieldNamespace = "metadata.namespace"
)

// FieldSelector parses a field selector and refuses labels that the resource does not have, as the conversions of
// field labels in k8s.io/kubernetes word it.
func (r *Resource) FieldSelector(text string) (fields.Selector, error) {
	selector, err := fields.ParseSelector(text)
	if err != nil {
		return nil, err
	}
	for _, q := range selector.Requirements() {
		if q.Field == fieldName || q.Field == fieldNamespace || r.Fields[q.Field] != nil {
			continue
		}
		if r.Fields == nil {
			return nil, fmt.Errorf("%q is not a known field selector: only %q, %q", q.Field, fieldName, fieldNamespace)
		}
		return nil, fmt.Errorf("field label not supported: %s", q.Field)
	}
	return selector, nil
}

// FieldsOf is how a field selector sees obj. Values are taken only when they are asked for.
func (r *Resource) FieldsOf(obj store.Object) fields.Fields { return objectFields{r, obj} }

type objectFields struct {
	resource *Resource
	obj      store.Object
}

// Has says whether the label exists, whatever its value.
func (f objectFields) Has(label string) bool {
	return label == fieldName || label == fieldNamespace || f.resource.Fields[label] != nil
}

// Get returns the value of a label, "" for one that does not exist.
func (f objectFields) Get(label string) string {
	switch label {
	case fieldName:
		return f.obj.GetName()
	case fieldNamespace:
		return f.obj.GetNamespace()
	}
	if get := f.resource.Fields[label]; get != nil {
		return get(f.obj)
	}
	return ""
}
