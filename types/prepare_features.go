package types

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
)

// dropDisabled clears the fields whose feature gates are off in v1.37 unless someone turns them on, as DropDisabledPodFields does:
// EmptyDirVolumeMode, AtomicWriteVolumeUserFields, VolumeBindMountOptions, ContainerStopSignals, GenericWorkload and EvictionRequestAPI.
func dropDisabled(spec *corev1.PodSpec) {
	spec.SchedulingGroup = nil
	spec.EvictionResponders = nil
	each(spec.Volumes, dropDisabledInVolume)
	each(spec.InitContainers, dropDisabledInContainer)
	each(spec.Containers, dropDisabledInContainer)
	each(spec.EphemeralContainers, func(c *corev1.EphemeralContainer) {
		dropDisabledInContainer((*corev1.Container)(&c.EphemeralContainerCommon))
	})
}

func dropDisabledInContainer(c *corev1.Container) {
	each(c.VolumeMounts, func(m *corev1.VolumeMount) { m.BindMountOptions = nil })
	if c.Lifecycle != nil && c.Lifecycle.StopSignal != nil {
		c.Lifecycle.StopSignal = nil
		if reflect.ValueOf(*c.Lifecycle).IsZero() {
			c.Lifecycle = nil
		}
	}
}

func dropDisabledInVolume(v *corev1.Volume) {
	maybe(v.EmptyDir, func(s *corev1.EmptyDirVolumeSource) { s.Mode = nil })
	maybe(v.Secret, func(s *corev1.SecretVolumeSource) { s.DefaultUser = nil; each(s.Items, dropUser) })
	maybe(v.ConfigMap, func(s *corev1.ConfigMapVolumeSource) { s.DefaultUser = nil; each(s.Items, dropUser) })
	maybe(v.DownwardAPI, func(s *corev1.DownwardAPIVolumeSource) { s.DefaultUser = nil; each(s.Items, dropDownwardUser) })
	maybe(v.Projected, func(s *corev1.ProjectedVolumeSource) {
		s.DefaultUser = nil
		each(s.Sources, func(p *corev1.VolumeProjection) {
			maybe(p.Secret, func(s *corev1.SecretProjection) { each(s.Items, dropUser) })
			maybe(p.ConfigMap, func(s *corev1.ConfigMapProjection) { each(s.Items, dropUser) })
			maybe(p.DownwardAPI, func(s *corev1.DownwardAPIProjection) { each(s.Items, dropDownwardUser) })
			maybe(p.ServiceAccountToken, func(s *corev1.ServiceAccountTokenProjection) { s.User = nil })
			maybe(p.ClusterTrustBundle, func(s *corev1.ClusterTrustBundleProjection) { s.User = nil })
			maybe(p.PodCertificate, func(s *corev1.PodCertificateProjection) { s.User = nil })
		})
	})
}

func dropUser(k *corev1.KeyToPath) { k.User = nil }

func dropDownwardUser(f *corev1.DownwardAPIVolumeFile) { f.User = nil }
