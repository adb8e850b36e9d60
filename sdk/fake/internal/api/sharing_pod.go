package api

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podParts has the pods of a cluster share the parts of which those of one controller have the same: each would be a seventh of what a
// pod weighs, together.
type podParts struct {
	labels      alike[map[string]string]
	owners      alike[[]metav1.OwnerReference]
	tolerations alike[[]corev1.Toleration]
	security    alike[*corev1.PodSecurityContext]
	projected   alike[*corev1.ProjectedVolumeSource] // the volume with the token of the service account
}

// share gives a pod, which is about to be stored in place of old and never changed again, what it and others have in common. old is nil
// for a new pod.
func (p *podParts) share(old, pod *corev1.Pod) {
	if old != nil {
		if maps.Equal(old.Labels, pod.Labels) {
			pod.Labels = old.Labels
		}
		return // of the spec an update has what it could not change
	}
	if len(pod.Labels) > 0 {
		pod.Labels = p.labels.one(pod.Labels)
	}
	if len(pod.OwnerReferences) > 0 {
		pod.OwnerReferences = p.owners.one(pod.OwnerReferences)
	}
	if len(pod.Spec.Tolerations) > 0 {
		pod.Spec.Tolerations = p.tolerations.one(pod.Spec.Tolerations)
	}
	if pod.Spec.SecurityContext != nil {
		pod.Spec.SecurityContext = p.security.one(pod.Spec.SecurityContext)
	}
	for i := range pod.Spec.Volumes {
		if v := &pod.Spec.Volumes[i]; v.Projected != nil {
			v.Projected = p.projected.one(v.Projected)
		}
	}
}

// alike are the last few different values of something.
type alike[T any] struct {
	last [4]*T
	next int
}

// one returns the value that is like v, or v itself.
func (a *alike[T]) one(v T) T {
	for _, known := range a.last {
		if known != nil && equality.Semantic.DeepEqual(*known, v) {
			return *known
		}
	}
	a.last[a.next] = &v
	a.next = (a.next + 1) % len(a.last)
	return v
}
