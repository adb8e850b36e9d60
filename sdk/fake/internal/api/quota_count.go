package api

import (
	"maps"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
)

// CountQuota counts what the namespace of a quota uses and writes it into the quota's status, as syncResourceQuota of the resourcequota
// controller does. An object that was charged for and is not stored yet is waited for, so that what is counted is never too little. A
// quota that does not exist is NotFound.
func (a *API) CountQuota(namespace, name string, o WriteOptions) error {
	a.counting.Lock()
	defer a.counting.Unlock()
	o.Subresource = "status"
	_, err := a.Update(registry.ResourceQuotas, namespace, name, o, func(obj store.Object) error {
		q := obj.(*corev1.ResourceQuota)
		status := a.countedStatus(q)
		if equality.Semantic.DeepEqual(status.Hard, q.Status.Hard) && q.Status.Used != nil && sameAmounts(status.Used, q.Status.Used) {
			return nil
		}
		q.Status = status
		return nil
	})
	return err
}

// countedStatus is the status of a quota as everything that is stored now makes it. Amounts that nobody can count stay.
func (a *API) countedStatus(q *corev1.ResourceQuota) corev1.ResourceQuotaStatus {
	hard := added(q.Spec.Hard, nil)
	used := added(only(q.Status.Used, resourceNames(hard)), nil)
	for _, r := range a.Table.Stored() {
		e := evaluatorFor(r)
		if e == nil {
			continue
		}
		names := e.matching(resourceNames(hard))
		if len(names) == 0 {
			continue
		}
		for _, name := range names {
			used[name] = resource.Quantity{Format: resource.DecimalSI}
		}
		objects, _ := a.Store.List(r.StoreKey(), q.Namespace)
		for _, obj := range objects {
			if e.chooses(q, obj) {
				maps.Copy(used, only(added(used, only(e.usage(obj), names)), names))
			}
		}
	}
	return corev1.ResourceQuotaStatus{Hard: hard, Used: used}
}

// Bounds says whether a quota bounds objects of a resource, so that one that comes or goes changes what is used.
func Bounds(q *corev1.ResourceQuota, r *registry.Resource) bool {
	e := evaluatorFor(r)
	return e != nil && slices.ContainsFunc(resourceNames(q.Spec.Hard), e.counts)
}

// Quotable says whether quotas can be about objects of a resource.
func Quotable(r *registry.Resource) bool { return evaluatorFor(r) != nil }
