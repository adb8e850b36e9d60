package controllers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/utils/ptr"
)

// What the binder notes in claims and volumes.
const (
	bindCompleted     = "pv.kubernetes.io/bind-completed"
	boundByController = "pv.kubernetes.io/bound-by-controller"
	selectedNode      = "volume.kubernetes.io/selected-node"
)

// syncClaim binds a claim, or sees that it still is, as syncClaim of the persistentvolume-binder does.
func (c *PersistentVolume) syncClaim(claim *corev1.PersistentVolumeClaim) error {
	switch {
	case metav1.HasAnnotation(claim.ObjectMeta, bindCompleted):
		return c.syncBound(claim)
	case claim.Spec.VolumeName != "":
		return c.syncRequested(claim)
	}
	return c.syncUnbound(claim)
}

// syncUnbound finds or makes a volume for a claim that takes any.
func (c *PersistentVolume) syncUnbound(claim *corev1.PersistentVolumeClaim) error {
	class := c.class(claim)
	delayed := class != nil && ptr.Deref(class.VolumeBindingMode, storagev1.VolumeBindingImmediate) == storagev1.VolumeBindingWaitForFirstConsumer
	if delayed && claim.Annotations[selectedNode] == "" {
		if node := c.nodeOfConsumer(claim); node != "" {
			return c.annotate(claim, map[string]string{selectedNode: node}) // as the scheduler does
		}
	}
	waits := delayed && claim.Annotations[selectedNode] == ""
	v, err := c.match(claim, waits)
	if err != nil {
		return err
	}
	if v != nil {
		return c.bind(v, claim)
	}
	if !registry.HasClass(claim) {
		if def := c.api.DefaultStorageClass(); def != nil {
			_, err := c.updateClaim(claim, asManager, func(claim *corev1.PersistentVolumeClaim) { claim.Spec.StorageClassName = new(def.Name) })
			return err
		}
	}
	switch {
	case waits:
		reason, text := c.waitsFor(claim)
		c.recorder.Event(claim, "", corev1.EventTypeNormal, reason, text)
	case registry.ClassOf(claim) != "":
		return c.provision(claim, class)
	default:
		c.recorder.Event(claim, "", corev1.EventTypeNormal, "FailedBinding", "no persistent volumes available for this claim and no storage class is set")
	}
	return c.setClaim(claim, corev1.ClaimPending, nil)
}

// class is the storage class of a claim, nil if it has none or that does not exist.
func (c *PersistentVolume) class(claim *corev1.PersistentVolumeClaim) *storagev1.StorageClass {
	obj, err := c.api.Get(registry.StorageClasses, "", registry.ClassOf(claim))
	if err != nil {
		return nil
	}
	return obj.(*storagev1.StorageClass)
}

// waitsFor is what emitEventForUnboundDelayBindingClaim says.
func (c *PersistentVolume) waitsFor(claim *corev1.PersistentVolumeClaim) (reason, text string) {
	var waiting []string
	for _, pod := range c.podsWith(claim) {
		if pod.Spec.NodeName == "" && !ended(pod) {
			waiting = append(waiting, pod.Name)
		}
	}
	switch len(waiting) {
	case 0:
		return "WaitForFirstConsumer", "waiting for first consumer to be created before binding"
	case 1:
		return "WaitForPodScheduled", fmt.Sprintf("waiting for pod %s to be scheduled", waiting[0])
	}
	return "WaitForPodScheduled", fmt.Sprintf("waiting for pods %s to be scheduled", strings.Join(waiting, ","))
}

// nodeOfConsumer is the node of a pod that needs a claim, empty while none is on one.
func (c *PersistentVolume) nodeOfConsumer(claim *corev1.PersistentVolumeClaim) string {
	for _, pod := range c.podsWith(claim) {
		if pod.Spec.NodeName != "" && !ended(pod) {
			return pod.Spec.NodeName
		}
	}
	return ""
}

