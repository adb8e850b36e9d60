package controllers

import (
	"fmt"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// bind makes a volume and a claim each other's, the volume first, in as many steps as are left, as bind of the persistentvolume-binder does.
func (c *PersistentVolume) bind(v *corev1.PersistentVolume, claim *corev1.PersistentVolumeClaim) error {
	v, err := c.bindVolume(v, claim)
	if err != nil {
		return err
	}
	if v, err = c.setVolume(v, corev1.VolumeBound, ""); err != nil {
		return err
	}
	if claim, err = c.bindClaim(claim, v); err != nil {
		return err
	}
	return c.setClaim(claim, corev1.ClaimBound, v)
}

// bindVolume is GetBindVolumeToClaim.
func (c *PersistentVolume) bindVolume(v *corev1.PersistentVolume, claim *corev1.PersistentVolumeClaim) (*corev1.PersistentVolume, error) {
	reserved := meant(v, claim)
	if reserved && v.Spec.ClaimRef.UID == claim.UID {
		return v, nil
	}
	return c.updateVolume(v, asManager, func(v *corev1.PersistentVolume) {
		v.Spec.ClaimRef = claimRef(claim)
		if !reserved {
			metav1.SetMetaDataAnnotation(&v.ObjectMeta, boundByController, "yes")
		}
	})
}

func claimRef(claim *corev1.PersistentVolumeClaim) *corev1.ObjectReference {
	return &corev1.ObjectReference{
		APIVersion: "v1", Kind: registry.PersistentVolumeClaims.Kind, Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
		ResourceVersion: claim.ResourceVersion,
	}
}

// bindClaim is bindClaimToVolume.
func (c *PersistentVolume) bindClaim(claim *corev1.PersistentVolumeClaim, v *corev1.PersistentVolume) (*corev1.PersistentVolumeClaim, error) {
	if claim.Spec.VolumeName == v.Name && metav1.HasAnnotation(claim.ObjectMeta, bindCompleted) {
		return claim, nil
	}
	return c.updateClaim(claim, asManager, func(claim *corev1.PersistentVolumeClaim) {
		if claim.Spec.VolumeName != v.Name {
			claim.Spec.VolumeName = v.Name
			metav1.SetMetaDataAnnotation(&claim.ObjectMeta, boundByController, "yes")
		}
		metav1.SetMetaDataAnnotation(&claim.ObjectMeta, bindCompleted, "yes")
	})
}

// setClaim writes the phase of a claim and what it has of its volume, as updateClaimStatus does. v is nil where it has none.
func (c *PersistentVolume) setClaim(claim *corev1.PersistentVolumeClaim, phase corev1.PersistentVolumeClaimPhase, v *corev1.PersistentVolume) error {
	if claim.Status.Phase == phase && (v == nil || slices.Equal(claim.Status.AccessModes, v.Spec.AccessModes)) {
		return nil
	}
	_, err := c.updateClaim(claim, asManagerStatus, func(claim *corev1.PersistentVolumeClaim) {
		s := &claim.Status
		was := s.Phase
		s.Phase = phase
		if v == nil {
			s.AccessModes, s.Capacity, s.CurrentVolumeAttributesClassName = nil, nil, nil
			return
		}
		s.AccessModes = slices.Clone(v.Spec.AccessModes)
		if was != phase {
			s.Capacity = v.Spec.Capacity.DeepCopy()
		}
		if was == corev1.ClaimPending && v.Spec.VolumeAttributesClassName != nil {
			s.CurrentVolumeAttributesClassName = ptr.To(*v.Spec.VolumeAttributesClassName)
		}
	})
	return err
}

// setVolume writes the phase of a volume, as updateVolumePhase does.
func (c *PersistentVolume) setVolume(v *corev1.PersistentVolume, phase corev1.PersistentVolumePhase, text string) (*corev1.PersistentVolume, error) {
	if v.Status.Phase == phase {
		return v, nil
	}
	return c.updateVolume(v, asManagerStatus, func(v *corev1.PersistentVolume) { v.Status.Phase, v.Status.Message = phase, text })
}

// unbind rolls back the binding of a volume, which is available then, as unbindVolume does. One that its maker reserved for a claim stays so.
func (c *PersistentVolume) unbind(v *corev1.PersistentVolume) error {
	v, err := c.updateVolume(v, asManager, func(v *corev1.PersistentVolume) {
		if !metav1.HasAnnotation(v.ObjectMeta, boundByController) {
			v.Spec.ClaimRef.UID = ""
			return
		}
		v.Spec.ClaimRef = nil
		if delete(v.Annotations, boundByController); len(v.Annotations) == 0 {
			v.Annotations = nil
		}
	})
	if err != nil {
		return err
	}
	_, err = c.setVolume(v, corev1.VolumeAvailable, "")
	return err
}

// syncVolume sees what has become of the claim of a volume, as syncVolume of the persistentvolume-binder does.
func (c *PersistentVolume) syncVolume(v *corev1.PersistentVolume) error {
	if err := c.protectVolume(v); err != nil {
		return err
	}
	ref := v.Spec.ClaimRef
	if ref == nil || ref.UID == "" {
		_, err := c.setVolume(v, corev1.VolumeAvailable, "")
		return err
	}
	claim := c.claim(ref.Namespace, ref.Name)
	switch {
	case claim == nil, claim.UID != ref.UID:
		return c.release(v)
	case claim.Spec.VolumeName == "":
		return c.awaitBinding(v, claim)
	case claim.Spec.VolumeName == v.Name:
		_, err := c.setVolume(v, corev1.VolumeBound, "")
		return err
	case metav1.HasAnnotation(v.ObjectMeta, provisionedBy) && v.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete:
		return c.release(v)
	}
	return c.unbind(v)
}

// awaitBinding leaves a volume to the sync of its claim, unless that cannot have it.
func (c *PersistentVolume) awaitBinding(v *corev1.PersistentVolume, claim *corev1.PersistentVolumeClaim) error {
	if sameMode(v, claim) {
		return nil
	}
	c.recorder.Event(v, "", corev1.EventTypeWarning, "VolumeMismatch",
		fmt.Sprintf("Cannot bind PersistentVolume to requested PersistentVolumeClaim %q due to incompatible volumeMode.", claim.Name))
	c.recorder.Event(claim, "", corev1.EventTypeWarning, "VolumeMismatch",
		fmt.Sprintf("Cannot bind PersistentVolume %q to requested PersistentVolumeClaim due to incompatible volumeMode.", v.Name))
	return nil
}
