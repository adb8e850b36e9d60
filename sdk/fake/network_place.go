package fake

import (
	"net/netip"

	"github.com/podwright/podwright/sdk/fake/internal/clusternet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Place is a part of a cluster's network. Pods belong to it as they are at that moment: one that is made later, and one whose labels change,
// is in it from its next connection on. A pod with the network of its node is where its node is, and at no place of pods.
type Place func(*Cluster) clusternet.Place

// AtPod is one pod.
func AtPod(namespace, name string) Place {
	return ofPods(func(pod *corev1.Pod) bool { return pod.Namespace == namespace && pod.Name == name })
}

// AtPods are the pods of a namespace that a label selector selects, "app=crane,tier!=cache" for example. It panics if there is no such
// selector; an empty one selects all pods.
func AtPods(namespace, selector string) Place {
	s, err := labels.Parse(selector)
	if err != nil {
		panic("fake: AtPods: " + err.Error())
	}
	return ofPods(func(pod *corev1.Pod) bool { return pod.Namespace == namespace && s.Matches(labels.Set(pod.Labels)) })
}

// AtNamespace are all pods of a namespace.
func AtNamespace(namespace string) Place {
	return ofPods(func(pod *corev1.Pod) bool { return pod.Namespace == namespace })
}

// AtNode is a node and all pods on it.
func AtNode(name string) Place {
	return func(*Cluster) clusternet.Place {
		return func(_ netip.Addr, _ *corev1.Pod, node string) bool { return node == name }
	}
}

// AtService are the endpoints of a service, ready or not.
func AtService(namespace, name string) Place {
	return func(c *Cluster) clusternet.Place {
		return func(ip netip.Addr, _ *corev1.Pod, _ string) bool { return c.isEndpoint(namespace, name, ip.String()) }
	}
}

// AtAddress are the addresses of a block, such as 192.168.49.1/32 for the machine outside. It panics if there is no such block.
func AtAddress(cidr string) Place {
	block := netip.MustParsePrefix(cidr)
	return func(*Cluster) clusternet.Place {
		return func(ip netip.Addr, _ *corev1.Pod, _ string) bool { return block.Contains(ip) }
	}
}

// Anywhere is every place.
func Anywhere(*Cluster) clusternet.Place {
	return func(netip.Addr, *corev1.Pod, string) bool { return true }
}

func ofPods(in func(*corev1.Pod) bool) Place {
	return func(*Cluster) clusternet.Place {
		return func(_ netip.Addr, pod *corev1.Pod, _ string) bool { return pod != nil && in(pod) }
	}
}

// isEndpoint says whether a service has an endpoint at an address.
func (c *Cluster) isEndpoint(namespace, service, ip string) bool {
	objects, _ := c.api.List(registry.EndpointSlices, namespace)
	for _, obj := range objects {
		slice := obj.(*discoveryv1.EndpointSlice)
		if slice.Labels[discoveryv1.LabelServiceName] != service {
			continue
		}
		for i := range slice.Endpoints {
			for _, address := range slice.Endpoints[i].Addresses {
				if address == ip {
					return true
				}
			}
		}
	}
	return false
}
