package apiserver

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/stream"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/streaming/pkg/httpstream"
)

// portForward carries connections into a pod.
func (s *Server) portForward(w http.ResponseWriter, req *http.Request, t target) error {
	var ports []int32
	asked := req.URL.Query()["ports"]
	if err := metav1.Convert_Slice_string_To_Slice_int32(&asked, &ports, nil); err != nil {
		return badRequest("%v", err)
	}
	pod, err := s.pod(t)
	if err != nil {
		return err
	}
	node, err := s.connect(req, pod)
	if err != nil {
		return err
	}
	open := s.forwards.open(pod)
	defer s.forwards.close(open)
	return stream.ServePortForward(w, req, t.name, podDialer{node, pod, open}, ports)
}

// exec and attach lead into a container.
func (s *Server) exec(w http.ResponseWriter, req *http.Request, t target) error {
	pod, err := s.pod(t)
	if err != nil {
		return err
	}
	container, err := chooseContainer(pod, req.URL.Query().Get("container"))
	if err != nil {
		return err
	}
	node, err := s.connect(req, pod)
	if err != nil {
		return err
	}
	c := remote{node: node, pod: pod, container: container}
	if t.subresource.Name == "exec" {
		c.command = req.URL.Query()["command"]
		if len(c.command) == 0 {
			return badRequest("you must specify at least one command for the container")
		}
	}
	return stream.ServeRemoteCommand(w, req, c)
}

// remote is a command in a container, or who attaches to it if there is none.
type remote struct {
	node      Node
	pod       *corev1.Pod
	container string
	command   []string
}

// Ready has for who attaches the words of the kubelet's GetAttach, which are not those of GetExec.
func (c remote) Ready() error {
	err := c.node.Ready(c.pod.Namespace, c.pod.Name, c.pod.UID, c.container)
	if err == nil || c.command != nil || apierrors.IsNotFound(err) {
		return err
	}
	return fmt.Errorf("container %s not found in pod %s_%s", c.container, c.pod.Name, c.pod.Namespace)
}

func (c remote) Run(ctx context.Context, s stream.Streams) error {
	if c.command == nil {
		return c.node.Attach(ctx, c.pod.Namespace, c.pod.Name, c.pod.UID, c.container, s)
	}
	return c.node.Exec(ctx, c.pod.Namespace, c.pod.Name, c.pod.UID, c.container, c.command, s)
}

// connect finds the kubelet that a connection into a pod goes to, as the pod registry's locations and the proxy handler behind them do.
func (s *Server) connect(req *http.Request, pod *corev1.Pod) (Node, error) {
	if pod.Spec.NodeName == "" {
		return nil, badRequest("pod %s does not have a host assigned", pod.Name)
	}
	if _, err := s.api.Get(registry.Nodes, "", pod.Spec.NodeName); err != nil {
		return nil, err
	}
	if !httpstream.IsUpgradeRequest(req) {
		return nil, badRequest("Upgrade request required")
	}
	return s.nodeOf(pod)
}

// podDialer dials the loopback of one pod.
type podDialer struct {
	node    Node
	pod     *corev1.Pod
	forward *openForward
}

func (d podDialer) DialPort(ctx context.Context, port uint16) (net.Conn, error) {
	conn, err := d.node.DialPort(ctx, d.pod.Namespace, d.pod.Name, d.pod.UID, port)
	if err == nil {
		d.forward.use(port)
	}
	return conn, err
}

func (s *Server) pod(t target) (*corev1.Pod, error) {
	obj, err := s.api.Get(t.resource, t.namespace, t.name)
	if err != nil {
		return nil, err
	}
	return obj.(*corev1.Pod), nil
}

// nodeOf is the kubelet of a pod's node. That of a node on which none runs does not answer.
func (s *Server) nodeOf(pod *corev1.Pod) (Node, error) {
	node, ok := s.node(pod.Spec.NodeName)
	if ok {
		return node, nil
	}
	obj, err := s.api.Get(registry.Nodes, "", pod.Spec.NodeName)
	if err != nil {
		return nil, err
	}
	return nil, apierrors.NewInternalError(fmt.Errorf("error dialing backend: dial tcp %s: connect: connection refused", kubeletAddress(obj.(*corev1.Node))))
}

// kubeletPort is where kubelets listen.
const kubeletPort = "10250"

func kubeletAddress(node *corev1.Node) string {
	for _, a := range node.Status.Addresses {
		if a.Type == corev1.NodeInternalIP {
			return net.JoinHostPort(a.Address, kubeletPort)
		}
	}
	return net.JoinHostPort(node.Name, kubeletPort)
}
