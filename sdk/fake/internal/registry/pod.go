package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
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
		pod.Status = corev1.PodStatus{Phase: corev1.PodPending, QOSClass: podtypes.QOSClass(&pod.Spec)}
		if len(pod.Spec.SchedulingGates) > 0 { // as podStrategy's applySchedulingGatedCondition
			pod.Status.Conditions = []corev1.PodCondition{{
				Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonSchedulingGated,
				Message: "Scheduling is blocked due to non-empty scheduling gates", LastTransitionTime: pod.CreationTimestamp,
			}}
		}
	},
	PrepareUpdate: func(obj, old store.Object) {
		pod, was := obj.(*corev1.Pod), old.(*corev1.Pod)
		pod.Status = was.Status
		if pod.Spec.Resources == nil { // a client that does not know the field drops it
			pod.Spec.Resources = was.Spec.Resources
		}
	},
	Spec:          func(obj store.Object) any { return &obj.(*corev1.Pod).Spec },
	Grace:         podGrace,
	ReturnDeleted: true,
	Subresources:  podSubresources,
	Columns:       podColumns,
	Cells:         podCells,
	ResetFields:   []string{"status"},
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
