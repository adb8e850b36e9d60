package types

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
)

// The file modes and the lifetime that volumes have unless they say otherwise.
const (
	defaultFileMode     = int32(0o644)
	defaultTokenSeconds = int64(3600)
)

// defaultVolume is what SetDefaults_Volume, those of the sources and the field markers set. A volume without a source is an emptyDir.
func defaultVolume(v *corev1.Volume) {
	if reflect.ValueOf(v.VolumeSource).IsZero() {
		v.EmptyDir = &corev1.EmptyDirVolumeSource{}
	}
	maybe(v.HostPath, func(s *corev1.HostPathVolumeSource) { orPointer(&s.Type, corev1.HostPathUnset) })
	maybe(v.Secret, func(s *corev1.SecretVolumeSource) { orPointer(&s.DefaultMode, defaultFileMode) })
	maybe(v.ConfigMap, func(s *corev1.ConfigMapVolumeSource) { orPointer(&s.DefaultMode, defaultFileMode) })
	maybe(v.DownwardAPI, func(s *corev1.DownwardAPIVolumeSource) {
		orPointer(&s.DefaultMode, defaultFileMode)
		each(s.Items, defaultDownwardFile)
	})
	maybe(v.Projected, defaultProjected)
	maybe(v.Ephemeral, func(s *corev1.EphemeralVolumeSource) {
		maybe(s.VolumeClaimTemplate, func(t *corev1.PersistentVolumeClaimTemplate) { defaultClaimSpec(&t.Spec) })
	})
	maybe(v.Image, func(s *corev1.ImageVolumeSource) { orElse(&s.PullPolicy, pullPolicy(s.Reference)) })
	maybe(v.ISCSI, func(s *corev1.ISCSIVolumeSource) { orElse(&s.ISCSIInterface, "default") })
	maybe(v.RBD, func(s *corev1.RBDVolumeSource) {
		orElse(&s.RBDPool, "rbd")
		orElse(&s.RadosUser, "admin")
		orElse(&s.Keyring, "/etc/ceph/keyring")
	})
	maybe(v.AzureDisk, func(s *corev1.AzureDiskVolumeSource) {
		orPointer(&s.CachingMode, corev1.AzureDataDiskCachingReadWrite)
		orPointer(&s.FSType, "ext4")
		orPointer(&s.ReadOnly, false)
		orPointer(&s.Kind, corev1.AzureSharedBlobDisk)
	})
	maybe(v.ScaleIO, func(s *corev1.ScaleIOVolumeSource) {
		orElse(&s.StorageMode, "ThinProvisioned")
		orElse(&s.FSType, "xfs")
	})
}

func defaultProjected(s *corev1.ProjectedVolumeSource) {
	orPointer(&s.DefaultMode, defaultFileMode)
	each(s.Sources, func(p *corev1.VolumeProjection) {
		maybe(p.DownwardAPI, func(d *corev1.DownwardAPIProjection) { each(d.Items, defaultDownwardFile) })
		maybe(p.ServiceAccountToken, func(t *corev1.ServiceAccountTokenProjection) {
			orPointer(&t.ExpirationSeconds, defaultTokenSeconds)
		})
		maybe(p.PodCertificate, func(c *corev1.PodCertificateProjection) {
			orPointer(&c.MaxExpirationSeconds, 86400)
		})
	})
}

func defaultDownwardFile(f *corev1.DownwardAPIVolumeFile) { maybe(f.FieldRef, defaultFieldRef) }

// defaultClaimSpec is SetDefaults_PersistentVolumeClaimSpec.
func defaultClaimSpec(s *corev1.PersistentVolumeClaimSpec) {
	orPointer(&s.VolumeMode, corev1.PersistentVolumeFilesystem)
	roundUp(s.Resources.Limits)
	roundUp(s.Resources.Requests)
}
