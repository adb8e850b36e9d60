package types

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
)

// defaultVolume makes a volume without a source an emptyDir, as SetDefaults_Volume does, and sets what depends on other fields.
func defaultVolume(v *corev1.Volume) {
	if reflect.ValueOf(v.VolumeSource).IsZero() {
		v.EmptyDir = &corev1.EmptyDirVolumeSource{}
	}
	maybe(v.Ephemeral, func(s *corev1.EphemeralVolumeSource) {
		maybe(s.VolumeClaimTemplate, func(t *corev1.PersistentVolumeClaimTemplate) { defaultClaimSpec(&t.Spec) })
	})
	maybe(v.Image, func(s *corev1.ImageVolumeSource) { orElse(&s.PullPolicy, pullPolicy(s.Reference)) })
}

// defaultClaimSpec rounds what a claim asks for, as SetDefaults_ResourceList does.
func defaultClaimSpec(s *corev1.PersistentVolumeClaimSpec) {
	roundUp(s.Resources.Limits)
	roundUp(s.Resources.Requests)
}
