package kubelet

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What a node says of itself, as minikube's docker driver would.
const (
	kubeletVersion = "v1.37.2"
	runtimeVersion = "docker://28.5.1"
	kernelVersion  = "6.8.0"
	osImage        = "Debian GNU/Linux 12 (bookworm)"
	architecture   = "amd64"
	clusterName    = "minikube"
	kubeletPort    = 10250
)

// allocatable is what a node has to give. Nothing is kept back for the system.
func allocatable() corev1.ResourceList {
	return corev1.ResourceList{
		corev1.ResourceCPU:              resource.MustParse("2"),
		corev1.ResourceMemory:           resource.MustParse("8Gi"),
		corev1.ResourceEphemeralStorage: resource.MustParse("50Gi"),
		corev1.ResourcePods:             resource.MustParse("110"),
	}
}

// Node is a machine that a Kubelet plays.
type Node struct {
	Name  string
	IP    netip.Addr
	Index int // which part of the pod network its pods have, counted from 0
	NodeShape
}

// NodeShape is what a machine has and is called. The zero value is one that has what every machine has.
type NodeShape struct {
	Labels   map[string]string   // beside those that every node has, or instead of them
	Taints   []corev1.Taint      // that it registers with
	Capacity corev1.ResourceList // instead of what every machine has of it; zero of a resource takes it away
}

// resources are what the machine has.
func (s *NodeShape) resources() corev1.ResourceList {
	list := allocatable()
	for name, q := range s.Capacity {
		if list[name] = q.DeepCopy(); q.IsZero() {
			delete(list, name)
		}
	}
	return list
}

// key tells the machines apart whose objects have not the same fields.
func (s *NodeShape) key() string {
	if s.Labels == nil && s.Taints == nil && s.Capacity == nil {
		return ""
	}
	return fmt.Sprint(s.Labels, s.Taints, slices.Sorted(maps.Keys(s.resources())))
}

// Nodes are the n nodes of a cluster as minikube names and numbers them: minikube at 192.168.49.2, minikube-m02 at
// 192.168.49.3 and so on.
func Nodes(n int) []Node {
	nodes := make([]Node, n)
	ip := netip.AddrFrom4([4]byte{192, 168, 49, 2})
	for i := range nodes {
		nodes[i] = Node{Name: clusterName, IP: ip, Index: i}
		if i > 0 {
			nodes[i].Name = fmt.Sprintf("%s-m%02d", clusterName, i+1)
		}
		ip = ip.Next()
	}
	return nodes
}

// Object is the Node as its kubelet registers it at the given time. The first node is the control plane, and takes
// pods all the same.
func (n Node) Object(now metav1.Time) *corev1.Node {
	labels := map[string]string{
		"beta.kubernetes.io/arch": architecture,
		"beta.kubernetes.io/os":   string(corev1.Linux),
		corev1.LabelArchStable:    architecture,
		corev1.LabelHostname:      n.Name,
		corev1.LabelOSStable:      string(corev1.Linux),
		"minikube.k8s.io/name":    clusterName,
		"minikube.k8s.io/primary": fmt.Sprint(n.Index == 0),
	}
	if n.Index == 0 {
		labels["node-role.kubernetes.io/control-plane"] = ""
	}
	maps.Copy(labels, n.Labels)
	return &corev1.Node{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Node"},
		ObjectMeta: metav1.ObjectMeta{
			Name:   n.Name,
			Labels: labels,
			Annotations: map[string]string{
				"node.alpha.kubernetes.io/ttl":                           "0",
				"volumes.kubernetes.io/controller-managed-attach-detach": "true",
			},
		},
		Spec: corev1.NodeSpec{Taints: slices.Clone(n.Taints)},
		Status: corev1.NodeStatus{
			Addresses: []corev1.NodeAddress{
				{Type: corev1.NodeInternalIP, Address: n.IP.String()},
				{Type: corev1.NodeHostName, Address: n.Name},
			},
			Allocatable:     n.resources(),
			Capacity:        n.resources(),
			Conditions:      nodeConditions(now),
			DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: kubeletPort}},
			NodeInfo: corev1.NodeSystemInfo{
				Architecture:            architecture,
				BootID:                  uuidOf("boot", n.Name),
				ContainerRuntimeVersion: runtimeVersion,
				KernelVersion:           kernelVersion,
				KubeletVersion:          kubeletVersion,
				MachineID:               fmt.Sprintf("%.16x", sha256.Sum256([]byte("machine "+n.Name))),
				OperatingSystem:         string(corev1.Linux),
				OSImage:                 osImage,
				SystemUUID:              uuidOf("system", n.Name),
			},
		},
	}
}

// host is the network of the node itself: its address, its ports, its localhost. It is made when it is first asked for.
func (n *node) host(network *podnet.Network) (*podnet.Namespace, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.namespace == nil {
		n.namespace = network.At(n.IP) // of what else runs on the machine
	}
	if n.namespace == nil {
		namespace, err := network.NewNamespace(podnet.NamespaceOptions{Hostname: n.Name, IP: n.IP})
		if err != nil {
			return nil, fmt.Errorf("network of node %s: %w", n.Name, err)
		}
		n.namespace = namespace
	}
	return n.namespace, nil
}

// dialFromNode connects from the pod's node, as probes and hooks do.
func (w *worker) dialFromNode(ctx context.Context, network, address string) (net.Conn, error) {
	host, err := w.node.host(w.k.config.Network)
	if err != nil {
		return nil, err
	}
	return host.DialContext(ctx, network, address)
}

// nodeConditions are those of a healthy node, in the kubelet's order and words.
func nodeConditions(now metav1.Time) []corev1.NodeCondition {
	conditions := []corev1.NodeCondition{
		{Type: corev1.NodeMemoryPressure, Status: corev1.ConditionFalse,
			Reason: "KubeletHasSufficientMemory", Message: "kubelet has sufficient memory available"},
		{Type: corev1.NodeDiskPressure, Status: corev1.ConditionFalse,
			Reason: "KubeletHasNoDiskPressure", Message: "kubelet has no disk pressure"},
		{Type: corev1.NodePIDPressure, Status: corev1.ConditionFalse,
			Reason: "KubeletHasSufficientPID", Message: "kubelet has sufficient PID available"},
		{Type: corev1.NodeReady, Status: corev1.ConditionTrue,
			Reason: "KubeletReady", Message: "kubelet is posting ready status"},
	}
	for i := range conditions {
		conditions[i].LastHeartbeatTime, conditions[i].LastTransitionTime = now, now
	}
	return conditions
}

// uuidOf derives a UUID that is the same in every run.
func uuidOf(what, name string) string {
	h := sha256.Sum256([]byte(what + " " + name))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// Register creates the Node objects that are not there yet, each with the part of the pod network it has.
func (k *Kubelet) Register() error {
	for i := range k.config.Nodes {
		if err := k.register(&k.config.Nodes[i]); err != nil {
			return err
		}
	}
	return nil
}

func (k *Kubelet) register(n *Node) error {
	obj := n.Object(api.Now())
	if subnet, err := k.config.Network.Subnet(n.Index); err == nil {
		obj.Spec.PodCIDR, obj.Spec.PodCIDRs = subnet.String(), []string{subnet.String()}
	}
	shape := fmt.Sprint(n.Index == 0, obj.Spec.PodCIDRs, n.key()) // one label more, and a set, each of whose values is owned by itself
	_, err := k.config.API.Create(registry.Nodes, obj, api.WriteOptions{Manager: manager, Shape: shape})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("register node %s: %w", n.Name, err)
	}
	return nil
}
