package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
)

// Pod returns the apply configuration that says what pod says, without what the package documentation lists as left
// out. It fails if pod is nil, if its TypeMeta claims to be another kind, or if a value in it has no JSON, such as
// an IntOrString of neither type.
func Pod(pod *corev1.Pod) (*corev1ac.PodApplyConfiguration, error) {
	return Into[corev1ac.PodApplyConfiguration](pod)
}

// ReplicationController is [Pod] for ReplicationControllers. Replicas that are nil are left out, so that an autoscaler
// may own them.
func ReplicationController(rc *corev1.ReplicationController) (*corev1ac.ReplicationControllerApplyConfiguration, error) {
	return Into[corev1ac.ReplicationControllerApplyConfiguration](rc)
}

// Into is [Pod] for every kind. C is the apply configuration of the object's kind:
//
//	config, err := apply.Into[corev1ac.ConfigMapApplyConfiguration](configMap)
//
// Besides the errors of Pod, it is an error if C belongs to another kind, group or version; if obj is unstructured; if
// obj is of a type that client-go's scheme does not know and has not both kind and apiVersion in its TypeMeta; and if obj
// sets a field that C does not have, which happens when one was generated later than the other. For a type that client-go
// does not know, C is what applyconfiguration-gen makes of it, by its name: BakeryApplyConfiguration for a Bakery.
func Into[C any](obj runtime.Object) (*C, error) {
	config := new(C)
	if err := fill(config, obj); err != nil {
		return nil, fmt.Errorf("apply configuration of %s: %w", describe(obj), err)
	}
	return config, nil
}

// fill makes config, a pointer to an empty apply configuration, that of obj.
func fill(config any, obj runtime.Object) error {
	if isNil(obj) {
		return errors.New("object is nil")
	}
	gvk, err := kindOf(obj)
	if err != nil {
		return err
	}
	to := reflect.ValueOf(config).Elem()
	if err := fits(gvk, to.Type()); err != nil {
		return err
	}
	data, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, config); err != nil {
		return err
	}
	if err := prune(reflect.ValueOf(obj), to); err != nil {
		return err
	}
	unset(to, "status")
	apiVersion, kind := gvk.ToAPIVersionAndKind()
	return errors.Join(set(to, "apiVersion", apiVersion), set(to, "kind", kind))
}

// set gives a member of an apply configuration a value.
func set(config reflect.Value, name, value string) error {
	v := member(config, name)
	if !v.IsValid() || v.Type() != reflect.TypeFor[*string]() {
		return fmt.Errorf("%s has no %s of type *string, so it is not the apply configuration of a kind", typeName(config.Type()), name)
	}
	v.Set(reflect.ValueOf(&value))
	return nil
}

func isNil(obj runtime.Object) bool {
	v := reflect.ValueOf(obj)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// describe names an object in errors: Pod default/web, or its Go type where it says no more.
func describe(obj runtime.Object) string {
	if isNil(obj) {
		return fmt.Sprintf("%T", obj)
	}
	name := reflect.Indirect(reflect.ValueOf(obj)).Type().Name()
	if o, err := meta.Accessor(obj); err == nil && o.GetName() != "" {
		name += " "
		if o.GetNamespace() != "" {
			name += o.GetNamespace() + "/"
		}
		name += o.GetName()
	}
	return name
}
