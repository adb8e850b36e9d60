package controllers

import (
	"context"
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// deletionTimeout is how long a pod that is about to be evicted is taken for gone, as DeletionTimeout.
	deletionTimeout = 2 * time.Minute
	// staleDisruption is how long a pod that was not deleted after all is marked as disrupted, as stalePodDisruptionTimeout.
	staleDisruption = 2 * time.Minute
)

// Disruption fills in the status of disruption budgets: how many pods there should be, how many are healthy, and so how many may be
// evicted.
type Disruption struct {
	api      *api.API
	recorder *events.Recorder
	queue    *queue[disruptionKey]
}

// disruptionKey is a budget, or a pod that is marked as disrupted and may have to be unmarked.
type disruptionKey struct {
	pod bool
	types.NamespacedName
}

// NewDisruption returns the controller. Run it once.
func NewDisruption(a *api.API) *Disruption {
	return &Disruption{api: a, recorder: events.New(a, "controllermanager", ""), queue: newQueue[disruptionKey]()}
}

// Run works until ctx ends.
func (c *Disruption) Run(ctx context.Context) {
	pods := func() []schema.GroupResource { return resourcesOf(registry.Pods) }
	watchOnceNeeded(ctx, c.api, c.queue, c.observe, c.sync, pods, registry.PodDisruptionBudgets)
}

func (c *Disruption) observe(e store.Event) {
	switch obj := e.Object.(type) {
	case *policyv1.PodDisruptionBudget:
		if e.Type != deleted {
			c.queue.add(disruptionKey{NamespacedName: nameOf(obj)})
		}
	case *corev1.Pod:
		c.observePod(e, obj)
	}
}

// observePod has the first budget of a pod synced: a pod that has several is an error that an event tells of.
func (c *Disruption) observePod(e store.Event, pod *corev1.Pod) {
	if budgets := c.api.BudgetsOf(pod); len(budgets) > 0 {
		if len(budgets) > 1 && e.Type != deleted {
			c.recorder.Event(pod, "", corev1.EventTypeWarning, "MultiplePodDisruptionBudgets", fmt.Sprintf(
				"Pod %q/%q matches multiple PodDisruptionBudgets.  Chose %q arbitrarily.", pod.Namespace, pod.Name, budgets[0].Name))
		}
		c.queue.add(disruptionKey{NamespacedName: nameOf(budgets[0])})
	}
	if wait, stale := staleMark(pod); stale && e.Type != deleted {
		c.queue.addAfter(disruptionKey{pod: true, NamespacedName: nameOf(pod)}, wait)
	}
}

func (c *Disruption) sync(_ context.Context, key disruptionKey) error {
	if key.pod {
		return ignoreNotFound(c.unmark(key.NamespacedName))
	}
	obj, err := c.api.Get(registry.PodDisruptionBudgets, key.Namespace, key.Name)
	if err != nil {
		return nil
	}
	b := obj.(*policyv1.PodDisruptionBudget)
	err = c.count(b)
	if err == nil || apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return ignoreNotFound(err)
	}
	return ignoreNotFound(c.failSafe(b, err))
}

// count writes what a budget allows now, as trySync does.
func (c *Disruption) count(b *policyv1.PodDisruptionBudget) error {
	pods, err := c.podsOf(b)
	if err != nil {
		c.recorder.Event(b, "", corev1.EventTypeWarning, "NoPods", fmt.Sprintf("Failed to get pods: %v", err))
		return err
	}
	if len(pods) == 0 {
		c.recorder.Event(b, "", corev1.EventTypeNormal, "NoPods", "No matching pods found")
	}
	expected, desired, unmanaged, err := c.expect(b, pods)
	if err != nil {
		c.recorder.Event(b, "", corev1.EventTypeWarning, "CalculateExpectedPodCountFailed",
			fmt.Sprintf("Failed to calculate the number of expected pods: %v", err))
		return err
	}
	if unmanaged {
		c.recorder.Event(b, "", corev1.EventTypeWarning, "UnmanagedPods", fmt.Sprintf("Pods selected by this PodDisruptionBudget (selector: %v) were found "+
			"to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. "+
			"To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.", b.Spec.Selector))
	}
	now := time.Now()
	disrupted, recheck := c.disruptedPods(b, pods, now)
	status := policyv1.PodDisruptionBudgetStatus{
		ObservedGeneration: b.Generation, ExpectedPods: expected, DesiredHealthy: desired, CurrentHealthy: healthy(pods, disrupted, now),
		DisruptedPods: disrupted,
	}
	if expected > 0 {
		status.DisruptionsAllowed = max(0, status.CurrentHealthy-desired)
	}
	if err := c.write(b, status); err != nil {
		return err
	}
	if recheck > 0 {
		c.queue.addAfter(disruptionKey{NamespacedName: nameOf(b)}, recheck)
	}
	return nil
}

