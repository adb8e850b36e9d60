package kubelet

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// forward leads from a port of a node to one of a pod, as the portmap plugin of CNI does.
type forward struct {
	ip   netip.Addr // unspecified: every address of the node
	port uint16
	to   netip.AddrPort
	of   *worker
}

// takes says whether the forward is for what arrives at an address of its node.
func (f *forward) takes(at netip.AddrPort) bool {
	return f.port == at.Port() && (f.ip.IsUnspecified() || f.ip == at.Addr())
}

// forwardPorts opens the host ports of a pod that has a network of its own. The first pod to take a port has it, which the scheduler keeps
// from happening twice.
func (w *worker) forwardPorts(pod *corev1.Pod, ip netip.Addr) {
	w.node.mu.Lock()
	defer w.node.mu.Unlock()
	for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		for _, p := range c.Ports {
			if p.HostPort == 0 || p.Protocol != corev1.ProtocolTCP && p.Protocol != "" {
				continue
			}
			at, err := netip.ParseAddr(p.HostIP)
			if err != nil {
				at = netip.IPv4Unspecified()
			}
			w.node.forwards = append(w.node.forwards, forward{at, uint16(p.HostPort), netip.AddrPortFrom(ip, uint16(p.ContainerPort)), w})
		}
	}
}

// closePorts ends what forwardPorts opened.
func (w *worker) closePorts() {
	w.node.mu.Lock()
	defer w.node.mu.Unlock()
	w.node.forwards = slices.DeleteFunc(w.node.forwards, func(f forward) bool { return f.of == w })
}

// HostPort is the port of a pod that an address of a node leads to, false if no pod has that host port. An address on loopback is that of
// the node with the given name.
func (k *Kubelet) HostPort(node string, at netip.AddrPort) (netip.AddrPort, bool) {
	n := k.nodes[node]
	if n == nil {
		return netip.AddrPort{}, false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range n.forwards {
		if f := &n.forwards[i]; f.takes(at) {
			return f.to, true
		}
	}
	return netip.AddrPort{}, false
}

// HasPower says whether a machine is on, whether or not its kubelet runs.
func (k *Kubelet) HasPower(name string) bool {
	n := k.nodes[name]
	if n == nil {
		return false
	}
	n.life.RLock()
	defer n.life.RUnlock()
	return n.power != off
}