func ended(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

func (c *PersistentVolume) annotate(claim *corev1.PersistentVolumeClaim, annotations map[string]string) error {
	_, err := c.updateClaim(claim, asManager, func(claim *corev1.PersistentVolumeClaim) {
		for k, v := range annotations {
			metav1.SetMetaDataAnnotation(&claim.ObjectMeta, k, v)
		}
	})
	return err
}

// syncRequested binds a claim that names its volume.
func (c *PersistentVolume) syncRequested(claim *corev1.PersistentVolumeClaim) error {
	v := c.volume(claim.Spec.VolumeName)
	switch {
	case v == nil:
	case v.Spec.ClaimRef == nil:
		why := mismatch(v, claim, false)
		if why == "" {
			return c.bind(v, claim)
		}
		c.recorder.Event(claim, "", corev1.EventTypeWarning, "VolumeMismatch", fmt.Sprintf("Cannot bind to requested volume %q: %s", v.Name, why))
	case meant(v, claim):
		return c.bind(v, claim)
	default:
		c.recorder.Event(claim, "", corev1.EventTypeWarning, "FailedBinding", fmt.Sprintf("volume %q already bound to a different claim.", v.Name))
	}
	return c.setClaim(claim, corev1.ClaimPending, nil)
}

// syncBound sees that a claim that was bound still is: one that has lost its volume is lost for good.
func (c *PersistentVolume) syncBound(claim *corev1.PersistentVolumeClaim) error {
	if claim.Spec.VolumeName == "" {
		return c.lose(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!")
	}
	v := c.volume(claim.Spec.VolumeName)
	switch {
	case v == nil:
		return c.lose(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
	case v.Spec.ClaimRef == nil, v.Spec.ClaimRef.UID == claim.UID:
		return c.bind(v, claim)
	}
	return c.lose(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly")
}

func (c *PersistentVolume) lose(claim *corev1.PersistentVolumeClaim, reason, text string) error {
	if claim.Status.Phase == corev1.ClaimLost {
		return nil
	}
	if err := c.setClaim(claim, corev1.ClaimLost, nil); err != nil {
		return err
	}
	c.recorder.Event(claim, "", corev1.EventTypeWarning, reason, text)
	return nil
}

// match is the smallest available volume that a claim can have, nil if there is none; of those that fit, one with as few access modes as
// can be, as findBestMatchForClaim chooses. One that is meant for the claim goes first. While the claim waits for a pod, only that counts.
func (c *PersistentVolume) match(claim *corev1.PersistentVolumeClaim, waits bool) (*corev1.PersistentVolume, error) {
	selector := labels.Everything()
	if claim.Spec.Selector != nil {
		var err error
		if selector, err = metav1.LabelSelectorAsSelector(claim.Spec.Selector); err != nil {
			return nil, fmt.Errorf("error finding PV for claim %q: %w", nameOf(claim), err)
		}
	}
	objects, _ := c.api.List(registry.PersistentVolumes, "")
	var best *corev1.PersistentVolume
	for _, obj := range objects {
		v := obj.(*corev1.PersistentVolume)
		switch {
		case mismatch(v, claim, meant(v, claim)) != "":
		case meant(v, claim):
			return v, nil
		case waits, v.Spec.ClaimRef != nil, v.Status.Phase != corev1.VolumeAvailable, !selector.Matches(labels.Set(v.Labels)):
		case best == nil || better(v, best):
			best = v
		}
	}
	return best, nil
}

func better(v, best *corev1.PersistentVolume) bool {
	if is, was := len(v.Spec.AccessModes), len(best.Spec.AccessModes); is != was {
		return is < was
	}
	size, least := v.Spec.Capacity[corev1.ResourceStorage], best.Spec.Capacity[corev1.ResourceStorage]
	return size.Cmp(least) < 0
}

// meant says whether a volume is for a claim, bound or reserved, as IsVolumeBoundToClaim.
func meant(v *corev1.PersistentVolume, claim *corev1.PersistentVolumeClaim) bool {
	ref := v.Spec.ClaimRef
	return ref != nil && ref.Name == claim.Name && ref.Namespace == claim.Namespace && (ref.UID == "" || ref.UID == claim.UID)
}

// mismatch is why a claim cannot have a volume, as checkVolumeSatisfyClaim words it; empty if it can. The class does not count for a volume
// that somebody has reserved for the claim.
func mismatch(v *corev1.PersistentVolume, claim *corev1.PersistentVolumeClaim, reserved bool) string {
	size, asked := v.Spec.Capacity[corev1.ResourceStorage], claim.Spec.Resources.Requests[corev1.ResourceStorage]
	switch {
	case v.DeletionTimestamp != nil:
		return fmt.Sprintf("the volume is marked for deletion %q", v.Name)
	case size.Cmp(asked) < 0:
		return "requested PV is too small"
	case !reserved && registry.VolumeClassOf(v) != registry.ClassOf(claim):
		return "storageClassName does not match"
	case ptr.Deref(claim.Spec.VolumeAttributesClassName, "") != ptr.Deref(v.Spec.VolumeAttributesClassName, ""):
		return "volumeAttributesClassName does not match"
	case !sameMode(v, claim):
		return "incompatible volumeMode"
	}
	for _, mode := range claim.Spec.AccessModes {
		if !slices.Contains(v.Spec.AccessModes, mode) {
			return "incompatible accessMode"
		}
	}
	return ""
}

func sameMode(v *corev1.PersistentVolume, claim *corev1.PersistentVolumeClaim) bool {
	return ptr.Deref(claim.Spec.VolumeMode, corev1.PersistentVolumeFilesystem) == ptr.Deref(v.Spec.VolumeMode, corev1.PersistentVolumeFilesystem)
}
