package controllers

import (
	"context"
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How long a node may be silent, as nodeMonitorGracePeriod and nodeStartupGracePeriod.
const (
	silenceAllowed = 50 * time.Second
	startAllowed   = 60 * time.Second
)

// NodeLifecycle finds nodes whose kubelets are silent and says so in their conditions, and gives nodes the taints that follow from their
// conditions. Where the real one looks at all nodes every five seconds, this one sets an alarm for each node that might fall silent: a
// kubelet of the cluster that runs is not one, since its last renewal of its lease is news.
type NodeLifecycle struct {
	api      *api.API
	recorder *events.Recorder
	alive    func(node string) bool
	queue    *queue[string]
	nodes    map[string]*nodeHealth
	zones    zones
}

// nodeHealth is when a node was last heard of, and what it said then.
type nodeHealth struct {
	seen      time.Time
	heartbeat metav1.Time
	renewed   metav1.MicroTime
	reports   bool // it has said whether it is ready
	ready     bool
	zone      string
	uncounted bool // it is excluded from disruption checks
}

// NewNodeLifecycle returns the controller. alive says whether a kubelet runs that will renew its lease once more before it stops; nil:
// none does. Run it once.
func NewNodeLifecycle(a *api.API, alive func(node string) bool) *NodeLifecycle {
	if alive == nil {
		alive = func(string) bool { return false }
	}
	return &NodeLifecycle{
		api: a, recorder: events.New(a, "node-controller", ""), alive: alive, queue: newQueue[string](),
		nodes: map[string]*nodeHealth{}, zones: zones{},
	}
}

// Run works until ctx ends.
func (c *NodeLifecycle) Run(ctx context.Context) {
	watchAndSync(ctx, c.api.Store, c.queue, c.observe, c.sync, registry.Nodes, registry.Leases)
}

func (c *NodeLifecycle) observe(e store.Event) {
	switch obj := e.Object.(type) {
	case *corev1.Node:
		if e.Version == 0 {
			c.meet(obj) // in silence: when the cluster came up nobody saw it either
		}
		c.queue.add(obj.Name)
	case *coordinationv1.Lease:
		if obj.Namespace == corev1.NamespaceNodeLease && e.Type != deleted {
			c.queue.add(obj.Name)
		}
	}
}

func (c *NodeLifecycle) sync(_ context.Context, name string) error {
	obj, err := c.api.Get(registry.Nodes, "", name)
	h := c.nodes[name]
	if err != nil {
		if h != nil {
			delete(c.nodes, name)
			c.tell(name, "RemovingNode", fmt.Sprintf("Node %[1]s event: Removing Node %[1]s from Controller", name))
			c.settle()
		}
		return nil
	}
	node := obj.(*corev1.Node)
	if h == nil {
		h = c.meet(node)
		c.tell(name, "RegisteredNode", fmt.Sprintf("Node %[1]s event: Registered Node %[1]s in Controller", name))
	}
	c.hear(node, h)
	if err := c.examine(&node, h); err != nil {
		return ignoreNotFound(err)
	}
	return ignoreNotFound(c.judge(node, h))
}

// meet makes the acquaintance of a node, which counts as ready until it says something else.
func (c *NodeLifecycle) meet(node *corev1.Node) *nodeHealth {
	h := &nodeHealth{seen: time.Now(), ready: true}
	if nodeReady(node) == nil {
		h.seen = node.CreationTimestamp.Time
	}
	c.nodes[node.Name] = h
	return h
}

// hear takes note of signs of life, as tryUpdateNodeHealth does: another heartbeat or a lease that was renewed.
func (c *NodeLifecycle) hear(node *corev1.Node, h *nodeHealth) {
	now := time.Now()
	if ready := nodeReady(node); ready != nil {
		if h.reports && !h.heartbeat.Equal(&ready.LastHeartbeatTime) {
			h.seen = now
		}
		h.heartbeat, h.reports = ready.LastHeartbeatTime, true
	}
	obj, err := c.api.Get(registry.Leases, corev1.NamespaceNodeLease, node.Name)
	if err != nil {
		return
	}
	renewed := obj.(*coordinationv1.Lease).Spec.RenewTime
	if renewed == nil || !h.renewed.Before(renewed) {
		return
	}
	h.renewed = *renewed
	if ago := now.Sub(renewed.Time); ago < 0 || ago > leaseRenewal {
		h.seen = now
	} else if renewed.After(h.seen) {
		h.seen = renewed.Time // which kubelets of the cluster write late, but with the time at which they meant to
	}
}

// leaseRenewal is how often a kubelet renews its lease.
const leaseRenewal = 10 * time.Second

// examine says in a node's conditions that it is silent, if it is, and in those of its pods that they are not ready.
func (c *NodeLifecycle) examine(node **corev1.Node, h *nodeHealth) error {
	if c.alive((*node).Name) {
		return nil
	}
	allowed := silenceAllowed
	was := nodeReady(*node)
	if was == nil {
		allowed = startAllowed
	}
	if left := time.Until(h.seen.Add(allowed)); left > 0 {
		c.queue.addAfter((*node).Name, left)
		return nil
	}
	if was != nil && was.Status == corev1.ConditionUnknown {
		return nil
	}
	obj, err := c.api.Update(registry.Nodes, "", (*node).Name, asManagerStatus, func(o store.Object) error {
		for _, t := range silencedConditions {
			silence(o.(*corev1.Node), t)
		}
		return nil
	})
	if err != nil {
		return err
	}
	*node = obj.(*corev1.Node)
	h.heartbeat, h.reports = nodeReady(*node).LastHeartbeatTime, true
	if was != nil && was.Status == corev1.ConditionTrue {
		c.tell((*node).Name, "NodeNotReady", fmt.Sprintf("Node %s status is now: NodeNotReady", (*node).Name))
		c.markPods((*node).Name)
	}
	return nil
}

// silencedConditions are what only a kubelet can know.
var silencedConditions = []corev1.NodeConditionType{
	corev1.NodeReady, corev1.NodeMemoryPressure, corev1.NodeDiskPressure, corev1.NodePIDPressure,
}

// silence makes a condition unknown.
func silence(node *corev1.Node, t corev1.NodeConditionType) {
	for i := range node.Status.Conditions {
		c := &node.Status.Conditions[i]
		if c.Type != t {
			continue
		}
		if c.Status != corev1.ConditionUnknown {
			c.Status, c.Reason, c.Message = corev1.ConditionUnknown, "NodeStatusUnknown", "Kubelet stopped posting node status."
			c.LastTransitionTime = api.Now()
		}
		return
	}
	node.Status.Conditions = append(node.Status.Conditions, corev1.NodeCondition{
		Type: t, Status: corev1.ConditionUnknown, Reason: "NodeStatusNeverUpdated", Message: "Kubelet never posted node status.",
		LastHeartbeatTime: node.CreationTimestamp, LastTransitionTime: api.Now(),
	})
}

// markPods says of the pods of a silent node that they are not ready, as MarkPodsNotReady.
func (c *NodeLifecycle) markPods(node string) {
	for _, pod := range podsOn(c.api, node) {
		ready := readyCondition(pod)
		if ready == nil {
			continue
		}
		obj, err := c.api.Update(registry.Pods, pod.Namespace, pod.Name, asManagerStatus, func(o store.Object) error {
			setPodCondition(&o.(*corev1.Pod).Status, corev1.PodReady, func(c *corev1.PodCondition) { c.Status = corev1.ConditionFalse })
			return nil
		})
		if err == nil {
			c.recorder.Event(obj, "", corev1.EventTypeWarning, "NodeNotReady", "Node is not ready")
		}
	}
}

// tell records an event of a node that may be gone, as RecordNodeEvent.
func (c *NodeLifecycle) tell(node, reason, message string) {
	obj, err := c.api.Get(registry.Nodes, "", node)
	if err != nil {
		obj = &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: node}}
	}
	c.recorder.Event(obj, "", corev1.EventTypeNormal, reason, message)
}

