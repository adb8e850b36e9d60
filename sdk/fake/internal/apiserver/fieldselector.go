package apiserver

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/fields"
	operators "k8s.io/apimachinery/pkg/selection"
)

// customFields is a field selector for a kind whose definition says what may be selected by. Its zero value selects everything.
type customFields []customTerm

type customTerm struct {
	get   func(store.Object) string
	value string
	not   bool
}

func newCustomFields(r *registry.Resource, text string) (customFields, error) {
	parsed, err := fields.ParseSelector(text)
	if err != nil {
		return nil, err
	}
	var terms customFields
	for _, q := range parsed.Requirements() {
		get := fieldOf(r, q.Field)
		if get == nil {
			return nil, fmt.Errorf("field label not supported: %s", q.Field)
		}
		terms = append(terms, customTerm{get, q.Value, q.Operator == operators.NotEquals})
	}
	return terms, nil
}

func fieldOf(r *registry.Resource, name string) func(store.Object) string {
	switch {
	case name == "metadata.name":
		return func(obj store.Object) string { return obj.GetName() }
	case name == "metadata.namespace" && r.Namespaced:
		return func(obj store.Object) string { return obj.GetNamespace() }
	}
	return r.Selectable[name]
}

func (f customFields) matches(obj store.Object) bool {
	for _, t := range f {
		if (t.get(obj) == t.value) == t.not {
			return false
		}
	}
	return true
}
