package types

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
)

// disabled are the features of pods whose gates are off in v1.37 unless someone turns them on: GenericWorkload, EvictionRequestAPI,
// EmptyDirVolumeMode, AtomicWriteVolumeUserFields, VolumeBindMountOptions and ContainerStopSignals. It is no variable, which would be
// linked into every program.
func disabled() []func(*dropper, *corev1.PodSpec) {
	return []func(*dropper, *corev1.PodSpec){
		func(d *dropper, spec *corev1.PodSpec) { drop(d, &spec.SchedulingGroup) },
		func(d *dropper, spec *corev1.PodSpec) { dropList(d, &spec.EvictionResponders) },
		func(d *dropper, spec *corev1.PodSpec) {
			each(spec.Volumes, func(v *corev1.Volume) { maybe(v.EmptyDir, func(s *corev1.EmptyDirVolumeSource) { drop(d, &s.Mode) }) })
		},
		func(d *dropper, spec *corev1.PodSpec) { each(spec.Volumes, d.fileOwners) },
		func(d *dropper, spec *corev1.PodSpec) {
			d.containers(spec, func(c *corev1.Container) {
				each(c.VolumeMounts, func(m *corev1.VolumeMount) { dropList(d, &m.BindMountOptions) })
			})
		},
		func(d *dropper, spec *corev1.PodSpec) { d.containers(spec, d.stopSignal) },
	}
}

// dropDisabled clears the fields of features that are off, as dropDisabledFields does: those of all that old does not use already.
// On creation old is nil.
func dropDisabled(spec, old *corev1.PodSpec) {
	for _, feature := range disabled() {
		look := dropper{looks: true}
		maybe(old, func(old *corev1.PodSpec) { feature(&look, old) })
		if !look.found {
			feature(&dropper{}, spec)
		}
	}
}

// A dropper clears the fields of a feature or, if it only looks, notes that one is set.
type dropper struct{ looks, found bool }

func drop[T any](d *dropper, field **T) {
	if *field != nil {
		d.found = true
		if !d.looks {
			*field = nil
		}
	}
}

func dropList[T any](d *dropper, field *[]T) {
	if len(*field) > 0 {
		d.found = true
	}
	if !d.looks {
		*field = nil
	}
}

func (d *dropper) containers(spec *corev1.PodSpec, f func(*corev1.Container)) {
	each(spec.InitContainers, f)
	each(spec.Containers, f)
	each(spec.EphemeralContainers, func(c *corev1.EphemeralContainer) { f((*corev1.Container)(&c.EphemeralContainerCommon)) })
}

// stopSignal leaves no lifecycle behind that says nothing else.
func (d *dropper) stopSignal(c *corev1.Container) {
	if c.Lifecycle == nil || c.Lifecycle.StopSignal == nil {
		return
	}
	drop(d, &c.Lifecycle.StopSignal)
	if reflect.ValueOf(*c.Lifecycle).IsZero() {
		c.Lifecycle = nil
	}
}

// fileOwners are the users that files of a volume belong to.
func (d *dropper) fileOwners(v *corev1.Volume) {
	keys := func(items []corev1.KeyToPath) {
		each(items, func(k *corev1.KeyToPath) { drop(d, &k.User) })
	}
	files := func(items []corev1.DownwardAPIVolumeFile) {
		each(items, func(f *corev1.DownwardAPIVolumeFile) { drop(d, &f.User) })
	}
	maybe(v.Secret, func(s *corev1.SecretVolumeSource) { drop(d, &s.DefaultUser); keys(s.Items) })
	maybe(v.ConfigMap, func(s *corev1.ConfigMapVolumeSource) { drop(d, &s.DefaultUser); keys(s.Items) })
	maybe(v.DownwardAPI, func(s *corev1.DownwardAPIVolumeSource) { drop(d, &s.DefaultUser); files(s.Items) })
	maybe(v.Projected, func(s *corev1.ProjectedVolumeSource) {
		drop(d, &s.DefaultUser)
		each(s.Sources, func(p *corev1.VolumeProjection) {
			maybe(p.Secret, func(s *corev1.SecretProjection) { keys(s.Items) })
			maybe(p.ConfigMap, func(s *corev1.ConfigMapProjection) { keys(s.Items) })
			maybe(p.DownwardAPI, func(s *corev1.DownwardAPIProjection) { files(s.Items) })
			maybe(p.ServiceAccountToken, func(s *corev1.ServiceAccountTokenProjection) { drop(d, &s.User) })
			maybe(p.ClusterTrustBundle, func(s *corev1.ClusterTrustBundleProjection) { drop(d, &s.User) })
			maybe(p.PodCertificate, func(s *corev1.PodCertificateProjection) { drop(d, &s.User) })
		})
	})
}