func nodeReady(node *corev1.Node) *corev1.NodeCondition {
	for i := range node.Status.Conditions {
		if c := &node.Status.Conditions[i]; c.Type == corev1.NodeReady {
			return c
		}
	}
	return nil
}

// podsOn are the pods of a node, by namespace and name.
func podsOn(a *api.API, node string) []*corev1.Pod {
	objects, _ := a.List(registry.Pods, "")
	var on []*corev1.Pod
	for _, o := range objects {
		if pod := o.(*corev1.Pod); pod.Spec.NodeName == node {
			on = append(on, pod)
		}
	}
	return on
}

// setPodCondition changes a condition, and its time if its status changes.
func setPodCondition(status *corev1.PodStatus, t corev1.PodConditionType, change func(*corev1.PodCondition)) {
	for i := range status.Conditions {
		if status.Conditions[i].Type == t {
			was := status.Conditions[i]
			if change(&status.Conditions[i]); status.Conditions[i].Status != was.Status {
				status.Conditions[i].LastTransitionTime = api.Now()
			}
			return
		}
	}
	c := corev1.PodCondition{Type: t, LastTransitionTime: api.Now()}
	change(&c)
	status.Conditions = append(status.Conditions, c)
}

// updateTaints rewrites a node's taints unless they are what they should be.
func updateTaints(a *api.API, node *corev1.Node, right func([]corev1.Taint) []corev1.Taint) error {
	if equality.Semantic.DeepEqual(right(node.Spec.Taints), node.Spec.Taints) {
		return nil
	}
	_, err := a.Update(registry.Nodes, "", node.Name, asManager, func(o store.Object) error {
		n := o.(*corev1.Node)
		n.Spec.Taints = right(n.Spec.Taints)
		return nil
	})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