func (c *Disruption) podsOf(b *policyv1.PodDisruptionBudget) ([]*corev1.Pod, error) {
	selector, err := metav1.LabelSelectorAsSelector(b.Spec.Selector)
	if err != nil {
		return nil, err
	}
	objects, _ := c.api.List(registry.Pods, b.Namespace)
	var pods []*corev1.Pod
	for _, obj := range objects {
		if selector.Matches(labels.Set(obj.GetLabels())) {
			pods = append(pods, obj.(*corev1.Pod))
		}
	}
	return pods, nil
}

// healthy counts the pods that are ready and stay, as countHealthyPods does.
func healthy(pods []*corev1.Pod, disrupted map[string]metav1.Time, now time.Time) int32 {
	var n int32
	for _, pod := range pods {
		at, going := disrupted[pod.Name]
		going = going && at.Add(deletionTimeout).After(now)
		if pod.DeletionTimestamp == nil && !going && api.PodReady(pod) {
			n++
		}
	}
	return n
}

// disruptedPods are those that are evicted and not deleted yet, and how long it is until the first of them is not waited for any more, as
// buildDisruptedPodMap finds them.
func (c *Disruption) disruptedPods(b *policyv1.PodDisruptionBudget, pods []*corev1.Pod, now time.Time) (left map[string]metav1.Time, recheck time.Duration) {
	for _, pod := range pods {
		at, ok := b.Status.DisruptedPods[pod.Name]
		if !ok || pod.DeletionTimestamp != nil {
			continue
		}
		wait := at.Add(deletionTimeout).Sub(now)
		if wait < 0 {
			c.recorder.Event(pod, "", corev1.EventTypeWarning, "NotDeleted",
				fmt.Sprintf("Pod was expected by PDB %s/%s to be deleted but it wasn't", b.Namespace, b.Namespace))
			continue
		}
		if left == nil {
			left = map[string]metav1.Time{}
		}
		left[pod.Name] = at
		if wait++; recheck == 0 || wait < recheck { // a moment later it is over
			recheck = wait
		}
	}
	return left, recheck
}

// write writes a status, but for its conditions, into the budget that it was worked out for.
func (c *Disruption) write(b *policyv1.PodDisruptionBudget, status policyv1.PodDisruptionBudgetStatus) error {
	return c.update(b, func(b *policyv1.PodDisruptionBudget) {
		status.Conditions = b.Status.Conditions
		was := b.Status
		b.Status = status
		api.SetDisruptionAllowed(b)
		if equality.Semantic.DeepEqual(was, b.Status) {
			b.Status = was
		}
	})
}

// failSafe allows no disruption where nobody knows how many there may be.
func (c *Disruption) failSafe(b *policyv1.PodDisruptionBudget, why error) error {
	return c.update(b, func(b *policyv1.PodDisruptionBudget) {
		b.Status.DisruptionsAllowed = 0
		meta.SetStatusCondition(&b.Status.Conditions, metav1.Condition{
			Type: policyv1.DisruptionAllowedCondition, Status: metav1.ConditionFalse, Reason: policyv1.SyncFailedReason, Message: why.Error(),
			ObservedGeneration: b.Status.ObservedGeneration, LastTransitionTime: api.Now(),
		})
	})
}

func (c *Disruption) update(b *policyv1.PodDisruptionBudget, change func(*policyv1.PodDisruptionBudget)) error {
	_, err := c.api.Update(registry.PodDisruptionBudgets, b.Namespace, b.Name, asManagerStatus, func(obj store.Object) error {
		obj.SetResourceVersion(b.ResourceVersion)
		change(obj.(*policyv1.PodDisruptionBudget))
		return nil
	})
	return err
}

// staleMark says whether a pod is marked as disrupted though nobody deletes it, and after what time that is not true any more.
func staleMark(pod *corev1.Pod) (time.Duration, bool) {
	if pod.DeletionTimestamp != nil || pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return 0, false
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.DisruptionTarget && c.Status == corev1.ConditionTrue && c.Reason != corev1.PodReasonTerminationByKubelet {
			return max(0, time.Until(c.LastTransitionTime.Add(staleDisruption))), true
		}
	}
	return 0, false
}

// unmark takes the mark from a pod that was not deleted after all, as syncStalePodDisruption does.
func (c *Disruption) unmark(name types.NamespacedName) error {
	obj, err := c.api.Get(registry.Pods, name.Namespace, name.Name)
	if err != nil {
		return err
	}
	wait, stale := staleMark(obj.(*corev1.Pod))
	switch {
	case !stale:
		return nil
	case wait > 0:
		c.queue.addAfter(disruptionKey{pod: true, NamespacedName: name}, wait)
		return nil
	}
	_, err = c.api.Update(registry.Pods, name.Namespace, name.Name, asManagerStatus, func(obj store.Object) error {
		pod := obj.(*corev1.Pod)
		if _, stale := staleMark(pod); !stale {
			return nil
		}
		conditions := pod.Status.Conditions
		for i := range conditions {
			if conditions[i].Type == corev1.DisruptionTarget {
				conditions[i] = corev1.PodCondition{Type: corev1.DisruptionTarget, Status: corev1.ConditionFalse, LastTransitionTime: api.Now()}
			}
		}
		return nil
	})
	return err
}
