package sdk

import (
	"errors"
	"fmt"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
)

// Object is a pointer to any API object that the client's scheme knows, such as *corev1.Pod.
type Object interface {
	metav1.Object
	runtime.Object
}

var errUnstructured = errors.New("unstructured objects are not supported; register a typed struct by WithScheme, or use client-go's dynamic client")

// gvkOf returns the kind under which the scheme knows obj, whatever obj's own TypeMeta says.
func (s *shared) gvkOf(obj runtime.Object) (schema.GroupVersionKind, error) {
	if v := reflect.ValueOf(obj); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return schema.GroupVersionKind{}, errors.New("object is nil")
	}
	if _, ok := obj.(runtime.Unstructured); ok {
		return schema.GroupVersionKind{}, errUnstructured
	}
	gvks, _, err := s.scheme.ObjectKinds(obj)
	if err != nil {
		return schema.GroupVersionKind{}, fmt.Errorf("%w; register the type by WithScheme", err)
	}
	for _, gvk := range gvks { // a type in several groups: the object may say which
		if gvk == obj.GetObjectKind().GroupVersionKind() {
			return gvk, nil
		}
	}
	return gvks[0], nil
}

// fill puts the answer of a request into obj, with its kind. What obj held before is gone, also
// where the answer omits a field; if the request fails, obj is as it was.
func fill(result rest.Result, gvk schema.GroupVersionKind, obj runtime.Object) error {
	fresh := reflect.New(reflect.TypeOf(obj).Elem())
	answer := fresh.Interface().(runtime.Object)
	if err := result.Into(answer); err != nil {
		return err
	}
	answer.GetObjectKind().SetGroupVersionKind(gvk)
	reflect.ValueOf(obj).Elem().Set(fresh.Elem())
	return nil
}

// assign copies what from holds into to if both are pointers to the same type.
func assign(to, from any) {
	t, f := reflect.ValueOf(to), reflect.ValueOf(from)
	if t.Type() == f.Type() && t.Kind() == reflect.Pointer && t.Pointer() != f.Pointer() {
		t.Elem().Set(f.Elem())
	}
}

// namespaceOf returns the namespace to work in for an object of kind k: the object's own, else the
// client's; none for kinds that have no namespace.
func (c *Client) namespaceOf(k kind, own string) string {
	switch {
	case !k.namespaced:
		return ""
	case own != "":
		return own
	}
	return c.namespace
}
