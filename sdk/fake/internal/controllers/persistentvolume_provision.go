package controllers

import (
	"fmt"
	"path"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// Provisioner is who makes the volumes of minikube's own storage class.
const Provisioner = "k8s.io/minikube-hostpath"

const (
	provisionedBy        = "pv.kubernetes.io/provisioned-by"
	provisionerIdentity  = "hostPathProvisionerIdentity"
	betaProvisioner      = "volume.beta.kubernetes.io/storage-provisioner"
	claimProvisioner     = "volume.kubernetes.io/storage-provisioner"
	provisionerDirectory = "/tmp/hostpath-provisioner"
)

// provision asks the provisioner of a claim's class for a volume, as provisionClaim does. Only minikube's is there to answer.
func (c *PersistentVolume) provision(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) error {
	fail := func(text string) { c.recorder.Event(claim, "", corev1.EventTypeWarning, "ProvisioningFailed", text) }
	switch {
	case class == nil:
		fail(apierrors.NewNotFound(registry.StorageClasses.GroupResource(), registry.ClassOf(claim)).Error())
		return nil
	case strings.HasPrefix(class.Provisioner, "kubernetes.io/"):
		fail(fmt.Sprintf("no volume plugin matched name: %s", class.Provisioner))
		return nil
	case claim.Annotations[claimProvisioner] != class.Provisioner:
		return c.annotate(claim, map[string]string{betaProvisioner: class.Provisioner, claimProvisioner: class.Provisioner})
	}
	c.recorder.Event(claim, "", corev1.EventTypeNormal, "ExternalProvisioning", fmt.Sprintf(
		"Waiting for a volume to be created either by the external provisioner '%s' or manually by the system administrator. "+
			"If volume creation is delayed, please verify that the provisioner is running and correctly registered.", class.Provisioner))
	if class.Provisioner != Provisioner || claim.DeletionTimestamp != nil {
		return nil
	}
	return c.makeVolume(claim, class)
}

// makeVolume is minikube's provisioner, and the library that it stands on.
func (c *PersistentVolume) makeVolume(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) error {
	c.provisioner.Event(claim, "", corev1.EventTypeNormal, "Provisioning",
		fmt.Sprintf("External provisioner is provisioning volume for claim %q", claim.Namespace+"/"+claim.Name))
	v := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        "pvc-" + string(claim.UID),
			Annotations: map[string]string{provisionedBy: Provisioner, provisionerIdentity: c.identity},
		},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes: claim.Spec.AccessModes,
			Capacity:    corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			ClaimRef:    claimRef(claim),
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				HostPath: &corev1.HostPathVolumeSource{Path: path.Join(provisionerDirectory, claim.Namespace, claim.Name)},
			},
			PersistentVolumeReclaimPolicy: ptr.Deref(class.ReclaimPolicy, corev1.PersistentVolumeReclaimDelete),
			StorageClassName:              class.Name,
			MountOptions:                  class.MountOptions,
			VolumeMode:                    claim.Spec.VolumeMode,
		},
	}
	_, err := c.api.Create(registry.PersistentVolumes, v.DeepCopy(), api.WriteOptions{Manager: "storage-provisioner"})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	if err != nil {
		c.provisioner.Event(claim, "", corev1.EventTypeWarning, "ProvisioningFailed", fmt.Sprintf("Error creating provisioned PV object for claim %s/%s: %v. Deleting the volume.", claim.Namespace, claim.Name, err))
		return err
	}
	c.provisioner.Event(claim, "", corev1.EventTypeNormal, "ProvisioningSucceeded", "Successfully provisioned volume "+v.Name)
	return nil
}
