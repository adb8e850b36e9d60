package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
)

// Pods is the row this project is about.
var Pods = &Resource{
	Version: "v1", Kind: "Pod", Name: "pods", Singular: "pod", ShortNames: []string{"po"}, Categories: []string{"all"},
	Namespaced: true,
	New:        func() store.Object { return &corev1.Pod{} },
	NewList:    func() runtime.Object { return &corev1.PodList{} },

	PrepareCreate: func(obj store.Object) {
		pod := obj.(*corev1.Pod)
		pod.Status = corev1.PodStatus{Phase: corev1.PodPending, QOSClass: qosClass(&pod.Spec)}
		if len(pod.Spec.SchedulingGates) > 0 { // as podStrategy's applySchedulingGatedCondition
			pod.Status.Conditions = []corev1.PodCondition{{
				Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonSchedulingGated,
				Message: "Scheduling is blocked due to non-empty scheduling gates", LastTransitionTime: pod.CreationTimestamp,
			}}
		}
	},
	PrepareUpdate: func(obj, old store.Object) { obj.(*corev1.Pod).Status = old.(*corev1.Pod).Status },
	Spec:          func(obj store.Object) any { return &obj.(*corev1.Pod).Spec },
	Grace:         podGrace,
	ReturnDeleted: true,
	Fields: map[string]func(store.Object) string{
		"spec.nodeName":            func(o store.Object) string { return o.(*corev1.Pod).Spec.NodeName },
		"spec.restartPolicy":       func(o store.Object) string { return string(o.(*corev1.Pod).Spec.RestartPolicy) },
		"spec.schedulerName":       func(o store.Object) string { return o.(*corev1.Pod).Spec.SchedulerName },
		"spec.serviceAccountName":  func(o store.Object) string { return o.(*corev1.Pod).Spec.ServiceAccountName },
		"spec.hostNetwork":         func(o store.Object) string { return formatBool(o.(*corev1.Pod).Spec.HostNetwork) },
		"status.phase":             func(o store.Object) string { return string(o.(*corev1.Pod).Status.Phase) },
		"status.podIP":             func(o store.Object) string { return o.(*corev1.Pod).Status.PodIP },
		"status.nominatedNodeName": func(o store.Object) string { return o.(*corev1.Pod).Status.NominatedNodeName },
	},
	Subresources: []Subresource{
		{Name: "binding", Kind: "Binding", Verbs: []string{"create"}},
		{Name: "log", Verbs: []string{"get"}},
		{Name: "portforward", Kind: "PodPortForwardOptions", Verbs: []string{"create", "get"}},
		{
			Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"spec", "metadata.deletionTimestamp", "metadata.ownerReferences"},
			PrepareUpdate: podStatusPrepareUpdate,
		},
	},
	Columns:     podColumns,
	Cells:       podCells,
	ResetFields: []string{"status"},
}

// podGrace is how long a pod may take to stop: as podStrategy.CheckGracefulDelete, a pod that is on no node or has
// ended is gone at once, and a negative period counts as one second.
func podGrace(obj store.Object, asked *int64) int64 {
	pod := obj.(*corev1.Pod)
	grace := ptr.Deref(pod.Spec.TerminationGracePeriodSeconds, corev1.DefaultTerminationGracePeriodSeconds)
	if asked != nil {
		grace = *asked
	}
	ended := pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded
	switch {
	case pod.Spec.NodeName == "" || ended:
		return 0
	case grace < 0:
		return 1
	}
	return grace
}

// podStatusPrepareUpdate lets a status update change labels and annotations too, as podStatusStrategy does, but
// neither the spec nor who owns the pod.
func podStatusPrepareUpdate(obj, old store.Object) {
	pod, was := obj.(*corev1.Pod), old.(*corev1.Pod)
	pod.Spec = was.Spec
	pod.DeletionTimestamp = was.DeletionTimestamp
	pod.OwnerReferences = was.OwnerReferences
	if pod.Status.QOSClass == "" {
		pod.Status.QOSClass = was.Status.QOSClass
	}
}

func formatBool(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
