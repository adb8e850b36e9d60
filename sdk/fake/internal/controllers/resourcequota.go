package controllers

import (
	"context"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// quotaResync is how often each quota is counted anew, whatever happens: what was charged for an object that was never stored is given
// back then, as ResourceQuotaSyncPeriod of a real controller manager has it.
const quotaResync = 5 * time.Minute

// ResourceQuota fills in the status of quotas: what they bound, and what is used of it. Admission counts what comes; the controller counts
// anew when something goes, a pod ends, or the quota itself changes.
type ResourceQuota struct {
	api    *api.API
	queue  *queue[types.NamespacedName]
	quotas map[string]map[string]*corev1.ResourceQuota // by namespace and name
}

// NewResourceQuota returns the controller. Run it once.
func NewResourceQuota(a *api.API) *ResourceQuota {
	return &ResourceQuota{api: a, queue: newQueue[types.NamespacedName](), quotas: map[string]map[string]*corev1.ResourceQuota{}}
}

// Run works until ctx ends.
func (c *ResourceQuota) Run(ctx context.Context) {
	watchOnceNeeded(ctx, c.api, c.queue, c.observe, c.sync, c.quotable, registry.ResourceQuotas)
}

// quotable are the resources of which a quota may bound something.
func (c *ResourceQuota) quotable() []schema.GroupResource {
	var resources []schema.GroupResource
	for _, r := range c.api.Table.Stored() {
		if api.Quotable(r) {
			resources = append(resources, r.StoreKey())
		}
	}
	return resources
}

func (c *ResourceQuota) observe(e store.Event) {
	if q, ok := e.Object.(*corev1.ResourceQuota); ok {
		c.observeQuota(e, q)
	}
	quotas := c.quotas[e.Object.GetNamespace()]
	if len(quotas) == 0 || e.Type != deleted && !frees(e) {
		return
	}
	r := c.api.Table.ForResource(e.Resource)
	if r == nil { // its kind went with it
		return
	}
	for _, q := range quotas {
		if api.Bounds(q, r) {
			c.queue.add(nameOf(q))
		}
	}
}

func (c *ResourceQuota) observeQuota(e store.Event, q *corev1.ResourceQuota) {
	if e.Type == deleted {
		delete(c.quotas[q.Namespace], q.Name)
		return
	}
	if c.quotas[q.Namespace] == nil {
		c.quotas[q.Namespace] = map[string]*corev1.ResourceQuota{}
	}
	was := c.quotas[q.Namespace][q.Name]
	c.quotas[q.Namespace][q.Name] = q
	if was == nil || !equality.Semantic.DeepEqual(was.Spec.Hard, q.Spec.Hard) {
		c.queue.add(nameOf(q))
	}
}

// frees says whether an update makes an object use another amount than admission has charged for, as DefaultUpdateFilter does.
func frees(e store.Event) bool {
	switch obj := e.Object.(type) {
	case *corev1.Pod:
		old, ok := e.Old.(*corev1.Pod)
		return ok && (api.Charged(old) && !api.Charged(obj) || resourcesChanged(old, obj) ||
			(old.Spec.ActiveDeadlineSeconds == nil) != (obj.Spec.ActiveDeadlineSeconds == nil))
	case *corev1.Service:
		old, ok := e.Old.(*corev1.Service)
		return ok && old.Spec.Type != obj.Spec.Type
	case *corev1.PersistentVolumeClaim:
		old, ok := e.Old.(*corev1.PersistentVolumeClaim)
		return ok && api.ClaimUsageChanged(obj, old)
	}
	return false
}

// resourcesChanged says whether a pod's containers have other resources than before, as hasResourcesChanged does.
func resourcesChanged(old, pod *corev1.Pod) bool {
	changed := func(old, is []corev1.ContainerStatus) bool {
		for i := range old {
			for j := range is {
				if old[i].Name == is[j].Name && !equality.Semantic.DeepEqual(old[i].Resources, is[j].Resources) {
					return true
				}
			}
		}
		return false
	}
	return changed(old.Status.ContainerStatuses, pod.Status.ContainerStatuses) ||
		changed(old.Status.InitContainerStatuses, pod.Status.InitContainerStatuses)
}

func (c *ResourceQuota) sync(_ context.Context, name types.NamespacedName) error {
	if c.quotas[name.Namespace][name.Name] == nil {
		return nil
	}
	c.queue.addAfter(name, quotaResync)
	return ignoreNotFound(c.api.CountQuota(name.Namespace, name.Name, asManager))
}
