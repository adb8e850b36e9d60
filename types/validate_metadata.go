package types

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// podAnnotations checks the annotations that mean something in pods, as ValidatePodSpecificAnnotations does.
func (r *report) podAnnotations(at *field.Path, annotations map[string]string, spec *corev1.PodSpec) {
	if mirror, ok := annotations[corev1.MirrorPodAnnotationKey]; ok && spec.NodeName == "" {
		r.Invalid(at.Key(corev1.MirrorPodAnnotationKey), mirror, "must set spec.nodeName if mirror pod annotation is set")
	}
	if cost, ok := annotations[corev1.PodDeletionCost]; ok && !isDeletionCost(cost) {
		r.Invalid(at.Key(corev1.PodDeletionCost), cost, "must be a 32bit integer")
	}
	if profile, ok := annotations[corev1.SeccompPodAnnotationKey]; ok {
		r.seccompName(at.Child(corev1.SeccompPodAnnotationKey), profile)
	}
	for _, key := range sortedKeys(annotations) {
		if strings.HasPrefix(key, corev1.SeccompContainerAnnotationKeyPrefix) {
			r.seccompName(at.Child(key), annotations[key])
		}
	}
	for _, key := range sortedKeys(annotations) {
		if name, ok := strings.CutPrefix(key, corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix); ok {
			r.appArmorAnnotation(at.Key(key), name, annotations[key], spec)
		}
	}
}

// isDeletionCost is GetDeletionCostFromPodAnnotations: a 32-bit integer without plus sign or leading zeros.
func isDeletionCost(text string) bool {
	n, err := strconv.ParseInt(text, 10, 32)
	return err == nil && (strconv.FormatInt(n, 10) == text)
}

func (r *report) seccompName(at *field.Path, profile string) {
	switch {
	case profile == corev1.SeccompProfileRuntimeDefault, profile == corev1.DeprecatedSeccompProfileDockerDefault,
		profile == corev1.SeccompProfileNameUnconfined:
	case strings.HasPrefix(profile, corev1.SeccompLocalhostProfileNamePrefix):
		r.descendingPath(at, strings.TrimPrefix(profile, corev1.SeccompLocalhostProfileNamePrefix))
	default:
		r.Invalid(at, profile, "must be a valid seccomp profile")
	}
}

func (r *report) appArmorAnnotation(at *field.Path, container, profile string, spec *corev1.PodSpec) {
	found := false
	eachContainer(spec, nil, func(c *corev1.Container, _ *field.Path) { found = found || c.Name == container })
	if !found {
		r.Invalid(at, container, "container not found")
	}
	if profile != "" && profile != corev1.DeprecatedAppArmorBetaProfileRuntimeDefault && profile != corev1.DeprecatedAppArmorBetaProfileNameUnconfined &&
		!strings.HasPrefix(profile, corev1.DeprecatedAppArmorBetaProfileNamePrefix) {
		r.Invalid(at, profile, `invalid AppArmor profile name: "`+profile+`"`)
	}
}

// eachContainer calls f on every container of a pod with its path, in the order of VisitContainersWithPath.
func eachContainer(spec *corev1.PodSpec, at *field.Path, f func(*corev1.Container, *field.Path)) {
	for i := range spec.InitContainers {
		f(&spec.InitContainers[i], at.Child("initContainers").Index(i))
	}
	for i := range spec.Containers {
		f(&spec.Containers[i], at.Child("containers").Index(i))
	}
	for i := range spec.EphemeralContainers {
		f((*corev1.Container)(&spec.EphemeralContainers[i].EphemeralContainerCommon), at.Child("ephemeralContainers").Index(i))
	}
}
