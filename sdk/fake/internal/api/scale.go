package api

import (
	"errors"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
)

// ScaleOf is what the scale subresource shows of a ReplicationController.
func ScaleOf(rc *corev1.ReplicationController) *autoscalingv1.Scale {
	return &autoscalingv1.Scale{
		TypeMeta: metav1.TypeMeta{APIVersion: "autoscaling/v1", Kind: "Scale"},
		ObjectMeta: metav1.ObjectMeta{
			Name: rc.Name, Namespace: rc.Namespace, UID: rc.UID, ResourceVersion: rc.ResourceVersion, CreationTimestamp: rc.CreationTimestamp,
		},
		Spec:   autoscalingv1.ScaleSpec{Replicas: ptr.Deref(rc.Spec.Replicas, 0)},
		Status: autoscalingv1.ScaleStatus{Replicas: rc.Status.Replicas, Selector: labels.SelectorFromSet(rc.Spec.Selector).String()},
	}
}

// UpdateScale gives change the scale of a ReplicationController and sets the replicas that it asks for.
func (a *API) UpdateScale(namespace, name string, o WriteOptions, change func(*autoscalingv1.Scale) (*autoscalingv1.Scale, error)) (*autoscalingv1.Scale, error) {
	o.Subresource = "scale"
	obj, err := a.Update(registry.ReplicationControllers, namespace, name, o, func(obj store.Object) error {
		rc := obj.(*corev1.ReplicationController)
		was := ScaleOf(rc)
		scale, err := change(was.DeepCopy())
		if err != nil {
			return err
		}
		if err := checkScale(was, scale); err != nil {
			return err
		}
		rc.ResourceVersion = scale.ResourceVersion
		rc.Spec.Replicas = &scale.Spec.Replicas
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ScaleOf(obj.(*corev1.ReplicationController)), nil
}

func checkScale(was, scale *autoscalingv1.Scale) error {
	if scale.Name != was.Name {
		return apierrors.NewBadRequest(fmt.Sprintf("the name of the object (%s) does not match the name on the URL (%s)", scale.Name, was.Name))
	}
	if scale.UID != "" && scale.UID != was.UID {
		return apierrors.NewConflict(registry.ReplicationControllers.GroupResource(), was.Name,
			errors.New("Precondition failed: UID in precondition: "+string(scale.UID)+", UID in object meta: "+string(was.UID)))
	}
	if scale.Spec.Replicas < 0 {
		return apierrors.NewInvalid(autoscalingv1.SchemeGroupVersion.WithKind("Scale").GroupKind(), scale.Name, field.ErrorList{
			field.Invalid(field.NewPath("spec", "replicas"), scale.Spec.Replicas, "must be greater than or equal to 0"),
		})
	}
	return nil
}
