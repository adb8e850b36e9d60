package api

import (
	"errors"
	"fmt"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// ScaleOf is what the scale subresource shows of an object whose kind has replicas.
func ScaleOf(r *registry.Resource, obj store.Object) *autoscalingv1.Scale {
	replicas := r.Replicas(obj)
	return &autoscalingv1.Scale{
		TypeMeta: metav1.TypeMeta{APIVersion: "autoscaling/v1", Kind: "Scale"},
		ObjectMeta: metav1.ObjectMeta{
			Name: obj.GetName(), Namespace: obj.GetNamespace(), UID: obj.GetUID(),
			ResourceVersion: obj.GetResourceVersion(), CreationTimestamp: obj.GetCreationTimestamp(),
		},
		Spec:   autoscalingv1.ScaleSpec{Replicas: ptr.Deref(*replicas.Desired, 0)},
		Status: autoscalingv1.ScaleStatus{Replicas: replicas.Current, Selector: replicas.Selector},
	}
}

// UpdateScale gives change the scale of an object and sets the replicas that it asks for.
func (a *API) UpdateScale(r *registry.Resource, namespace, name string, o WriteOptions, change func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error)) (*autoscalingv1.Scale, error) {
	o.Subresource = "scale"
	return a.updateScale(r, namespace, name, o, func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
		scale, err := change(was.DeepCopy())
		if err != nil {
			return nil, err
		}
		return asScale(manageUpdate(registry.Scales, was, scale, o))
	})
}

// ApplyScale is [API.Apply] for the scale of an object, which must exist.
func (a *API) ApplyScale(r *registry.Resource, namespace, name string, o WriteOptions, patch Applied) (*autoscalingv1.Scale, error) {
	o.Subresource = "scale"
	return a.updateScale(r, namespace, name, o, func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
		merged, err := a.merge(registry.Scales, was, o, patch)
		if err != nil {
			return nil, err
		}
		if err := patch.Check(merged); err != nil {
			return nil, err
		}
		return asScale(merged)
	})
}

func asScale(obj store.Object) (*autoscalingv1.Scale, error) {
	scale, ok := obj.(*autoscalingv1.Scale)
	if !ok {
		return nil, fmt.Errorf("the scale became a %T", obj)
	}
	return scale, nil
}

// updateScale translates between an object and its scale, and between those who own fields in either, as
// scaleUpdatedObjectInfo does.
func (a *API) updateScale(r *registry.Resource, namespace, name string, o WriteOptions, next func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error)) (*autoscalingv1.Scale, error) {
	obj, err := a.rewrite(r, namespace, name, func(old store.Object) (store.Object, error) {
		obj := clone(old)
		owners := managedfields.NewScaleHandler(obj.GetManagedFields(), r.GroupVersion(), replicasPaths(r))
		was := ScaleOf(r, obj)
		var err error
		if was.ManagedFields, err = owners.ToSubresource(); err != nil {
			return nil, err
		}
		scale, err := next(was)
		if err != nil {
			return nil, err
		}
		if err := checkScale(r, was, scale); err != nil {
			return nil, err
		}
		if v := scale.ResourceVersion; v != "" { // a scale need not say of which version it is, of whatever kind
			obj.SetResourceVersion(v)
		}
		if err := checkVersion(r, old, obj); err != nil {
			return nil, err
		}
		if err := r.SetReplicas(obj, scale.Spec.Replicas); err != nil {
			return nil, err
		}
		owned, err := owners.ToParent(scale.ManagedFields)
		if err != nil {
			return nil, err
		}
		obj.SetManagedFields(owned)
		return a.finishUpdate(r, old, obj, o)
	})
	if err != nil {
		return nil, err
	}
	return ScaleOf(r, obj), nil
}

// replicasPaths are where a kind has what its scale is about: the same for all that have Go types.
func replicasPaths(r *registry.Resource) managedfields.ResourcePathMappings {
	path := fieldpath.MakePathOrDie("spec", "replicas")
	if r.ReplicasPath != nil {
		path = nil
		for _, name := range r.ReplicasPath {
			path = append(path, fieldpath.PathElement{FieldName: &name})
		}
	}
	return managedfields.ResourcePathMappings{r.GroupVersion().String(): path}
}

// GetScale is the scale of an object. An object whose kind has its replicas where a definition says may have none.
func (a *API) GetScale(r *registry.Resource, namespace, name string) (*autoscalingv1.Scale, error) {
	obj, err := a.Get(r, namespace, name)
	if err != nil {
		return nil, err
	}
	if r.ReplicasPath != nil && *r.Replicas(obj).Desired == nil {
		return nil, apierrors.NewInternalError(fmt.Errorf("the spec replicas field %q does not exist", "."+strings.Join(r.ReplicasPath, ".")))
	}
	return ScaleOf(r, obj), nil
}

func checkScale(r *registry.Resource, was, scale *autoscalingv1.Scale) error {
	if scale.Spec.Replicas < 0 {
		return apierrors.NewInvalid(autoscalingv1.SchemeGroupVersion.WithKind("Scale").GroupKind(), was.Name, field.ErrorList{
			field.Invalid(field.NewPath("spec", "replicas"), scale.Spec.Replicas, "must be greater than or equal to 0"),
		})
	}
	if scale.UID != "" && scale.UID != was.UID {
		return apierrors.NewConflict(schema.GroupResource{Group: r.Group, Resource: r.Name + "/scale"}, was.Name,
			errors.New("Precondition failed: UID in precondition: "+string(scale.UID)+", UID in object meta: "+string(was.UID)))
	}
	return nil
}
