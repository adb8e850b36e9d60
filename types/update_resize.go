package types

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// onlyComputeMutable is what a resize answers that would change more than cpu and memory.
const onlyComputeMutable = "only cpu and memory resources are mutable"

// PrepareResize makes of pod, an update of old by the resize subresource, what the server makes of it, as the resize strategy's
// PrepareForUpdate does: only resources, those of containers and those of the pod, and resize policies differ from old. Where
// containers were added, removed, renamed or reordered it stays as it is, for [ResizeErrors] to say so. It may share memory with old.
func PrepareResize(pod, old *corev1.Pod) {
	if len(pod.Spec.Containers) != len(old.Spec.Containers) || len(pod.Spec.InitContainers) != len(old.Spec.InitContainers) {
		return
	}
	resources := pod.Spec.Resources
	containers, inits := resized(pod.Spec.Containers, old.Spec.Containers), resized(pod.Spec.InitContainers, old.Spec.InitContainers)
	pod.Spec = old.Spec
	pod.Spec.Resources, pod.Spec.Containers, pod.Spec.InitContainers = resources, containers, inits
	if resources == nil && old.Spec.Resources != nil { // a client that does not know the field
		pod.Spec.Resources = old.Spec.Resources.DeepCopy()
	}
	defaultPodResources(&pod.Spec)
}

// resized is old with the resources of list, or list if its containers are not those of old.
func resized(list, old []corev1.Container) []corev1.Container {
	merged := slices.Clone(old)
	for i := range list {
		if list[i].Name != old[i].Name {
			return list
		}
		merged[i].Resources, merged[i].ResizePolicy = list[i].Resources, list[i].ResizePolicy
	}
	return merged
}

// ResizeErrors lists what is wrong with an update of old to pod by the resize subresource, as ValidatePodResize does. pod must be
// prepared ([PrepareResize]).
func ResizeErrors(pod, old *corev1.Pod) field.ErrorList {
	c := &podCheck{spec: &pod.Spec, isPod: true, podName: pod.Name}
	c.MetadataUpdate(&pod.ObjectMeta, &old.ObjectMeta)
	c.podMetadataAndSpec(pod)
	switch {
	case old.Annotations[corev1.MirrorPodAnnotationKey] != "":
		return field.ErrorList{field.Forbidden(field.NewPath(""), "static pods cannot be resized")}
	case old.Spec.OS != nil && old.Spec.OS.Name == corev1.Windows:
		return field.ErrorList{field.Forbidden(field.NewPath(""), "windows pods cannot be resized")}
	}
	at := field.NewPath("spec")
	if cmp.Or(old.Status.QOSClass, QOSClass(&old.Spec)) != QOSClass(&pod.Spec) {
		c.Invalid(at, pod.Status.QOSClass, "Pod QOS Class may not change as a result of resizing")
	}
	if !resizable(old) {
		c.Forbidden(at, "Pod running on node without support for resize")
	}
	c.podLevelResize(at, pod, old)
	if c.sameOrder(at, pod, old) {
		c.resizes(at.Child("initContainers"), pod.Spec.InitContainers, old.Spec.InitContainers)
		c.resizes(at.Child("containers"), pod.Spec.Containers, old.Spec.Containers)
		c.onlyCompute(at, &pod.Spec, &old.Spec)
	}
	return distinct(c.Errors)
}

// resizable is isPodResizeRequestSupported: a node that can resize says what its containers have.
func resizable(pod *corev1.Pod) bool {
	for i := range pod.Status.ContainerStatuses {
		if s := &pod.Status.ContainerStatuses[i]; s.State.Running != nil {
			return s.Resources != nil
		}
	}
	return true
}

