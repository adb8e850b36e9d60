package api

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// containerResources picks what a container asks for, or may use at most, of what is known of it. status is nil where the pod says
// nothing of that container.
type containerResources func(c *corev1.Container, status *corev1.ContainerStatus) corev1.ResourceList

func specRequests(c *corev1.Container, _ *corev1.ContainerStatus) corev1.ResourceList {
	return c.Resources.Requests
}
func specLimits(c *corev1.Container, _ *corev1.ContainerStatus) corev1.ResourceList {
	return c.Resources.Limits
}

// containersTogether is what the containers and sidecars of a pod come to, or what an init container and the sidecars before it come to
// where that is more, as AggregateContainerRequests of component-helpers reckons.
func containersTogether(pod *corev1.Pod, of containerResources) corev1.ResourceList {
	sum, sidecars, peak := corev1.ResourceList{}, corev1.ResourceList{}, corev1.ResourceList{}
	for i := range pod.Spec.Containers {
		c := &pod.Spec.Containers[i]
		sum = added(sum, of(c, statusOf(pod.Status.ContainerStatuses, c.Name)))
	}
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		wants := of(c, statusOf(pod.Status.InitContainerStatuses, c.Name))
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			sum, sidecars = added(sum, wants), added(sidecars, wants)
			wants = nil
		}
		peak = largest(peak, added(wants, sidecars))
	}
	return largest(sum, peak)
}

func statusOf(statuses []corev1.ContainerStatus, name string) *corev1.ContainerStatus {
	i := slices.IndexFunc(statuses, func(s corev1.ContainerStatus) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &statuses[i]
}

// withPodLevel puts what a pod asks for as a whole in the place of what its containers come to, for the resources that taken says.
func withPodLevel(sum, whole corev1.ResourceList, taken func(corev1.ResourceName) bool) corev1.ResourceList {
	for name, q := range whole {
		if taken(name) {
			sum[name] = q
		}
	}
	return sum
}

// podLevel says whether a pod can ask for a resource as a whole, as IsSupportedPodLevelResource.
func podLevel(name corev1.ResourceName) bool {
	return name == corev1.ResourceCPU || name == corev1.ResourceMemory || strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
}

// wholePod is what a pod asks for as a whole, and may use at most.
func wholePod(pod *corev1.Pod) (requests, limits corev1.ResourceList) {
	if pod.Spec.Resources == nil {
		return nil, nil
	}
	return pod.Spec.Resources.Requests, pod.Spec.Resources.Limits
}

// PodRequests are what a pod counts for in quotas: what it asks for or, while it is resized, has or was promised if that is more, and
// what running it costs, as PodRequests of component-helpers with UseStatusResources.
func PodRequests(pod *corev1.Pod) corev1.ResourceList {
	infeasible := resizeInfeasible(pod)
	promised := containersTogether(pod, func(c *corev1.Container, s *corev1.ContainerStatus) corev1.ResourceList {
		return firstOf(infeasible, c.Resources.Requests, allocated(s))
	})
	actual := containersTogether(pod, func(c *corev1.Container, s *corev1.ContainerStatus) corev1.ResourceList {
		return firstOf(infeasible, c.Resources.Requests, actuated(s).Requests, allocated(s))
	})
	sum := largest(promised, actual)
	if !infeasible {
		sum = largest(sum, containersTogether(pod, specRequests))
	}
	requests, _ := wholePod(pod)
	return added(withPodLevel(sum, requests, podLevel), pod.Spec.Overhead)
}

// PodLimits are the limits of a pod as quotas count them. Running it costs something only where there is a limit.
func PodLimits(pod *corev1.Pod) corev1.ResourceList {
	infeasible := resizeInfeasible(pod)
	sum := containersTogether(pod, func(c *corev1.Container, s *corev1.ContainerStatus) corev1.ResourceList {
		return firstOf(infeasible, c.Resources.Limits, actuated(s).Limits)
	})
	if !infeasible {
		sum = largest(sum, containersTogether(pod, specLimits))
	}
	_, limits := wholePod(pod)
	sum = withPodLevel(sum, limits, podLevel)
	for name, q := range pod.Spec.Overhead {
		if limit, ok := sum[name]; ok && !limit.IsZero() {
			limit.Add(q)
			sum[name] = limit
		}
	}
	return sum
}

// firstOf is the first list that a container's status has; else what the spec has, unless that will never come true.
func firstOf(infeasible bool, spec corev1.ResourceList, statuses ...corev1.ResourceList) corev1.ResourceList {
	for _, list := range statuses {
		if list != nil {
			return list
		}
	}
	if infeasible {
		return nil
	}
	return spec
}

func allocated(s *corev1.ContainerStatus) corev1.ResourceList {
	if s == nil {
		return nil
	}
	return s.AllocatedResources
}

func actuated(s *corev1.ContainerStatus) corev1.ResourceRequirements {
	if s == nil || s.Resources == nil {
		return corev1.ResourceRequirements{}
	}
	return *s.Resources
}

// resizeInfeasible says whether the node has refused what the pod was resized to.
func resizeInfeasible(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodResizePending && c.Reason == corev1.PodReasonInfeasible
	})
}
