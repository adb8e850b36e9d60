package sdk

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// requests is how much of a resource a pod takes of a node, as PodRequests of component-helpers sums it up: what runs at a time, or the
// init container that needs most with the sidecars before it, and the overhead. What the pod requests as a whole replaces the sum.
func requests(spec *corev1.PodSpec, name corev1.ResourceName) resource.Quantity {
	var sum, sidecars, most resource.Quantity
	for i := range spec.InitContainers {
		want := spec.InitContainers[i].Resources.Requests[name]
		if policy := spec.InitContainers[i].RestartPolicy; policy != nil && *policy == corev1.ContainerRestartPolicyAlways {
			sidecars.Add(want)
			want = resource.Quantity{}
		}
		want.Add(sidecars)
		if want.Cmp(most) > 0 {
			most = want
		}
	}
	for i := range spec.Containers {
		sum.Add(spec.Containers[i].Resources.Requests[name])
	}
	sum.Add(sidecars)
	if most.Cmp(sum) > 0 {
		sum = most
	}
	if spec.Resources != nil {
		if whole, ok := spec.Resources.Requests[name]; ok {
			sum = whole.DeepCopy()
		}
	}
	sum.Add(spec.Overhead[name])
	return sum
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
