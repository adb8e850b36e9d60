package types

import (
	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// requestLimits makes limits the requests where only limits are given, as SetDefaults_Pod does.
func requestLimits(r *corev1.ResourceRequirements) {
	if r.Limits == nil {
		return
	}
	if r.Requests == nil {
		r.Requests = corev1.ResourceList{}
	}
	addMissing(r.Requests, r.Limits, func(corev1.ResourceName) bool { return true })
}

// addMissing copies what to lacks.
func addMissing(to, from corev1.ResourceList, wanted func(corev1.ResourceName) bool) {
	for name, quantity := range from {
		if _, ok := to[name]; !ok && wanted(name) {
			to[name] = quantity.DeepCopy()
		}
	}
}

func defaultResources(r *corev1.ResourceRequirements) {
	roundUp(r.Limits)
	roundUp(r.Requests)
}

// roundUp takes quantities finer than a thousandth up to the next, as SetDefaults_ResourceList does.
func roundUp(list corev1.ResourceList) {
	for name, quantity := range list {
		quantity.RoundUp(resource.Milli)
		list[name] = quantity
	}
}

// defaultPodResources completes the pod-level requests and limits from those of the containers, as defaultHugePagePodLimits,
// defaultPodRequests and defaultPodLimits do. A pod without pod-level resources is left alone.
func defaultPodResources(spec *corev1.PodSpec) {
	r := spec.Resources
	if r == nil || len(r.Limits) == 0 && len(r.Requests) == 0 {
		return
	}
	containerLimits := containerTotal(spec, func(c *corev1.Container) corev1.ResourceList { return c.Resources.Limits })
	limits := listOrNew(r.Limits)
	addMissing(limits, containerLimits, func(name corev1.ResourceName) bool {
		_, requested := r.Requests[name]
		return check.IsHugePages(name) && !requested
	})
	r.Limits = orNil(limits)
	if len(r.Limits) > 0 {
		requests := listOrNew(r.Requests)
		containerRequests := containerTotal(spec, func(c *corev1.Container) corev1.ResourceList { return c.Resources.Requests })
		addMissing(requests, containerRequests, isComputeResource)
		addMissing(requests, r.Limits, isPodLevelResource)
		r.Requests = orNil(requests)
	}
}

func listOrNew(list corev1.ResourceList) corev1.ResourceList {
	if list == nil {
		return corev1.ResourceList{}
	}
	return list
}

func orNil(list corev1.ResourceList) corev1.ResourceList {
	if len(list) == 0 {
		return nil
	}
	return list
}

func isComputeResource(name corev1.ResourceName) bool {
	return name == corev1.ResourceCPU || name == corev1.ResourceMemory
}

// isPodLevelResource tells the resources that may be given for a whole pod.
func isPodLevelResource(name corev1.ResourceName) bool {
	return isComputeResource(name) || check.IsHugePages(name)
}

// containerTotal is what all containers need together, as AggregateContainerRequests computes it: containers and sidecars run at
// once, and every other init container beside the sidecars before it.
func containerTotal(spec *corev1.PodSpec, of func(*corev1.Container) corev1.ResourceList) corev1.ResourceList {
	total := corev1.ResourceList{}
	each(spec.Containers, func(c *corev1.Container) { add(total, of(c)) })
	sidecars, peak := corev1.ResourceList{}, corev1.ResourceList{}
	each(spec.InitContainers, func(c *corev1.Container) {
		if isSidecar(c) {
			add(total, of(c))
			add(sidecars, of(c))
			raise(peak, sidecars)
			return
		}
		now := sidecars.DeepCopy()
		add(now, of(c))
		raise(peak, now)
	})
	raise(total, peak)
	return total
}

func add(to, more corev1.ResourceList) {
	for name, quantity := range more {
		sum := to[name]
		sum.Add(quantity)
		to[name] = sum
	}
}

func raise(to, floor corev1.ResourceList) {
	for name, quantity := range floor {
		if have, ok := to[name]; !ok || have.Cmp(quantity) < 0 {
			to[name] = quantity.DeepCopy()
		}
	}
}

// isSidecar reports whether an init container keeps running.
func isSidecar(c *corev1.Container) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}
