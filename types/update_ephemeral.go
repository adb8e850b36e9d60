package types

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/diff"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// EphemeralContainersErrors lists what is wrong with an update of old to pod by the ephemeralcontainers subresource, as
// ValidatePodEphemeralContainersUpdate does: ephemeral containers come, and then neither change nor go. All else in pod's spec is
// taken to be as in old, as the server sees to.
func EphemeralContainersErrors(pod, old *corev1.Pod) field.ErrorList {
	if _, static := old.Annotations[corev1.MirrorPodAnnotationKey]; static {
		return field.ErrorList{field.Forbidden(field.NewPath(""), "static pods do not support ephemeral containers")}
	}
	c := &podCheck{spec: &pod.Spec, isPod: true, podName: pod.Name}
	c.MetadataUpdate(&pod.ObjectMeta, &old.ObjectMeta)
	c.podMetadataAndSpec(pod)
	c.annotationUpdates(pod, old)
	at := field.NewPath("spec", "ephemeralContainers")
	byName := map[string]*corev1.EphemeralContainer{}
	each(pod.Spec.EphemeralContainers, func(e *corev1.EphemeralContainer) { byName[e.Name] = e })
	each(old.Spec.EphemeralContainers, func(was *corev1.EphemeralContainer) {
		is := byName[was.Name]
		switch {
		case is == nil:
			c.Forbidden(at, fmt.Sprintf("existing ephemeral containers %q may not be removed\n", was.Name))
		case !equality.Semantic.DeepEqual(is, was):
			c.Forbidden(at, fmt.Sprintf("existing ephemeral containers %q may not be changed\n%v", was.Name, diff.Diff(internal(was), internal(is))))
		}
	})
	return distinct(c.Errors)
}
