package types

import (
	"slices"

	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// resizeStates are how far a claim's volume has come, sorted as in the server's message.
var resizeStates = []corev1.ClaimResourceStatus{
	corev1.PersistentVolumeClaimControllerResizeInProgress, corev1.PersistentVolumeClaimControllerResizeInfeasible,
	corev1.PersistentVolumeClaimNodeResizeInProgress, corev1.PersistentVolumeClaimNodeResizeInfeasible, corev1.PersistentVolumeClaimNodeResizePending,
}

// claimStatus is ValidatePersistentVolumeClaimStatusUpdate.
func (r *report) claimStatus(c *corev1.PersistentVolumeClaim) {
	at, status := field.NewPath("status"), &c.Status
	r.Present(field.NewPath("resourceVersion"), c.ResourceVersion)
	if len(c.Spec.AccessModes) == 0 {
		r.Required(field.NewPath("Spec", "accessModes"), "")
	}
	for _, name := range sortedKeys(status.Capacity) {
		r.amountOf(at.Child("capacity").Key(string(name)), status.Capacity, name)
	}
	maybe(status.HealthStatus, func(h *corev1.VolumeHealthStatus) {
		for i, condition := range h.HealthConditions {
			if condition.Reason != "" {
				r.Messages(at.Child("healthStatus", "healthConditions").Index(i).Child("reason"), condition.Reason, metavalidation.IsValidConditionReason(condition.Reason))
			}
		}
	})
	states := at.Child("allocatedResourceStatuses")
	for _, name := range sortedKeys(status.AllocatedResourceStatuses) {
		r.claimedName(states, name)
		if !slices.Contains(resizeStates, status.AllocatedResourceStatuses[name]) {
			r.Add(field.NotSupported(states, name, resizeStates))
		}
	}
	allocated := at.Child("allocatedResources")
	for _, name := range sortedKeys(status.AllocatedResources) {
		if r.claimedName(allocated, name) {
			r.amountOf(allocated.Key(string(name)), status.AllocatedResources, name)
		}
	}
}

// amountOf is validateBasicResource.
func (r *report) amountOf(at *field.Path, list corev1.ResourceList, name corev1.ResourceName) {
	if q := list[name]; q.Value() < 0 {
		r.Invalid(at, q.Value(), "must be a valid resource quantity")
	}
}

// claimedName is validatePersistentVolumeClaimResourceKey; it reports whether the name passed.
func (r *report) claimedName(at *field.Path, name corev1.ResourceName) bool {
	if messages := validation.IsQualifiedName(string(name)); len(messages) > 0 {
		r.Messages(at, string(name), messages)
		return false
	}
	if check.IsNativeResource(name) && name != corev1.ResourceStorage {
		r.Add(field.NotSupported(at, string(name), []corev1.ResourceName{corev1.ResourceStorage}))
		return false
	}
	return true
}