// podLevelResize is validatePodLevelResourcesResize.
func (c *podCheck) podLevelResize(at *field.Path, pod, old *corev1.Pod) {
	is, was := pod.Spec.Resources, old.Spec.Resources
	if is == nil && was == nil {
		return
	}
	if is == nil {
		c.Forbidden(at.Child("resources"), "pod-level resources cannot be removed")
		return
	}
	if was == nil {
		was = &corev1.ResourceRequirements{}
	}
	if lost(is.Requests, was.Requests) {
		c.Forbidden(at.Child("resources", "requests"), "pod-level resource requests cannot be removed")
	}
	if lost(is.Limits, was.Limits) {
		c.Forbidden(at.Child("resources", "limits"), "pod-level resource limits cannot be removed")
	}
	if masked := withoutCompute(is, was); !equality.Semantic.DeepEqual(masked, *was) {
		c.Forbidden(at, onlyComputeMutable+" at pod-level")
	}
}

// lost says whether old names a resource that list does not.
func lost(list, old corev1.ResourceList) bool {
	for name := range old {
		if _, ok := list[name]; !ok {
			return true
		}
	}
	return false
}

// sameOrder is validatePodResizeContainerOrdering; it reports whether containers can be compared one by one.
func (c *podCheck) sameOrder(at *field.Path, pod, old *corev1.Pod) bool {
	before := len(c.Errors)
	c.sameNames(at, "containers", pod.Spec.Containers, old.Spec.Containers)
	c.sameNames(at, "initContainers", pod.Spec.InitContainers, old.Spec.InitContainers)
	return len(c.Errors) == before
}

func (c *podCheck) sameNames(at *field.Path, kind string, list, old []corev1.Container) {
	if len(list) != len(old) {
		c.Forbidden(at.Child(kind), kind+" may not be added or removed on resize")
		return
	}
	for i := range old {
		if list[i].Name != old[i].Name {
			c.Forbidden(at.Child(kind).Index(i).Child("name"), kind+" may not be renamed or reordered on resize")
		}
	}
}

// resizes is validateContainerResize for each container.
func (c *podCheck) resizes(at *field.Path, list, old []corev1.Container) {
	for i := range old {
		one := at.Index(i).Child("resources")
		if lost(list[i].Resources.Requests, old[i].Resources.Requests) {
			c.Forbidden(one.Child("requests"), "resource requests cannot be removed")
		}
		if lost(list[i].Resources.Limits, old[i].Resources.Limits) {
			c.Forbidden(one.Child("limits"), "resource limits cannot be removed")
		}
	}
}

// onlyCompute compares all but cpu and memory.
func (c *podCheck) onlyCompute(at *field.Path, spec, old *corev1.PodSpec) {
	for i := range old.Containers {
		if changed, masked := masked(spec.Containers[i], old.Containers[i]); changed && !equality.Semantic.DeepEqual(masked, old.Containers[i]) {
			c.Forbidden(at, onlyComputeMutable)
		}
	}
	for i := range old.InitContainers {
		one := at.Child("initContainers").Index(i)
		changed, masked := masked(spec.InitContainers[i], old.InitContainers[i])
		if !equality.Semantic.DeepEqual(masked, old.InitContainers[i]) {
			c.Forbidden(one, "only cpu and memory resources for init or sidecar containers are mutable")
		}
		if !changed || isSidecar(&masked) {
			continue
		}
		for _, p := range masked.ResizePolicy {
			if p.RestartPolicy == corev1.RestartContainer {
				c.Forbidden(one, "non-sidecar init containers with a resize policy of RestartContainer cannot be resized")
			}
		}
	}
}

// masked is a container with the cpu and memory of old, and whether it differed from old.
func masked(c, old corev1.Container) (changed bool, masked corev1.Container) {
	changed = !equality.Semantic.DeepEqual(c, old)
	c.Resources = withoutCompute(&c.Resources, &old.Resources)
	return changed, c
}

// withoutCompute is r with the cpu and memory of old, as dropCPUMemoryUpdates does it.
func withoutCompute(r, old *corev1.ResourceRequirements) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{Limits: keepCompute(r.Limits, old.Limits), Requests: keepCompute(r.Requests, old.Requests), Claims: r.Claims}
}

func keepCompute(list, old corev1.ResourceList) corev1.ResourceList {
	if list == nil && old == nil {
		return nil
	}
	kept := corev1.ResourceList{}
	addMissing(kept, list, func(name corev1.ResourceName) bool { return !isComputeResource(name) })
	addMissing(kept, old, isComputeResource)
	return kept
}
