package types

import (
	"reflect"

	"github.com/podwright/podwright/types/internal/check"
	"github.com/podwright/podwright/types/internal/rules"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// StatusUpdateErrors lists what is wrong with an update of old to obj by the status subresource, as each kind's ValidateStatusUpdate
// does. The spec of obj is taken to be that of old, as the server sees to; neither may be nil. Of a kind without rules for its status
// only the metadata is checked.
func StatusUpdateErrors(obj, old runtime.Object) field.ErrorList {
	if obj == nil || old == nil || reflect.TypeOf(obj) != reflect.TypeOf(old) {
		return UpdateErrors(obj, old)
	}
	r := &report{}
	r.sameObject(obj, old)
	if k := rules.Of(obj); k != nil && k.StatusErrors != nil {
		r.Add(k.StatusErrors(obj, old)...)
	} else {
		r.status(obj, old)
	}
	return distinct(r.Errors)
}

// status finds what is wrong with a status, in the order of each kind's rules.
func (r *report) status(obj, old runtime.Object) {
	at := field.NewPath("status")
	switch obj := obj.(type) {
	case *corev1.Pod:
		r.Add(podStatusErrors(obj, old.(*corev1.Pod))...)
	case *corev1.Node:
		r.nodeUpdate(obj, old.(*corev1.Node))
	case *corev1.ReplicationController:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.ReplicationController).ObjectMeta)
		r.controllerStatus(at, &obj.Status)
		r.renamed(&obj.ObjectMeta, &old.(*corev1.ReplicationController).ObjectMeta)
	case *corev1.Namespace:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.Namespace).ObjectMeta)
		r.phase(obj)
	case *corev1.PersistentVolumeClaim:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.PersistentVolumeClaim).ObjectMeta)
		r.claimStatus(obj)
	case *corev1.ResourceQuota:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.ResourceQuota).ObjectMeta)
		r.Present(field.NewPath("resourceVersion"), obj.ResourceVersion)
		r.quotaStatus(&obj.Status)
	case *corev1.Service:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.Service).ObjectMeta)
		r.balancerStatus(at.Child("loadBalancer"), obj, old.(*corev1.Service))
	}
}

// controllerStatus is ValidateReplicationControllerStatus.
func (r *report) controllerStatus(at *field.Path, s *corev1.ReplicationControllerStatus) {
	labelled, ready, available := check.Count{Name: "fullyLabeledReplicas", N: int64(s.FullyLabeledReplicas)},
		check.Count{Name: "readyReplicas", N: int64(s.ReadyReplicas)}, check.Count{Name: "availableReplicas", N: int64(s.AvailableReplicas)}
	r.Counts(at, check.Count{Name: "replicas", N: int64(s.Replicas)}, labelled, ready, available, check.Count{Name: "observedGeneration", N: s.ObservedGeneration})
	r.NoMoreThan(at, int64(s.Replicas), check.MoreThanReplicas, labelled, ready, available)
	r.NoMoreThan(at, int64(s.ReadyReplicas), check.MoreThanReady, available)
}

// phase is ValidateNamespaceStatusUpdate.
func (r *report) phase(ns *corev1.Namespace) {
	at := field.NewPath("status", "Phase")
	switch {
	case ns.DeletionTimestamp.IsZero() && ns.Status.Phase != corev1.NamespaceActive:
		r.Invalid(at, ns.Status.Phase, "may only be 'Active' if `deletionTimestamp` is empty")
	case !ns.DeletionTimestamp.IsZero() && ns.Status.Phase != corev1.NamespaceTerminating:
		r.Invalid(at, ns.Status.Phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")
	}
}
