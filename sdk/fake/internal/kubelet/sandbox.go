package kubelet

import (
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podipc"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// sandboxRetry is how long to wait when there is no address for a pod: the kubelet's backOffPeriod.
const sandboxRetry = 10 * time.Second

// openSandbox makes what the containers of the pod share, or joins what they share with their node: the network, processes if they
// ask for that, and inter-process communication.
func (w *worker) openSandbox(pod *corev1.Pod) error {
	network, err := w.networkOf(pod)
	if err != nil {
		return err
	}
	if isTrue(pod.Spec.ShareProcessNamespace) {
		w.pids = newPids(true)
	}
	if w.ipc = w.node.ipc; !pod.Spec.HostIPC {
		w.ipc = podipc.New()
	}
	w.ip = network.IP().String()
	if !pod.Spec.HostNetwork {
		w.forwardPorts(pod, network.IP())
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sandbox, w.hostNetwork = network, pod.Spec.HostNetwork
	return nil
}

func (w *worker) networkOf(pod *corev1.Pod) (*podnet.Namespace, error) {
	if pod.Spec.HostNetwork {
		return w.node.host(w.k.config.Network)
	}
	return w.ownNetwork(pod)
}

// closeSandbox frees the pod's address. The network of its node stays; what the containers had of it ended with them.
func (w *worker) closeSandbox() {
	w.mu.Lock()
	sandbox := w.sandbox
	w.sandbox = nil
	w.mu.Unlock()
	w.giveUp()
	if sandbox != nil && !w.hostNetwork {
		w.closePorts()
		_ = sandbox.Close()
	}
}
