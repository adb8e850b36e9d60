package controllers

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// scaleDown sorts pods by which of them goes first when there are too many, as ActivePodsWithRanks does. crowding is
// how many related pods each node holds. Pods between which nothing decides come by name.
func scaleDown(pods []*corev1.Pod, crowding map[string]int, now time.Time) []*corev1.Pod {
	slices.SortFunc(pods, func(a, b *corev1.Pod) int {
		for _, rule := range scaleDownRules {
			if c := rule(a, b, crowding, now); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return pods
}

// scaleDownRules are the rules in the order in which they decide. A negative answer means that a goes before b.
var scaleDownRules = []func(a, b *corev1.Pod, crowding map[string]int, now time.Time) int{
	unassignedFirst, phaseFirst, unreadyFirst, cheapFirst, crowdedFirst, readyLaterFirst, restartedFirst, newerFirst,
}

func unassignedFirst(a, b *corev1.Pod, _ map[string]int, _ time.Time) int {
	return trueFirst(a.Spec.NodeName == "", b.Spec.NodeName == "")
}

// phaseOrder is podPhaseToOrdinal.
var phaseOrder = map[corev1.PodPhase]int{corev1.PodPending: 0, corev1.PodUnknown: 1, corev1.PodRunning: 2}

func phaseFirst(a, b *corev1.Pod, _ map[string]int, _ time.Time) int {
	return phaseOrder[a.Status.Phase] - phaseOrder[b.Status.Phase]
}

func unreadyFirst(a, b *corev1.Pod, _ map[string]int, _ time.Time) int {
	return trueFirst(readyCondition(a) == nil, readyCondition(b) == nil)
}

func cheapFirst(a, b *corev1.Pod, _ map[string]int, _ time.Time) int {
	return cmp.Compare(deletionCost(a), deletionCost(b))
}

// deletionCost is GetDeletionCostFromPodAnnotations: what is no number of 32 bits counts as 0.
func deletionCost(pod *corev1.Pod) int64 {
	s := pod.Annotations[corev1.PodDeletionCost]
	if len(s) > 1 && (s[0] == '+' || s[0] == '0') {
		return 0 // the API server refuses such numbers too
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return 0
	}
	return n
}

func crowdedFirst(a, b *corev1.Pod, crowding map[string]int, _ time.Time) int {
	return crowding[b.Spec.NodeName] - crowding[a.Spec.NodeName]
}

// readyLaterFirst compares for how long two pods have been ready. Times of the same order of magnitude count as the
// same, and the uid decides, as with the LogarithmicScaleDown feature.
func readyLaterFirst(a, b *corev1.Pod, _ map[string]int, now time.Time) int {
	x, y := readyCondition(a), readyCondition(b)
	if x == nil || y == nil {
		return 0
	}
	return later(x.LastTransitionTime, y.LastTransitionTime, a, b, now)
}

// restartedFirst compares the container that restarted most often, then the sidecar that did, as
// compareMaxContainerRestarts does.
func restartedFirst(a, b *corev1.Pod, _ map[string]int, _ time.Time) int {
	return cmp.Or(
		cmp.Compare(maxRestarts(b.Status.ContainerStatuses), maxRestarts(a.Status.ContainerStatuses)),
		cmp.Compare(maxRestarts(sidecars(b)), maxRestarts(sidecars(a))),
	)
}

func maxRestarts(statuses []corev1.ContainerStatus) int32 {
	var n int32
	for _, s := range statuses {
		n = max(n, s.RestartCount)
	}
	return n
}

// sidecars are the statuses of the init containers that restart always.
func sidecars(pod *corev1.Pod) []corev1.ContainerStatus {
	var found []corev1.ContainerStatus
	for _, c := range pod.Spec.InitContainers {
		if c.RestartPolicy == nil || *c.RestartPolicy != corev1.ContainerRestartPolicyAlways {
			continue
		}
		for _, s := range pod.Status.InitContainerStatuses {
			if s.Name == c.Name {
				found = append(found, s)
			}
		}
	}
	return found
}

func newerFirst(a, b *corev1.Pod, _ map[string]int, now time.Time) int {
	return later(a.CreationTimestamp, b.CreationTimestamp, a, b, now)
}

// later puts the pod with the later time first. A pod without a time comes before one with it.
func later(x, y metav1.Time, a, b *corev1.Pod, now time.Time) int {
	switch {
	case x.Equal(&y):
		return 0
	case x.IsZero() || y.IsZero():
		return trueFirst(x.IsZero(), y.IsZero())
	}
	return cmp.Or(cmp.Compare(magnitude(x, now), magnitude(y, now)), cmp.Compare(a.UID, b.UID))
}

// magnitude is the logarithm of how long ago t was, -1 for now or later, as logarithmicRankDiff takes it.
func magnitude(t metav1.Time, now time.Time) int64 {
	if d := now.Sub(t.Time); d > 0 {
		return int64(math.Log2(float64(d)))
	}
	return -1
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
