package api

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// customTypes is the managedfields.TypeConverter of a kind that a definition describes: the definition says how it merges.
type customTypes struct{ r *registry.Resource }

// ObjectToTyped gives an object the type of its version.
func (c customTypes) ObjectToTyped(obj runtime.Object, opts ...typed.ValidationOptions) (*typed.TypedValue, error) {
	u, ok := obj.(runtime.Unstructured)
	if !ok {
		return nil, fmt.Errorf("api: a %T is no object of a kind without a Go type", obj)
	}
	return c.r.MergeType(obj.GetObjectKind().GroupVersionKind().Version).FromUnstructured(u.UnstructuredContent(), opts...)
}

// TypedToObject makes a map of a value.
func (c customTypes) TypedToObject(v *typed.TypedValue) (runtime.Object, error) {
	return converter.TypedToObject(v)
}

// customIn is an object in another version of its kind, which is one by name only.
func customIn(in runtime.Object, to runtime.GroupVersioner) runtime.Object {
	u, ok := in.(*unstructured.Unstructured)
	if !ok {
		return in
	}
	was := u.GroupVersionKind()
	is, ok := to.KindForGroupVersionKinds([]schema.GroupVersionKind{was, {Group: was.Group, Version: runtime.APIVersionInternal, Kind: was.Kind}})
	if gv, fixed := to.(schema.GroupVersion); fixed {
		is, ok = gv.WithKind(was.Kind), true
	}
	if !ok || is == was {
		return in
	}
	out := u.DeepCopy()
	out.SetGroupVersionKind(is)
	return out
}
