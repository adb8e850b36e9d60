package fake

import (
	"fmt"
	"net/netip"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

// NodeSpec says what nodes are like. The zero value is one node like all others.
type NodeSpec struct {
	// Count is how many there are; 0 is 1.
	Count int
	// Labels are beside those that every node has; of the same name they replace them.
	Labels map[string]string
	// Taints are those that the node registers with.
	Taints []corev1.Taint
	// Capacity is what the node has, instead of the usual amount of each resource that it names, or in addition. All of it can be
	// allocated. A quantity of zero takes the resource away.
	Capacity corev1.ResourceList
}

// NodesLike adds nodes to those of [Nodes], which are one by default: fake.Nodes(0) with NodesLike makes these the only ones. They are
// named and numbered on, minikube-m02 and so on, in the order of the options. A cluster has at most 256 nodes.
func NodesLike(specs ...NodeSpec) Option {
	return func(o *options) { o.pools = append(o.pools, specs...) }
}

// shapes is what each node of the cluster is like.
func (o *options) shapes() []kubelet.NodeShape {
	shapes := make([]kubelet.NodeShape, max(o.nodes, 0))
	for _, s := range o.pools {
		for range max(s.Count, 1) {
			shapes = append(shapes, kubelet.NodeShape{Labels: s.Labels, Taints: s.Taints, Capacity: s.Capacity})
		}
	}
	return shapes
}

// machines are the nodes of the cluster.
func (o *options) machines() []kubelet.Node {
	shapes := o.shapes()
	nodes := kubelet.Nodes(len(shapes))
	for i := range nodes {
		nodes[i].NodeShape = shapes[i]
	}
	return nodes
}

// Node is one of the machines of a cluster, for tests of what becomes of pods when it fails. Its Node object is another thing: that can
// be cordoned, tainted and deleted through the API. Get one from [Cluster.Node]. Its methods may be called at any time by any goroutine
// but that of a program on the node.
type Node struct {
	cluster *Cluster
	name    string
}

// Node returns the machine of a name, minikube or minikube-m02 for example. That there is none is an error of its methods.
func (c *Cluster) Node(name string) *Node { return &Node{c, name} }

// Name is the name of the machine and of its Node object.
func (n *Node) Name() string { return n.name }

// IP is the machine's address in the cluster, or the zero value if there is no such machine.
func (n *Node) IP() netip.Addr {
	for i := range n.cluster.nodes {
		if n.cluster.nodes[i].Name == n.name {
			return n.cluster.nodes[i].IP
		}
	}
	return netip.Addr{}
}

// StopKubelet stops the kubelet: containers go on, but nobody starts, restarts, stops or probes any, writes statuses or renews the
// node's lease, and logs, exec and port-forward are refused. After 50 seconds the node controller makes the node's conditions Unknown,
// its pods not ready, and taints the node; pods are deleted when they do not tolerate that any more, by default 300 seconds later, and
// stay Terminating until the kubelet is back or they are deleted by force. Of a cluster none of whose nodes is ready no pod is evicted.
//
// When StopKubelet returns the kubelet has done its last deed. Stopping it again changes nothing.
func (n *Node) StopKubelet() error { return n.do("stop the kubelet of", n.cluster.kubelet.StopKubelet) }

// PowerOff ends all containers at once, with exit code 255 but nobody to tell of it, and the kubelet. In the API all is as with
// [Node.StopKubelet]. Programs of the containers get no grace: everything they hold fails, as after SIGKILL.
func (n *Node) PowerOff() error { return n.do("power off", n.cluster.kubelet.PowerOff) }

// Start starts the kubelet, and the machine if it was off. The node is ready again, and registered again if its object was deleted.
// Pods that were deleted meanwhile end; after a power-off the others get new addresses, and their containers, init containers first, are
// restarted as restart policies say. Starting what runs changes nothing.
func (n *Node) Start() error { return n.do("start", n.cluster.kubelet.Start) }

func (n *Node) do(what string, f func(string) error) error {
	n.cluster.myTurn()
	if err := f(n.name); err != nil {
		return fmt.Errorf("%s node %s: %w", what, n.name, err)
	}
	return nil
}
