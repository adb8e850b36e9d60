package types

import (
	"reflect"

	"github.com/podwright/podwright/types/internal/rules"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// PrepareUpdate changes in obj what the API server changes between admission and validation of an update of old to obj, as
// PrepareForUpdate of each kind's strategy does, in place: fields of features that are off are dropped unless old uses the feature,
// the two fields of a claim for its data are completed, and a service keeps the addresses and node ports that it was given, but for what
// belonged to another type than it has now.
// Status, generation and what else of the metadata is the server's own are not touched. Both must have their defaults and the same
// type; other kinds, and a nil or old of another type, are left alone. old is not changed.
//
// It comes before [UpdateErrors], and only for updates of the object itself: a subresource has none of it.
func PrepareUpdate(obj, old runtime.Object) {
	if obj == nil || reflect.TypeOf(obj) != reflect.TypeOf(old) {
		return
	}
	if k := rules.Of(obj); k != nil {
		if k.PrepareUpdate != nil {
			k.PrepareUpdate(obj, old)
		}
		return
	}
	switch obj := obj.(type) {
	case *corev1.Pod:
		dropDisabled(&obj.Spec, &old.(*corev1.Pod).Spec)
	case *corev1.ReplicationController:
		maybe(obj.Spec.Template, func(t *corev1.PodTemplateSpec) {
			PreparePodTemplate(t, old.(*corev1.ReplicationController).Spec.Template)
		})
	case *corev1.PodTemplate:
		PreparePodTemplate(&obj.Template, &old.(*corev1.PodTemplate).Template)
	case *corev1.PersistentVolumeClaim:
		prepareClaim(&obj.Spec, &old.(*corev1.PersistentVolumeClaim).Spec)
	case *corev1.Service:
		prepareServiceUpdate(obj, old.(*corev1.Service))
	case *corev1.Node:
		prepareNode(obj, old.(*corev1.Node))
	}
}

// prepareNode is dropDisabledFields of nodes: nobody configures kubelets by objects any more, and InPlacePodVerticalScalingSchedulerPreemption
// is off. old is nil on creation.
func prepareNode(node, old *corev1.Node) {
	if old == nil {
		node.Status.Config = nil
	}
	if old == nil || old.Spec.ConfigSource == nil {
		node.Spec.ConfigSource = nil
	}
	if old == nil || old.Spec.PodPreemptionPolicy == nil {
		node.Spec.PodPreemptionPolicy = nil
	}
}
