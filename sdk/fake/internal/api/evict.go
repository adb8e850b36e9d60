package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Evict marks a pod as disrupted and deletes it, unless a disruption budget forbids that: the pods/eviction subresource, as
// EvictionREST.Create does. It owns no fields of the pod.
func (a *API) Evict(namespace, name string, opts metav1.DeleteOptions) error {
	for {
		obj, err := a.Get(registry.Pods, namespace, name)
		if err != nil {
			return err
		}
		pod := obj.(*corev1.Pod)
		if !harmless(pod) {
			return a.evictWithin(pod, opts)
		}
		given := opts
		if pod.Status.Phase == corev1.PodPending && pod.DeletionTimestamp == nil && !pinned(opts) {
			given = pinnedTo(opts, pod) // it may have become ready
		}
		if err := a.disruptAndDelete(namespace, name, given); !apierrors.IsConflict(err) || pinned(opts) {
			return err
		}
	}
}

// harmless says whether a pod can go without anybody missing it, as canIgnorePDB.
func harmless(pod *corev1.Pod) bool {
	switch pod.Status.Phase {
	case corev1.PodSucceeded, corev1.PodFailed, corev1.PodPending:
		return true
	}
	return pod.DeletionTimestamp != nil
}

// evictWithin evicts a pod that runs if its budget has room for that.
func (a *API) evictWithin(pod *corev1.Pod, opts metav1.DeleteOptions) error {
	budget, free, err := a.budgetOf(pod)
	if err != nil {
		return err
	}
	given := opts
	switch {
	case budget == nil:
	case free:
		given = pinnedTo(opts, pod) // as long as it is not ready
	default:
		if err := a.spend(budget, pod.Name, len(opts.DryRun) > 0); err != nil {
			return err
		}
	}
	err = a.disruptAndDelete(pod.Namespace, pod.Name, given)
	if free && apierrors.IsConflict(err) && !pinned(opts) {
		return overtaken(budget.Name)
	}
	return err
}

// pinned says whether a deletion is for one version of the object.
func pinned(opts metav1.DeleteOptions) bool {
	return opts.Preconditions != nil && opts.Preconditions.ResourceVersion != nil
}

func pinnedTo(opts metav1.DeleteOptions, pod *corev1.Pod) metav1.DeleteOptions {
	if opts.Preconditions = opts.Preconditions.DeepCopy(); opts.Preconditions == nil {
		opts.Preconditions = &metav1.Preconditions{}
	}
	opts.Preconditions.ResourceVersion = new(pod.ResourceVersion)
	return opts
}

// disruptAndDelete is addConditionAndDeletePod.
func (a *API) disruptAndDelete(namespace, name string, opts metav1.DeleteOptions) error {
	o := WriteOptions{DryRun: len(opts.DryRun) > 0}
	if !o.DryRun {
		marked, err := a.disrupt(namespace, name, opts)
		if err != nil {
			return err
		}
		if pinned(opts) {
			opts.Preconditions = opts.Preconditions.DeepCopy()
			opts.Preconditions.ResourceVersion = new(marked.GetResourceVersion())
		}
	}
	_, _, err := a.Delete(registry.Pods, namespace, name, opts, o)
	return err
}

// disrupt says in a pod's status that it is evicted.
func (a *API) disrupt(namespace, name string, opts metav1.DeleteOptions) (store.Object, error) {
	return a.rewrite(registry.Pods, namespace, name, func(old store.Object) (store.Object, error) {
		if err := checkPreconditions(registry.Pods, old, opts.Preconditions); err != nil {
			return nil, err
		}
		pod := clone(old).(*corev1.Pod)
		setCondition(&pod.Status, corev1.PodCondition{
			Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, Reason: "EvictionByEvictionAPI", Message: "Eviction API: evicting",
		})
		if equality.Semantic.DeepEqual(old, pod) {
			return old, nil
		}
		return pod, a.storeUpdate(registry.Pods, old, pod)
	})
}
