package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Evict marks a pod as disrupted and deletes it: the pods/eviction subresource, as addConditionAndDeletePod does. There are no
// disruption budgets that could object. It owns no fields.
func (a *API) Evict(namespace, name string, opts metav1.DeleteOptions) error {
	o := WriteOptions{DryRun: len(opts.DryRun) > 0}
	if !o.DryRun {
		marked, err := a.disrupt(namespace, name, opts)
		if err != nil {
			return err
		}
		if p := opts.Preconditions; p != nil && p.ResourceVersion != nil {
			opts.Preconditions = p.DeepCopy()
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
		return pod, a.Store.Update(registry.Pods.GroupResource(), old, pod)
	})
}
