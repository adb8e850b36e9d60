package controllers

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// TaintEviction deletes pods from nodes with NoExecute taints that they do not tolerate, or not for longer. It listens to pods only once
// there was such a taint.
type TaintEviction struct {
	api      *api.API
	recorder *events.Recorder
	queue    *queue[types.NamespacedName]
	tainted  map[string][]corev1.Taint         // by node
	planned  map[types.NamespacedName]eviction // of the pods that will have to go
	watcher  *store.Watcher                    // until it listens to pods
}

// eviction is when a pod has to go, and since when that is known.
type eviction struct{ since, at time.Time }

// NewTaintEviction returns the controller. Run it once.
func NewTaintEviction(a *api.API) *TaintEviction {
	return &TaintEviction{
		api: a, recorder: events.New(a, "taint-eviction-controller", ""), queue: newQueue[types.NamespacedName](),
		tainted: map[string][]corev1.Taint{}, planned: map[types.NamespacedName]eviction{},
	}
}

// Run works until ctx ends.
func (c *TaintEviction) Run(ctx context.Context) {
	lists, w, err := c.api.Store.ListAndWatch(registry.Nodes.StoreKey())
	if err != nil {
		return // the store is closed
	}
	defer w.Close()
	c.watcher = w
	for _, obj := range lists[0] {
		c.observe(store.Event{Type: watch.Added, Object: obj})
	}
	c.queue.run(ctx, w, c.observe, c.sync)
}

func (c *TaintEviction) observe(e store.Event) {
	switch obj := e.Object.(type) {
	case *corev1.Node:
		c.observeNode(obj, e.Type == deleted)
	case *corev1.Pod:
		name := nameOf(obj)
		if old, ok := e.Old.(*corev1.Pod); ok && e.Type != deleted && old.Spec.NodeName == obj.Spec.NodeName &&
			len(old.Spec.Tolerations) == len(obj.Spec.Tolerations) {
			return
		}
		if _, planned := c.planned[name]; planned || c.tainted[obj.Spec.NodeName] != nil {
			c.queue.add(name)
		}
	}
}

// observeNode has the pods of a node looked at if its taints have changed.
func (c *TaintEviction) observeNode(node *corev1.Node, gone bool) {
	var taints []corev1.Taint
	for _, t := range node.Spec.Taints {
		if t.Effect == corev1.TaintEffectNoExecute {
			taints = append(taints, t)
		}
	}
	was := c.tainted[node.Name]
	same := func(a, b corev1.Taint) bool { return a.MatchTaint(&b) && a.Value == b.Value }
	if !gone && slices.EqualFunc(was, taints, same) {
		return
	}
	if gone || taints == nil {
		delete(c.tainted, node.Name)
	} else {
		c.tainted[node.Name] = taints
		c.listen()
	}
	if gone {
		return
	}
	for _, pod := range podsOn(c.api, node.Name) {
		c.queue.add(nameOf(pod))
	}
}

func (c *TaintEviction) listen() {
	if c.watcher != nil {
		c.watcher.Include(registry.Pods.StoreKey())
		c.watcher = nil
	}
}

// sync decides about one pod, as processPodOnNode.
func (c *TaintEviction) sync(_ context.Context, name types.NamespacedName) error {
	obj, err := c.api.Get(registry.Pods, name.Namespace, name.Name)
	if err != nil {
		c.cancel(name)
		return nil
	}
	pod := obj.(*corev1.Pod)
	bearable, always := toleratedFor(pod, c.tainted[pod.Spec.NodeName])
	if always {
		c.cancel(name)
		return nil
	}
	now := time.Now()
	plan, planned := c.planned[name]
	if !planned {
		plan.since = now
	}
	if at := plan.since.Add(bearable); !planned || at.After(plan.at) || bearable == 0 {
		plan.at = at
		c.planned[name] = plan
	}
	if left := plan.at.Sub(now); left > 0 {
		c.queue.addAfter(name, left)
		return nil
	}
	delete(c.planned, name)
	if pod.DeletionTimestamp != nil {
		return nil
	}
	c.recorder.Event(reference(name), "", corev1.EventTypeNormal, "TaintManagerEviction", "Marking for deletion Pod "+name.String())
	return ignoreNotFound(c.evict(pod))
}

// cancel gives up what was planned for a pod.
func (c *TaintEviction) cancel(name types.NamespacedName) {
	if _, ok := c.planned[name]; ok {
		delete(c.planned, name)
		c.recorder.Event(reference(name), "", corev1.EventTypeNormal, "TaintManagerEviction", "Cancelling deletion of Pod "+name.String())
	}
}

// reference is a pod as the controller names it in events: it does not know the uid.
func reference(name types.NamespacedName) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: name.Namespace, Name: name.Name}}
}

// evict is addConditionAndDeletePod.
func (c *TaintEviction) evict(pod *corev1.Pod) error {
	_, err := c.api.Update(registry.Pods, pod.Namespace, pod.Name, asManagerStatus, func(o store.Object) error {
		disrupted(o.(*corev1.Pod), "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")
		return nil
	})
	if err != nil {
		return err
	}
	_, _, err = c.api.Delete(registry.Pods, pod.Namespace, pod.Name, metav1.DeleteOptions{}, asManager)
	return err
}

// disrupted says in a pod's status why it has to go.
func disrupted(pod *corev1.Pod, reason, message string) {
	setPodCondition(&pod.Status, corev1.DisruptionTarget, func(c *corev1.PodCondition) {
		c.Status, c.Reason, c.Message, c.ObservedGeneration = corev1.ConditionTrue, reason, message, pod.Generation
	})
}

// toleratedFor is how long a pod tolerates taints; always: as long as they are there.
func toleratedFor(pod *corev1.Pod, taints []corev1.Taint) (d time.Duration, always bool) {
	least := int64(math.MaxInt64)
	for i := range taints {
		t := slices.IndexFunc(pod.Spec.Tolerations, func(t corev1.Toleration) bool { return toleratesTaint(&t, &taints[i]) })
		if t < 0 {
			return 0, false
		}
		if seconds := pod.Spec.Tolerations[t].TolerationSeconds; seconds != nil {
			least = min(least, max(*seconds, 0))
		}
	}
	if least == math.MaxInt64 {
		return 0, true
	}
	return time.Duration(least) * time.Second, false
}

// toleratesTaint is ToleratesTaint.
func toleratesTaint(t *corev1.Toleration, taint *corev1.Taint) bool {
	if t.Effect != "" && t.Effect != taint.Effect || t.Key != "" && t.Key != taint.Key {
		return false
	}
	return t.Operator == corev1.TolerationOpExists || (t.Operator == "" || t.Operator == corev1.TolerationOpEqual) && t.Value == taint.Value
}
