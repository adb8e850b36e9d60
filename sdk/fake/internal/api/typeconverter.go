package api

import (
	"fmt"
	"sync"

	fakeschema "github.com/podwright/podwright/sdk/fake/internal/schema"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	smdschema "sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// typeConverter is the managedfields.TypeConverter of all kinds and clusters: it gives an object the type that says how
// it merges. Upstream's NewSchemeTypeConverter does the same from a schema that it parses first.
//
// It does not hold Go structs against the schema, which was made from their types: that would be half the cost of a
// write. What a client applies is a map, and is held against it.
type typeConverter struct {
	parser typed.Parser
	kinds  sync.Map // of schema.GroupVersionKind to *typed.ParseableType
}

var converter = &typeConverter{parser: typed.Parser{Schema: smdschema.Schema{Types: fakeschema.Types}}}

// ObjectToTyped is the first step of every write.
func (c *typeConverter) ObjectToTyped(obj runtime.Object, opts ...typed.ValidationOptions) (*typed.TypedValue, error) {
	t := c.typeOf(obj.GetObjectKind().GroupVersionKind())
	if u, ok := obj.(runtime.Unstructured); ok {
		return t.FromUnstructured(u.UnstructuredContent(), opts...)
	}
	v, err := value.NewValueReflect(obj)
	if err != nil {
		return nil, fmt.Errorf("api: reading a %T: %w", obj, err)
	}
	return typed.AsTypedUnvalidated(v, t.Schema, t.TypeRef), nil
}

// TypedToObject makes a map of a value, which is never a struct.
func (c *typeConverter) TypedToObject(v *typed.TypedValue) (runtime.Object, error) {
	content, ok := v.AsValue().Unstructured().(map[string]any)
	if !ok {
		return nil, fmt.Errorf("api: what was merged is a %T, but must be an object", v.AsValue().Unstructured())
	}
	return &unstructured.Unstructured{Object: content}, nil
}

// deduced is the type of kinds that have none: every list is replaced as a whole, as NewDeducedTypeConverter has it.
const deduced = "__untyped_deduced_"

func (c *typeConverter) typeOf(kind schema.GroupVersionKind) *typed.ParseableType {
	if known, ok := c.kinds.Load(kind); ok {
		return known.(*typed.ParseableType)
	}
	t := c.parser.Type(deduced)
	if name, err := scheme.Scheme.ToOpenAPIDefinitionName(kind); err == nil {
		if named := c.parser.Type(name); named.IsValid() {
			t = named
		}
	}
	known, _ := c.kinds.LoadOrStore(kind, &t)
	return known.(*typed.ParseableType)
}
