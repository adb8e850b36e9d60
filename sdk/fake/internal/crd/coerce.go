package crd

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"
)

// Coerce does to an object what reading into a Go struct does for other kinds, as unstructuredSchemaCoercer does: fields that the kind
// does not have go and are named, metadata has the types of metadata. An error says that it has not.
func (v *Version) Coerce(obj store.Object) ([]string, error) {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return nil, fmt.Errorf("a %T is no object of a kind without a Go type", obj)
	}
	meta, unknown, err := metadataOf(u.Object, nil)
	if err != nil {
		return nil, err
	}
	unknown = append(unknown, v.prune(u.Object)...)
	embedded, ferr := coerceEmbedded(nil, u.Object, v.structural)
	if ferr != nil {
		return nil, ferr
	}
	if meta != nil {
		if err := setMetadata(u.Object, meta); err != nil {
			return nil, err
		}
	}
	return append(unknown, embedded...), nil
}

// prune removes the fields that the schema does not have, and the nulls that it does not allow. It returns the paths of the former.
func (v *Version) prune(obj map[string]any) []string {
	var unknown []string
	if !v.kind.Definition.Spec.PreserveUnknownFields {
		unknown = pruning.PruneWithOptions(obj, v.structural, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
		dropNulls(obj, v.structural)
	}
	return unknown
}

// metadataOf reads the metadata of an object, and names the fields in it that metadata does not have. It is nil where there is none.
func metadataOf(obj map[string]any, path *field.Path) (*metav1.ObjectMeta, []string, error) {
	raw, ok := obj["metadata"]
	if !ok {
		return nil, nil, nil
	}
	data, err := json.Marshal(raw)
	if err != nil {
		return nil, nil, err
	}
	meta := &metav1.ObjectMeta{}
	strict, err := kjson.UnmarshalStrict(data, meta)
	if err != nil {
		return nil, nil, err
	}
	var unknown []string
	for _, e := range strict {
		if at, ok := e.(kjson.FieldError); ok {
			unknown = append(unknown, path.Child("metadata").String()+"."+at.FieldPath())
		}
	}
	return meta, unknown, nil
}

func setMetadata(obj map[string]any, meta *metav1.ObjectMeta) error {
	m, err := runtime.DefaultUnstructuredConverter.ToUnstructured(meta)
	if err != nil {
		return err
	}
	if meta.CreationTimestamp.IsZero() {
		delete(m, "creationTimestamp")
	}
	obj["metadata"] = m
	return nil
}

// coerceEmbedded does for x-kubernetes-embedded-resource what coerce does for the object around it, as CoerceWithOptions does.
func coerceEmbedded(path *field.Path, x any, s *structuralschema.Structural) ([]string, *field.Error) {
	if s == nil {
		return nil, nil
	}
	var unknown []string
	inside := func(path *field.Path, x any, s *structuralschema.Structural) *field.Error {
		more, err := coerceEmbedded(path, x, s)
		unknown = append(unknown, more...)
		return err
	}
	switch x := x.(type) {
	case map[string]any:
		if s.XEmbeddedResource {
			more, err := coerceResource(path, x)
			if unknown = append(unknown, more...); err != nil {
				return nil, err
			}
		}
		for _, name := range sortedKeys(x) {
			if err := inside(pathOf(path, s, name), x[name], propertyOf(s, name)); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range x {
			if err := inside(path.Index(i), x[i], s.Items); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(unknown)
	return unknown, nil
}

func coerceResource(path *field.Path, x map[string]any) ([]string, *field.Error) {
	for _, name := range []string{"apiVersion", "kind"} {
		if value, found := x[name]; found {
			if _, ok := value.(string); !ok {
				return nil, field.Invalid(path.Child(name), value, "must be a string")
			}
		}
	}
	meta, unknown, err := metadataOf(x, path)
	if err == nil && meta != nil {
		err = setMetadata(x, meta)
	}
	if err != nil {
		return nil, field.Invalid(path.Child("metadata"), x["metadata"], err.Error())
	}
	return unknown, nil
}

// pathOf is the path of a field, which is a key where the schema has no such property.
func pathOf(path *field.Path, s *structuralschema.Structural, name string) *field.Path {
	if _, ok := s.Properties[name]; !ok && s.AdditionalProperties != nil {
		return path.Key(name)
	}
	return path.Child(name)
}
