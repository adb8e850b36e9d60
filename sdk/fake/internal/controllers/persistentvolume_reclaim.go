package controllers

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// release says that nobody has a volume any more, and does with it what its policy says, as reclaimVolume does.
func (c *PersistentVolume) release(v *corev1.PersistentVolume) error {
	if v.Status.Phase != corev1.VolumeReleased && v.Status.Phase != corev1.VolumeFailed {
		var err error
		if v, err = c.setVolume(v, corev1.VolumeReleased, ""); err != nil {
			return err
		}
	}
	switch v.Spec.PersistentVolumeReclaimPolicy {
	case corev1.PersistentVolumeReclaimRecycle:
		return c.recycle(v)
	case corev1.PersistentVolumeReclaimDelete:
		return c.remove(v)
	}
	return nil
}

// temporary is what the deleter of hostPath volumes dares to remove.
var temporary = regexp.MustCompile("/tmp/.+")

// remove deletes a released volume, if there is anybody who can delete what it is made of.
func (c *PersistentVolume) remove(v *corev1.PersistentVolume) error {
	by := v.Annotations[provisionedBy]
	switch {
	case v.DeletionTimestamp != nil:
		return nil
	case by == Provisioner:
	case by != "" && !strings.HasPrefix(by, "kubernetes.io/"), v.Spec.CSI != nil:
		return nil // somebody else's
	case v.Spec.HostPath == nil:
		return c.fail(v, "VolumeFailedDelete", fmt.Sprintf("error getting deleter volume plugin for volume %q: no deletable volume plugin matched", v.Name))
	case !temporary.MatchString(v.Spec.HostPath.Path):
		return c.fail(v, "VolumeFailedDelete", "host_path deleter only supports /tmp/.+ but received provided "+v.Spec.HostPath.Path)
	}
	_, _, err := c.api.Delete(registry.PersistentVolumes, "", v.Name, metav1.DeleteOptions{}, asManager)
	return err
}

// recycle makes a released volume available again. There is no content to remove.
func (c *PersistentVolume) recycle(v *corev1.PersistentVolume) error {
	if v.Spec.HostPath == nil && v.Spec.NFS == nil {
		return c.fail(v, "VolumeFailedRecycle", "No recycler plugin found for the volume!")
	}
	c.recorder.Event(v, "", corev1.EventTypeNormal, "VolumeRecycled", "Volume recycled")
	return c.unbind(v)
}

func (c *PersistentVolume) fail(v *corev1.PersistentVolume, reason, text string) error {
	if v.Status.Phase == corev1.VolumeFailed {
		return nil
	}
	if _, err := c.setVolume(v, corev1.VolumeFailed, text); err != nil {
		return err
	}
	c.recorder.Event(v, "", corev1.EventTypeWarning, reason, text)
	return nil
}
