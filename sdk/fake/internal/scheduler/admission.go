package scheduler

import (
	corev1 "k8s.io/api/core/v1"
)

// What a node's kubelet has to ask of a pod that comes to it, by whatever way, is what the scheduler asks: pkg/kubelet/lifecycle calls
// AdmissionCheck of the scheduler too.

// Requests are what a pod asks of a node: CPU in thousandths, all else in whole units, and no pods.
func Requests(pod *corev1.Pod) map[corev1.ResourceName]int64 { return requestsOf(pod) }

// Amounts are the quantities of a list as [Requests] counts them.
func Amounts(list corev1.ResourceList) map[corev1.ResourceName]int64 { return amountsOf(list) }

// Selects says whether a node is one that the pod's node selector and required node affinity allow.
func Selects(pod *corev1.Pod, node *corev1.Node) bool {
	n := needs{selector: pod.Spec.NodeSelector}
	if a := pod.Spec.Affinity; a != nil && a.NodeAffinity != nil {
		if required := a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution; required != nil {
			n.required = terms(required.NodeSelectorTerms)
		}
	}
	return n.selectsNode(node)
}

// Tolerates says whether a pod tolerates a taint.
func Tolerates(pod *corev1.Pod, taint *corev1.Taint) bool { return tolerates(pod, taint) }

// PortsClash says whether two pods take the same port of a node.
func PortsClash(a, b *corev1.Pod) bool {
	for _, one := range hostPorts(a) {
		for _, other := range hostPorts(b) {
			if one.clashes(other) {
				return true
			}
		}
	}
	return false
}

// HasHostPorts says whether a pod takes ports of its node.
func HasHostPorts(pod *corev1.Pod) bool { return len(hostPorts(pod)) > 0 }

// clashes: an address of all is the same as each.
func (p hostPort) clashes(o hostPort) bool {
	return p.port == o.port && p.protocol == o.protocol && (p.ip == o.ip || p.ip == everyIP || o.ip == everyIP)
}
