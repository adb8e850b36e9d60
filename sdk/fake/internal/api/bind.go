package api

import (
	"fmt"
	"maps"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Bind puts a pod onto a node: the pods/binding subresource, by which the scheduler works. It owns no fields.
func (a *API) Bind(namespace, name string, b *corev1.Binding, dryRun bool) error {
	for {
		old, err := a.Get(registry.Pods, namespace, name)
		if err != nil {
			return err
		}
		pod := forBinding(old.(*corev1.Pod))
		if err := bind(pod, a.locate(b)); err != nil {
			return err
		}
		if dryRun {
			return nil
		}
		if err = a.storeUpdate(registry.Pods, old, pod); err != store.ErrConflict {
			return a.worded(registry.Pods, name, err)
		}
	}
}

// forBinding is a copy of a pod that shares with it what bind does not change.
func forBinding(pod *corev1.Pod) *corev1.Pod {
	bound := *pod
	bound.Status.Conditions = slices.Clone(pod.Status.Conditions)
	return &bound
}

// bind is setPodNodeAndMetadata of the pod registry.
func bind(pod *corev1.Pod, b *corev1.Binding) error {
	if b.UID != "" && b.UID != pod.UID {
		return StorageConflict(registry.Pods, pod, "UID", string(b.UID), string(pod.UID))
	}
	if v := b.ResourceVersion; v != "" && v != pod.ResourceVersion {
		return StorageConflict(registry.Pods, pod, "ResourceVersion", v, pod.ResourceVersion)
	}
	refuse := func(format string, args ...any) error {
		return apierrors.NewConflict(schema.GroupResource{Resource: "pods/binding"}, pod.Name, fmt.Errorf(format, args...))
	}
	switch {
	case pod.DeletionTimestamp != nil:
		return refuse("pod %s is being deleted, cannot be assigned to a host", pod.Name)
	case pod.Spec.NodeName != "":
		return refuse("pod %v is already assigned to node %q", pod.Name, pod.Spec.NodeName)
	case len(pod.Spec.SchedulingGates) > 0:
		return refuse("pod %v has non-empty .spec.schedulingGates", pod.Name)
	}
	pod.Spec.NodeName = b.Target.Name
	pod.Status.NominatedNodeName = ""
	pod.Annotations = merged(pod.Annotations, b.Annotations)
	pod.Labels = merged(pod.Labels, b.Labels)
	setCondition(&pod.Status, corev1.PodCondition{Type: corev1.PodScheduled, Status: corev1.ConditionTrue})
	return nil
}

// merged is m with what more adds and overwrites.
func merged(m, more map[string]string) map[string]string {
	if len(more) == 0 {
		return m
	}
	all := maps.Clone(m)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, more)
	return all
}

// setCondition is UpdatePodCondition: the time of a condition is that of the last change of its status.
func setCondition(status *corev1.PodStatus, c corev1.PodCondition) {
	c.LastTransitionTime = Now()
	for i := range status.Conditions {
		if old := &status.Conditions[i]; old.Type == c.Type {
			if old.Status == c.Status {
				c.LastTransitionTime = old.LastTransitionTime
			}
			*old = c
			return
		}
	}
	status.Conditions = append(status.Conditions, c)
}

// places are the resources that a real server keeps under other names, as SpecialDefaultResourcePrefixes has them.
var places = map[schema.GroupResource]string{
	registry.ReplicationControllers.StoreKey(): "controllers",
	registry.Endpoints.StoreKey():              "services/endpoints",
	registry.Nodes.StoreKey():                  "minions",
	registry.Services.StoreKey():               "services/specs",
	registry.Ingresses.StoreKey():              "ingress",
}

// StorageConflict is the Conflict of a write whose precondition does not hold, as the storage layer of a real server words it.
func StorageConflict(r *registry.Resource, obj store.Object, what, asked, is string) error {
	return apierrors.NewConflict(r.GroupResource(), obj.GetName(), fmt.Errorf(
		"StorageError: invalid object, Code: 4, Key: %s, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: %s in precondition: %s, %s in object meta: %s",
		storageKey(r, obj), what, asked, what, is))
}

// storageKey is where a real server keeps the object: under the name of the resource, and of the group where the kind is the server's for
// definitions.
func storageKey(r *registry.Resource, obj store.Object) string {
	key := "/registry/" + r.Name
	if place := places[r.StoreKey()]; place != "" {
		key = "/registry/" + place
	} else if r.MergeType != nil || r == registry.CustomResourceDefinitions {
		key = "/registry/" + r.Group + "/" + r.Name
	}
	if r.Namespaced {
		key += "/" + obj.GetNamespace()
	}
	return key + "/" + obj.GetName()
}
