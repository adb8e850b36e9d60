package scheduler

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// What a container that requests nothing counts for when nodes are compared, as DefaultMilliCPURequest and
// DefaultMemoryRequest.
const (
	assumedCPU    = 100
	assumedMemory = 200 << 20
)

// amounts are quantities by resource: CPU in thousandths, all others in whole units.
type amounts map[corev1.ResourceName]int64

// needs is what a pod wants of a node, worked out once.
type needs struct {
	requests           amounts
	weightCPU, weightM int64 // requests as they count in comparisons
	ports              []hostPort
	required           []term // nil: any node
	preferred          []term
	selector           map[string]string
	owner              types.UID // its controller
	terms              *podTerms // nil: it asks nothing of its neighbours
}

// hostPort is a port that a pod takes on its node.
type hostPort struct {
	protocol corev1.Protocol
	ip       string
	port     int32
}

func needsOf(pod *corev1.Pod) needs {
	n := needs{
		requests: requestsOf(pod),
		ports:    hostPorts(pod),
		selector: pod.Spec.NodeSelector,
		terms:    podTermsOf(pod),
	}
	n.weightCPU, n.weightM = weight(pod)
	if ref := metav1.GetControllerOfNoCopy(pod); ref != nil {
		n.owner = ref.UID
	}
	if a := pod.Spec.Affinity; a != nil && a.NodeAffinity != nil {
		if required := a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution; required != nil {
			n.required = terms(required.NodeSelectorTerms)
		}
		for _, t := range a.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution {
			n.preferred = append(n.preferred, newTerm(t.Preference, int64(t.Weight)))
		}
	}
	return n
}

// requestsOf is PodRequests of component-helpers: what the containers and sidecars want together, or what an init
// container and the sidecars started before it want where that is more, the pod's own requests where it has some, and
// its overhead.
func requestsOf(pod *corev1.Pod) amounts {
	sum, sidecars, peak := amounts{}, amounts{}, amounts{}
	for i := range pod.Spec.Containers {
		sum.add(amountsOf(pod.Spec.Containers[i].Resources.Requests), 1)
	}
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		wants := amountsOf(c.Resources.Requests)
		if sidecar(c) {
			sum.add(wants, 1)
			sidecars.add(wants, 1)
			wants = amounts{}
		}
		wants.add(sidecars, 1)
		peak.raise(wants)
	}
	sum.raise(peak)
	if pod.Spec.Resources != nil {
		for name, q := range amountsOf(pod.Spec.Resources.Requests) {
			sum[name] = q
		}
	}
	sum.add(amountsOf(pod.Spec.Overhead), 1)
	return sum
}

func sidecar(c *corev1.Container) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// weight is the CPU and memory that a pod counts for when nodes are compared.
func weight(pod *corev1.Pod) (cpu, memory int64) {
	for i := range pod.Spec.Containers {
		requests := pod.Spec.Containers[i].Resources.Requests
		c, m := int64(assumedCPU), int64(assumedMemory)
		if q, ok := requests[corev1.ResourceCPU]; ok {
			c = q.MilliValue()
		}
		if q, ok := requests[corev1.ResourceMemory]; ok {
			m = q.Value()
		}
		cpu, memory = cpu+c, memory+m
	}
	return cpu, memory
}

func amountsOf(list corev1.ResourceList) amounts {
	a := make(amounts, len(list))
	for name, q := range list {
		if name == corev1.ResourceCPU {
			a[name] = q.MilliValue()
		} else {
			a[name] = q.Value()
		}
	}
	return a
}

// add adds b, times sign, to a.
func (a amounts) add(b amounts, sign int64) {
	for name, n := range b {
		a[name] += sign * n
	}
}

// raise makes each amount at least that of b.
func (a amounts) raise(b amounts) {
	for name, n := range b {
		a[name] = max(a[name], n)
	}
}

// hostPorts are the ports that containers and sidecars take on the node.
func hostPorts(pod *corev1.Pod) []hostPort {
	var ports []hostPort
	take := func(c *corev1.Container) {
		for _, p := range c.Ports {
			if p.HostPort > 0 {
				ports = append(ports, hostPort{p.Protocol, anyIP(p.HostIP), p.HostPort})
			}
		}
	}
	for i := range pod.Spec.Containers {
		take(&pod.Spec.Containers[i])
	}
	for i := range pod.Spec.InitContainers {
		if sidecar(&pod.Spec.InitContainers[i]) {
			take(&pod.Spec.InitContainers[i])
		}
	}
	return ports
}

const everyIP = "0.0.0.0"

func anyIP(ip string) string {
	if ip == "" {
		return everyIP
	}
	return ip
}
