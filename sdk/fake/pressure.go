package fake

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// OOMKill ends a container as the kernel does that has no memory left for it: exit code 137, reason OOMKilled. Limits are not
// enforced by themselves, since a Go function has no memory of its own. The container is restarted as its pod's restart
// policy says. The error says that there is no such pod, or that no such container runs in it.
func (c *Cluster) OOMKill(namespace, pod, container string) error {
	c.myTurn()
	if err := c.kubelet.OOMKill(namespace, pod, container); err != nil {
		return fmt.Errorf("kill container %s of pod %s/%s for lack of memory: %w", container, namespace, pod, err)
	}
	return nil
}

// EvictForPressure ends a pod at once as a kubelet does whose node runs out of a resource, memory or ephemeral-storage for
// instance. The pod stays in the API, Failed and with the reason Evicted; a controller makes another one. This is not the
// eviction of the API, which kubectl drain asks for. The error says that there is no such pod on a node.
func (c *Cluster) EvictForPressure(namespace, pod string, resource corev1.ResourceName) error {
	c.myTurn()
	if err := c.kubelet.Evict(namespace, pod, resource); err != nil {
		return fmt.Errorf("evict pod %s/%s for lack of %s: %w", namespace, pod, resource, err)
	}
	return nil
}
