package api

import (
	"errors"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/types/selector"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// ScaleOf is what the scale subresource shows of a ReplicationController.
func ScaleOf(rc *corev1.ReplicationController) *autoscalingv1.Scale {
	return &autoscalingv1.Scale{
		TypeMeta: metav1.TypeMeta{APIVersion: "autoscaling/v1", Kind: "Scale"},
		ObjectMeta: metav1.ObjectMeta{
			Name: rc.Name, Namespace: rc.Namespace, UID: rc.UID, ResourceVersion: rc.ResourceVersion, CreationTimestamp: rc.CreationTimestamp,
		},
		Spec:   autoscalingv1.ScaleSpec{Replicas: ptr.Deref(rc.Spec.Replicas, 0)},
		Status: autoscalingv1.ScaleStatus{Replicas: rc.Status.Replicas, Selector: selector.FromSet(rc.Spec.Selector).String()},
	}
}

// UpdateScale gives change the scale of a ReplicationController and sets the replicas that it asks for.
func (a *API) UpdateScale(namespace, name string, o WriteOptions, change func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error)) (*autoscalingv1.Scale, error) {
	o.Subresource = "scale"
	return a.updateScale(namespace, name, o, func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
		scale, err := change(was.DeepCopy())
		if err != nil {
			return nil, err
		}
		return asScale(manageUpdate(registry.Scales, was, scale, o))
	})
}

// ApplyScale is [API.Apply] for the scale of a ReplicationController, which must exist.
func (a *API) ApplyScale(namespace, name string, o WriteOptions, patch Applied) (*autoscalingv1.Scale, error) {
	o.Subresource = "scale"
	return a.updateScale(namespace, name, o, func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
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

// updateScale translates between a ReplicationController and its scale, and between those who own fields in either, as
// scaleUpdatedObjectInfo does.
func (a *API) updateScale(namespace, name string, o WriteOptions, next func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error)) (*autoscalingv1.Scale, error) {
	obj, err := a.rewrite(registry.ReplicationControllers, namespace, name, func(old store.Object) (store.Object, error) {
		rc := clone(old).(*corev1.ReplicationController)
		owners := managedfields.NewScaleHandler(rc.ManagedFields, corev1.SchemeGroupVersion, replicasPaths)
		was := ScaleOf(rc)
		var err error
		if was.ManagedFields, err = owners.ToSubresource(); err != nil {
			return nil, err
		}
		scale, err := next(was)
		if err != nil {
			return nil, err
		}
		if err := checkScale(was, scale); err != nil {
			return nil, err
		}
		rc.ResourceVersion = scale.ResourceVersion
		if err := checkVersion(registry.ReplicationControllers, old, rc); err != nil {
			return nil, err
		}
		rc.Spec.Replicas = &scale.Spec.Replicas
		if rc.ManagedFields, err = owners.ToParent(scale.ManagedFields); err != nil {
			return nil, err
		}
		return a.finishUpdate(registry.ReplicationControllers, old, rc, o)
	})
	if err != nil {
		return nil, err
	}
	return ScaleOf(obj.(*corev1.ReplicationController)), nil
}

// replicasPaths are where a ReplicationController has what its scale is about.
var replicasPaths = managedfields.ResourcePathMappings{
	corev1.SchemeGroupVersion.String(): fieldpath.MakePathOrDie("spec", "replicas"),
}

func checkScale(was, scale *autoscalingv1.Scale) error {
	if scale.Spec.Replicas < 0 {
		return apierrors.NewInvalid(autoscalingv1.SchemeGroupVersion.WithKind("Scale").GroupKind(), was.Name, field.ErrorList{
			field.Invalid(field.NewPath("spec", "replicas"), scale.Spec.Replicas, "must be greater than or equal to 0"),
		})
	}
	if scale.UID != "" && scale.UID != was.UID {
		return apierrors.NewConflict(schema.GroupResource{Resource: "replicationcontrollers/scale"}, was.Name,
			errors.New("Precondition failed: UID in precondition: "+string(scale.UID)+", UID in object meta: "+string(was.UID)))
	}
	return nil
}
