package controllers

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// protectClaim lets a deleted claim go once no pod on a node needs it, and says of a bound one whether any pod does, as the PVC
// protection controller does. A claim that lost its finalizer gets it back.
func (c *PersistentVolume) protectClaim(name types.NamespacedName) error {
	claim := c.claim(name.Namespace, name.Name)
	if claim == nil {
		return nil
	}
	pods := c.podsWith(claim)
	switch protected := has(claim, api.ClaimProtection); {
	case claim.DeletionTimestamp == nil && !protected:
		_, err := c.updateClaim(claim, asManager, func(claim *corev1.PersistentVolumeClaim) {
			claim.Finalizers = append(claim.Finalizers, api.ClaimProtection)
		})
		return err
	case claim.DeletionTimestamp == nil:
		return c.tellUse(claim, slices.ContainsFunc(pods, func(pod *corev1.Pod) bool { return !ended(pod) }))
	case !protected, slices.ContainsFunc(pods, func(pod *corev1.Pod) bool { return pod.Spec.NodeName != "" }):
		return nil
	}
	_, err := c.updateClaim(claim, asManager, func(claim *corev1.PersistentVolumeClaim) { dropFinalizer(claim, api.ClaimProtection) })
	return err
}

// tellUse says in the status of a bound claim whether a pod refers to it, as updateUnusedCondition does.
func (c *PersistentVolume) tellUse(claim *corev1.PersistentVolumeClaim, used bool) error {
	if claim.Status.Phase != corev1.ClaimBound {
		return nil
	}
	is := corev1.PersistentVolumeClaimCondition{
		Type: corev1.PersistentVolumeClaimUnused, Status: corev1.ConditionTrue, LastTransitionTime: api.Now(),
		Reason: "NoPodsUsingPVC", Message: "No pods are currently referencing this PVC",
	}
	if used {
		is.Status, is.Reason, is.Message = corev1.ConditionFalse, "PodUsingPVC", "A pod is currently referencing this PVC"
	}
	same := func(was corev1.PersistentVolumeClaimCondition) bool {
		return was.Type == is.Type && was.Status == is.Status
	}
	if slices.ContainsFunc(claim.Status.Conditions, same) {
		return nil
	}
	_, err := c.updateClaim(claim, asManagerStatus, func(claim *corev1.PersistentVolumeClaim) {
		claim.Status.Conditions = append(slices.DeleteFunc(claim.Status.Conditions, func(was corev1.PersistentVolumeClaimCondition) bool {
			return was.Type == is.Type
		}), is)
	})
	return err
}

// protectVolume lets a deleted volume go once it is not bound, as the PV protection controller does. A volume that lost its finalizer gets it
// back. The error says that the volume is another now, and will be synced again.
func (c *PersistentVolume) protectVolume(v *corev1.PersistentVolume) error {
	change := func(v *corev1.PersistentVolume) { dropFinalizer(v, api.VolumeProtection) }
	switch protected := has(v, api.VolumeProtection); {
	case v.DeletionTimestamp == nil && !protected:
		change = func(v *corev1.PersistentVolume) { v.Finalizers = append(v.Finalizers, api.VolumeProtection) }
	case v.DeletionTimestamp == nil, !protected, v.Status.Phase == corev1.VolumeBound:
		return nil
	}
	if _, err := c.updateVolume(v, asManager, change); err != nil {
		return err
	}
	return errChanged
}
