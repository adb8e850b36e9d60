package types

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// QOSClass is the class that decides who is evicted first, as ComputePodQOS of the kubelet and API server has it: only cpu and
// memory count, and zero quantities do not. Resources of the whole pod, where there are any, count alone.
func QOSClass(spec *corev1.PodSpec) corev1.PodQOSClass {
	if r := spec.Resources; r != nil && len(r.Requests)+len(r.Limits) > 0 {
		return qosOf([]corev1.ResourceRequirements{*spec.Resources})
	}
	var all []corev1.ResourceRequirements
	for _, c := range slices.Concat(spec.Containers, spec.InitContainers) {
		all = append(all, c.Resources)
	}
	return qosOf(all)
}

func qosOf(all []corev1.ResourceRequirements) corev1.PodQOSClass {
	requests, limits := corev1.ResourceList{}, corev1.ResourceList{}
	guaranteed := true
	for _, r := range all {
		addQOS(requests, r.Requests)
		if addQOS(limits, r.Limits) != len(qosResources) {
			guaranteed = false
		}
	}
	if len(requests) == 0 && len(limits) == 0 {
		return corev1.PodQOSBestEffort
	}
	if guaranteed && len(requests) == len(limits) {
		for name, limit := range limits {
			if request, ok := requests[name]; !ok || request.Cmp(limit) != 0 {
				return corev1.PodQOSBurstable
			}
		}
		return corev1.PodQOSGuaranteed
	}
	return corev1.PodQOSBurstable
}

var qosResources = []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory}

// addQOS adds what counts of r to sum and says how many resources it names.
func addQOS(sum, r corev1.ResourceList) int {
	n := 0
	for _, name := range qosResources {
		q, ok := r[name]
		if !ok || q.Cmp(resource.Quantity{}) <= 0 {
			continue
		}
		n++
		q = q.DeepCopy()
		if s, ok := sum[name]; ok {
			q.Add(s)
		}
		sum[name] = q
	}
	return n
}
