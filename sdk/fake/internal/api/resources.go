package api

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// added is the sum of two lists, as quota.Add has it. Neither changes.
func added(a, b corev1.ResourceList) corev1.ResourceList {
	sum := make(corev1.ResourceList, len(a)+len(b))
	for name, q := range a {
		sum[name] = q.DeepCopy()
	}
	for name, q := range b {
		total, ok := sum[name]
		if !ok {
			sum[name] = q.DeepCopy()
			continue
		}
		total.Add(q)
		sum[name] = total
	}
	return sum
}

// largest has the larger amount of each resource that either list has.
func largest(a, b corev1.ResourceList) corev1.ResourceList {
	most := make(corev1.ResourceList, len(a)+len(b))
	for name, q := range a {
		most[name] = q.DeepCopy()
	}
	for name, q := range b {
		if is, ok := most[name]; !ok || q.Cmp(is) > 0 {
			most[name] = q.DeepCopy()
		}
	}
	return most
}

// exceeding is by how much a is more than b, zero where it is not, as SubtractWithNonNegativeResult.
func exceeding(a, b corev1.ResourceList) corev1.ResourceList {
	rest := make(corev1.ResourceList, len(a))
	for name, q := range a {
		left := q.DeepCopy()
		if other, ok := b[name]; ok {
			left.Sub(other)
		}
		if left.Sign() < 0 {
			left = resource.Quantity{Format: left.Format}
		}
		rest[name] = left
	}
	return rest
}

// only is the part of a list that has one of the names.
func only(list corev1.ResourceList, names []corev1.ResourceName) corev1.ResourceList {
	part := corev1.ResourceList{}
	for _, name := range names {
		if q, ok := list[name]; ok {
			part[name] = q
		}
	}
	return part
}

// sameAmounts says whether two lists have the same resources in the same amounts, however they are written.
func sameAmounts(a, b corev1.ResourceList) bool {
	return maps.EqualFunc(a, b, func(x, y resource.Quantity) bool { return x.Cmp(y) == 0 })
}

// resourceNames are the names in a list, sorted.
func resourceNames(list corev1.ResourceList) []corev1.ResourceName {
	return slices.Sorted(maps.Keys(list))
}

// intersection are those of names that are in others too.
func intersection(names, others []corev1.ResourceName) []corev1.ResourceName {
	var both []corev1.ResourceName
	for _, name := range names {
		if slices.Contains(others, name) {
			both = append(both, name)
		}
	}
	return both
}
