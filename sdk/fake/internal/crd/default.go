package crd

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// SetDefaults fills in what the schema says that an object has when it is left out.
func (v *Version) SetDefaults(obj store.Object) {
	if u, ok := obj.(*unstructured.Unstructured); ok {
		fill(u.Object, v.structural)
	}
}

// fill sets the defaults of s in x, and those of what it sets, as structural-schema defaulting does. A null where the schema allows
// none is as good as nothing.
func fill(x any, s *structuralschema.Structural) {
	if s == nil {
		return
	}
	switch x := x.(type) {
	case map[string]any:
		for name, p := range s.Properties {
			if value, found := x[name]; p.Default.Object != nil && (!found || value == nil && !p.Nullable) {
				x[name] = runtime.DeepCopyJSONValue(p.Default.Object)
			}
		}
		for name := range x {
			p := propertyOf(s, name)
			if x[name] == nil && hasDefault(p) && !p.Nullable {
				x[name] = runtime.DeepCopyJSONValue(p.Default.Object)
			}
			fill(x[name], p)
		}
	case []any:
		for i := range x {
			if x[i] == nil && hasDefault(s.Items) && !s.Items.Nullable {
				x[i] = runtime.DeepCopyJSONValue(s.Items.Default.Object)
			}
			fill(x[i], s.Items)
		}
	}
}

func hasDefault(s *structuralschema.Structural) bool { return s != nil && s.Default.Object != nil }

// propertyOf is the schema of a field, or nil.
func propertyOf(s *structuralschema.Structural, name string) *structuralschema.Structural {
	if s == nil {
		return nil
	}
	if p, ok := s.Properties[name]; ok {
		return &p
	}
	if s.AdditionalProperties != nil {
		return s.AdditionalProperties.Structural
	}
	return nil
}

// dropNulls removes the nulls that the schema does not allow and has no default for, as PruneNonNullableNullsWithoutDefaults does.
func dropNulls(x any, s *structuralschema.Structural) {
	switch x := x.(type) {
	case map[string]any:
		for name, value := range x {
			p := propertyOf(s, name)
			if value == nil && p != nil && !p.Nullable && p.Default.Object == nil {
				delete(x, name)
				continue
			}
			dropNulls(value, p)
		}
	case []any:
		var items *structuralschema.Structural
		if s != nil {
			items = s.Items
		}
		for i := range x {
			dropNulls(x[i], items)
		}
	}
}

// pruneDefaults takes out of the defaults in s what the schema does not know.
func pruneDefaults(s *structuralschema.Structural) {
	visitor := structuralschema.Visitor{Structural: func(s *structuralschema.Structural) bool {
		if s.Default.Object == nil {
			return false
		}
		pruning.Prune(s.Default.Object, s, s.XEmbeddedResource)
		return true
	}}
	visitor.Visit(s)
}
