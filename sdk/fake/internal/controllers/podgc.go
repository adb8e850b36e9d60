package controllers

import (
	"context"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// quarantine is how long a node must be missing before its pods are deleted, as quarantineTime; the real one then finds out within
// another 20 seconds.
const quarantine = 40 * time.Second

// PodGC deletes pods, without waiting for anybody, that no kubelet will ever end: those of nodes that are gone, and those that are being
// deleted on nodes which are out of service. Pods that have ended are kept: the real one begins with more than 12,500 of them.
type PodGC struct {
	api   *api.API
	queue *queue[string] // of nodes
	nodes map[string]bool
	lost  map[string]time.Time // the nodes that are missing, and since when
}

// NewPodGC returns the controller. Run it once.
func NewPodGC(a *api.API) *PodGC {
	return &PodGC{api: a, queue: newQueue[string](), nodes: map[string]bool{}, lost: map[string]time.Time{}}
}

// Run works until ctx ends.
func (c *PodGC) Run(ctx context.Context) {
	watchAndSync(ctx, c.api.Store, c.queue, c.observe, c.sync, registry.Nodes, registry.Pods)
}

func (c *PodGC) observe(e store.Event) {
	switch obj := e.Object.(type) {
	case *corev1.Node:
		out := outOfService(obj)
		switch {
		case e.Type == deleted:
			delete(c.nodes, obj.Name)
			c.queue.add(obj.Name)
		default:
			c.nodes[obj.Name] = out
			delete(c.lost, obj.Name)
		}
		if out {
			c.queue.add(obj.Name)
		}
	case *corev1.Pod:
		out, known := c.nodes[obj.Spec.NodeName]
		if e.Type != deleted && obj.Spec.NodeName != "" && (!known || out && obj.DeletionTimestamp != nil) {
			c.queue.add(obj.Spec.NodeName)
		}
	}
}

// outOfService says whether a node is down and somebody has said that it will not come back soon.
func outOfService(node *corev1.Node) bool {
	ready := nodeReady(node)
	return (ready == nil || ready.Status != corev1.ConditionTrue) &&
		slices.ContainsFunc(node.Spec.Taints, func(t corev1.Taint) bool { return t.Key == corev1.TaintNodeOutOfService })
}

func (c *PodGC) sync(_ context.Context, node string) error {
	out, known := c.nodes[node]
	if known && !out {
		return nil
	}
	if !known {
		since, missing := c.lost[node]
		if !missing {
			since = time.Now()
			c.lost[node] = since
		}
		if left := time.Until(since.Add(quarantine)); left > 0 {
			c.queue.addAfter(node, left)
			return nil
		}
	}
	for _, pod := range podsOn(c.api, node) {
		if known && pod.DeletionTimestamp == nil {
			continue
		}
		if err := c.collect(pod, !known); ignoreNotFound(err) != nil {
			return err
		}
	}
	return nil
}

// collect is markFailedAndDeletePodWithCondition.
func (c *PodGC) collect(pod *corev1.Pod, orphan bool) error {
	if !ended(pod) {
		_, err := c.api.Update(registry.Pods, pod.Namespace, pod.Name, asManagerStatus, func(o store.Object) error {
			p := o.(*corev1.Pod)
			p.Status.Phase, p.Status.ObservedGeneration = corev1.PodFailed, p.Generation
			if orphan {
				disrupted(p, "DeletionByPodGC", "PodGC: node no longer exists")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	now := metav1.DeleteOptions{GracePeriodSeconds: new(int64(0)), Preconditions: &metav1.Preconditions{UID: &pod.UID}}
	_, _, err := c.api.Delete(registry.Pods, pod.Namespace, pod.Name, now, asManager)
	return err
}
