package crd

import (
	"fmt"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Selectable finds the values of the fields that the definition lets field selectors name. A field that is not there is empty.
func (v *Version) Selectable() map[string]func(store.Object) string {
	fields := map[string]func(store.Object) string{}
	for _, f := range v.Spec.SelectableFields {
		path := fieldsOf(f.JSONPath)
		fields[strings.TrimPrefix(f.JSONPath, ".")] = func(obj store.Object) string {
			value, found, err := unstructured.NestedFieldNoCopy(content(obj), path...)
			if err != nil || !found || value == nil {
				return ""
			}
			return fmt.Sprint(value)
		}
	}
	return fields
}
