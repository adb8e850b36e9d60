package fake

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/draw"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// mostPods is how many pods of a node are drawn: nobody can read more.
const mostPods = 24

// drawNodes are the nodes by name with their pods, then what is on none of them, and what is still said to be on nodes that are gone.
func (c *Cluster) drawNodes(d *drawing) []draw.Node {
	pods := map[string][]draw.Pod{}
	for _, p := range c.drawnPods(d) {
		pods[p.Spec.NodeName] = append(pods[p.Spec.NodeName], d.pod(p))
	}
	var nodes []draw.Node
	objs, _ := c.api.List(registry.Nodes, "")
	for _, obj := range objs {
		node := obj.(*corev1.Node)
		nodes = append(nodes, drawNode(draw.Node{Name: node.Name, Note: nodeNote(node)}, pods[node.Name]))
		delete(pods, node.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(pods)) {
		n := draw.Node{Name: name, Note: "no such node", Waiting: true}
		if name == "" {
			n = draw.Node{Name: "Not scheduled", Waiting: true}
		}
		nodes = append(nodes, drawNode(n, pods[name]))
	}
	return nodes
}

// drawNode puts pods on a node, as many as can be read.
func drawNode(n draw.Node, pods []draw.Pod) draw.Node {
	if len(pods) > mostPods {
		n.Name += fmt.Sprintf(" (%d of %d pods)", mostPods, len(pods))
		pods = pods[:mostPods]
	}
	n.Pods = pods
	return n
}

func nodeNote(node *corev1.Node) string {
	var parts []string
	for _, a := range node.Status.Addresses {
		if a.Type == corev1.NodeInternalIP {
			parts = append(parts, a.Address)
			break
		}
	}
	state := "NotReady"
	for _, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue {
			state = "Ready"
		}
	}
	parts = append(parts, state)
	if node.Spec.Unschedulable {
		parts = append(parts, "unschedulable")
	}
	return strings.Join(parts, ", ")
}

// drawServices are the services by namespace and name, but for the API server's own.
func (c *Cluster) drawServices(d *drawing) []draw.Service {
	pods := c.drawnPods(d)
	var services []draw.Service
	objs, _ := c.api.List(registry.Services, d.namespace)
	for _, obj := range objs {
		s := obj.(*corev1.Service)
		if s.Namespace == metav1.NamespaceDefault && s.Name == "kubernetes" {
			continue
		}
		services = append(services, draw.Service{Name: d.shownName(s), Notes: serviceNotes(s), Targets: serviceTargets(s, pods)})
	}
	return services
}

func serviceNotes(s *corev1.Service) []string {
	var notes []string
	switch {
	case s.Spec.Type == corev1.ServiceTypeExternalName:
		return []string{"a name for " + s.Spec.ExternalName}
	case s.Spec.ClusterIP == corev1.ClusterIPNone:
		notes = append(notes, "headless")
	case s.Spec.ClusterIP != "":
		notes = append(notes, s.Spec.ClusterIP)
	}
	var ports []string
	for _, p := range s.Spec.Ports {
		text := strconv.Itoa(int(p.Port))
		if to := p.TargetPort.String(); to != "0" && to != text {
			text += " → " + to
		}
		if p.NodePort > 0 {
			text += fmt.Sprintf(" (on nodes %d)", p.NodePort)
		}
		ports = append(ports, text)
	}
	if len(ports) > 0 {
		notes = append(notes, strings.Join(ports, ", "))
	}
	return notes
}

// serviceTargets are the pods that a service selects and that have not ended. Those that are ready get its connections.
func serviceTargets(s *corev1.Service, pods []*corev1.Pod) []draw.Target {
	if len(s.Spec.Selector) == 0 {
		return nil
	}
	selected := selector.FromSet(s.Spec.Selector)
	var targets []draw.Target
	for _, p := range pods {
		ended := p.Status.Phase == corev1.PodSucceeded || p.Status.Phase == corev1.PodFailed
		if p.Namespace == s.Namespace && !ended && selected.Matches(p.Labels) {
			targets = append(targets, draw.Target{Pod: podID(p.Namespace, p.Name), Port: targetPorts(s, p), Ready: takesConnections(s, p)})
		}
	}
	return targets
}

// takesConnections says whether a pod is a ready endpoint of a service, as EndpointSlice's ready condition does.
func takesConnections(s *corev1.Service, pod *corev1.Pod) bool {
	if s.Spec.PublishNotReadyAddresses {
		return true
	}
	return pod.DeletionTimestamp == nil && slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// targetPorts are the ports of a pod that a service leads to, named ones as the pod numbers them.
func targetPorts(s *corev1.Service, pod *corev1.Pod) string {
	var all []string
	for _, p := range s.Spec.Ports {
		to := p.TargetPort.String()
		switch {
		case p.TargetPort.Type == intstr.String:
			to = portNamed(pod, to)
		case p.TargetPort.IntVal == 0:
			to = strconv.Itoa(int(p.Port))
		}
		all = append(all, to)
	}
	return strings.Join(all, ", ")
}

// portNamed is the number of a named port, or its name if the pod has none of that name.
func portNamed(pod *corev1.Pod, name string) string {
	for _, c := range pod.Spec.Containers {
		for _, p := range c.Ports {
			if p.Name == name {
				return strconv.Itoa(int(p.ContainerPort))
			}
		}
	}
	return name
}
