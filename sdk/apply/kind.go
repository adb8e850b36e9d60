package apply

import (
	"errors"
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
)

var (
	errUnstructured = errors.New("unstructured objects are apply configurations already; give them to Apply of client-go's dynamic client")
	errUnknown      = errors.New("client-go's scheme does not know this type; set kind and apiVersion in its TypeMeta")
)

// kindOf returns the kind of an object: the one that client-go's scheme has for its type, which the object must not
// contradict; else the one that the object says.
func kindOf(obj runtime.Object) (schema.GroupVersionKind, error) {
	if _, ok := obj.(runtime.Unstructured); ok {
		return schema.GroupVersionKind{}, errUnstructured
	}
	says := obj.GetObjectKind().GroupVersionKind()
	known, _, err := scheme.Scheme.ObjectKinds(obj)
	switch {
	case runtime.IsNotRegisteredError(err) && says.Kind != "" && says.Version != "":
		return says, nil
	case runtime.IsNotRegisteredError(err):
		return schema.GroupVersionKind{}, errUnknown
	case err != nil:
		return schema.GroupVersionKind{}, err
	}
	for _, gvk := range known { // several for a type that serves many groups, as ListOptions does
		if (says.Kind == "" || says.Kind == gvk.Kind) && (says.Version == "" || says.GroupVersion() == gvk.GroupVersion()) {
			return gvk, nil
		}
	}
	return schema.GroupVersionKind{}, fmt.Errorf("its TypeMeta says %s, but its type is that of %s", kindName(says), kindName(known[0]))
}

// fits reports an error unless config is the apply configuration of a kind. A name is all there is to go by for kinds
// that client-go does not know; applyconfiguration-gen makes no others.
func fits(gvk schema.GroupVersionKind, config reflect.Type) error {
	name := gvk.Kind + "ApplyConfiguration"
	if known := applyconfigurations.ForKind(gvk); known != nil {
		if want := reflect.TypeOf(known).Elem(); want != config {
			return fmt.Errorf("%s goes into %s, not into %s", kindName(gvk), typeName(want), typeName(config))
		}
	} else if config.Name() != name || config.Kind() != reflect.Struct {
		return fmt.Errorf("%s goes into a struct named %s, not into %s", kindName(gvk), name, typeName(config))
	}
	return nil
}

// kindName is a kind as its author writes it: apps/v1 Deployment.
func kindName(gvk schema.GroupVersionKind) string {
	return gvk.GroupVersion().String() + " " + gvk.Kind
}

// typeName is a type with the path of its package, since most packages here are named v1.
func typeName(t reflect.Type) string {
	if t.PkgPath() == "" {
		return t.String()
	}
	return t.PkgPath() + "." + t.Name()
}
