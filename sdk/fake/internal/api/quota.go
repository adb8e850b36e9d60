package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// asServer is how the API server writes of its own accord.
var asServer = WriteOptions{Manager: "kube-apiserver", Subresource: "status"}

// quotas are those of a namespace, sorted by name.
func (a *API) quotas(namespace string) []*corev1.ResourceQuota {
	objects, _ := a.Store.List(registry.ResourceQuotas.StoreKey(), namespace)
	quotas := make([]*corev1.ResourceQuota, len(objects))
	for i, obj := range objects {
		quotas[i] = obj.(*corev1.ResourceQuota)
	}
	return quotas
}

// charge adds what obj uses, or uses more than old, to the used amounts of the namespace's quotas, and refuses an object that is too
// much for one of them, as the ResourceQuota plugin does. The caller calls done once the object is stored or given up: until then
// nobody counts anew, who would not see the object yet. What was charged for an object that could not be stored stays charged until
// somebody does, as on a real server.
func (a *API) charge(r *registry.Resource, obj, old store.Object, o WriteOptions) (done func(), err error) {
	e := evaluatorFor(r)
	if e == nil || old == nil && o.Subresource != "" || old != nil && (e.updates == nil || !e.updates(obj, old, o.Subresource)) {
		return func() {}, nil
	}
	a.counting.RLock()
	c := charged{r: r, e: e, obj: obj, old: old, subresource: o.Subresource}
	if err := a.chargeAll(c, o.DryRun); err != nil {
		a.counting.RUnlock()
		return nil, err
	}
	return a.counting.RUnlock, nil
}

// charged is what is held against quotas: a new object, or an update of old.
type charged struct {
	r           *registry.Resource
	e           *evaluator
	obj, old    store.Object
	subresource string
}

// chargeAll holds the object against all quotas before it charges any of them, one object at a time, as quotaEvaluator does. A quota that a
// client has written to in between is looked at again; those that are done stay so, as checkQuotas has it.
func (a *API) chargeAll(c charged, dryRun bool) error {
	if len(a.quotas(c.obj.GetNamespace())) == 0 {
		return nil
	}
	a.charging.Lock()
	defer a.charging.Unlock()
	for quotas := a.quotas(c.obj.GetNamespace()); len(quotas) > 0; {
		used, err := c.usedOf(quotas)
		if err != nil || dryRun {
			return err
		}
		if quotas, err = a.writeAll(quotas, used); err != nil {
			return err
		}
	}
	return nil
}

// writeAll writes used amounts, where there are any, and returns the quotas that were not what they were, as they are now.
func (a *API) writeAll(quotas []*corev1.ResourceQuota, used []corev1.ResourceList) ([]*corev1.ResourceQuota, error) {
	var changed []*corev1.ResourceQuota
	for i, q := range quotas {
		if used[i] == nil {
			continue
		}
		err := a.writeUsed(q, used[i])
		switch {
		case err == nil, apierrors.IsNotFound(err):
		case !apierrors.IsConflict(err):
			return nil, err
		default:
			if now, err := a.Get(registry.ResourceQuotas, q.Namespace, q.Name); err == nil {
				changed = append(changed, now.(*corev1.ResourceQuota))
			}
		}
	}
	return changed, nil
}

// writeUsed writes the used amounts of a quota, which must be the very version that is current.
func (a *API) writeUsed(q *corev1.ResourceQuota, used corev1.ResourceList) error {
	_, err := a.Update(registry.ResourceQuotas, q.Namespace, q.Name, asServer, func(obj store.Object) error {
		obj.SetResourceVersion(q.ResourceVersion)
		obj.(*corev1.ResourceQuota).Status.Used = used
		return nil
	})
	return err
}

// usedOf is what each quota has used with the object, nil where that is none of its business; and why there may be no such object, as
// CheckRequest finds it: what the object must say comes before what it uses.
func (c charged) usedOf(quotas []*corev1.ResourceQuota) ([]corev1.ResourceList, error) {
	concerned := make([]bool, len(quotas))
	for i, q := range quotas {
		var err error
		if concerned[i], err = c.concerns(q); err != nil {
			return nil, c.refuse(err)
		}
	}
	used := make([]corev1.ResourceList, len(quotas))
	if !slices.Contains(concerned, true) {
		return used, nil
	}
	usage := c.e.usage(c.obj)
	if negative := negativeNames(usage); len(negative) > 0 {
		return nil, c.refuse(fmt.Errorf("quota usage is negative for resource(s): %s", joinedNames(negative)))
	}
	for i, q := range quotas {
		if !concerned[i] {
			continue
		}
		var err error
		if used[i], err = c.usedWith(q, usage); err != nil {
			return nil, c.refuse(err)
		}
	}
	return used, nil
}

// concerns says whether a quota is about the object, and what keeps it from being counted.
func (c charged) concerns(q *corev1.ResourceQuota) (bool, error) {
	bounded := c.e.matching(resourceNames(q.Status.Hard))
	if len(bounded) == 0 || !c.e.chooses(q, c.obj) {
		return false, nil
	}
	if c.e.missing != nil {
		if err := c.e.missing(bounded, c.obj); err != nil {
			return false, fmt.Errorf("failed quota: %s: %w", q.Name, err)
		}
	}
	for _, name := range bounded {
		if _, ok := q.Status.Used[name]; !ok {
			return false, fmt.Errorf("status unknown for quota: %s, resources: %s", q.Name, joinedNames(bounded))
		}
	}
	return true, nil
}

// usedWith is what a quota has used with an object of that usage, nil if it is not more than before.
func (c charged) usedWith(q *corev1.ResourceQuota, usage corev1.ResourceList) (corev1.ResourceList, error) {
	if c.old != nil && c.e.chooses(q, c.old) {
		usage = exceeding(usage, c.e.usage(c.old))
	}
	requested := corev1.ResourceList{}
	var over []corev1.ResourceName
	for _, name := range resourceNames(q.Status.Hard) {
		more, ok := usage[name]
		if !ok || more.IsZero() {
			continue
		}
		requested[name] = more
		total, hard := added(q.Status.Used, requested)[name], q.Status.Hard[name]
		if total.Cmp(hard) > 0 {
			over = append(over, name)
		}
	}
	if len(over) > 0 && c.subresource != "status" {
		return nil, fmt.Errorf("exceeded quota: %s, requested: %s, used: %s, limited: %s", q.Name,
			joinedAmounts(only(requested, over)), joinedAmounts(only(q.Status.Used, over)), joinedAmounts(only(q.Status.Hard, over)))
	}
	if len(requested) == 0 {
		return nil, nil
	}
	return added(q.Status.Used, requested), nil
}

// refuse is admission.NewForbidden.
func (c charged) refuse(why error) error {
	return apierrors.NewForbidden(c.r.GroupResource(), nameOf(c.obj), why)
}

func negativeNames(list corev1.ResourceList) []corev1.ResourceName {
	var names []corev1.ResourceName
	for _, name := range resourceNames(list) {
		if q := list[name]; q.Sign() < 0 {
			names = append(names, name)
		}
	}
	return names
}

// joinedAmounts is prettyPrint.
func joinedAmounts(list corev1.ResourceList) string {
	parts := make([]string, 0, len(list))
	for _, name := range resourceNames(list) {
		q := list[name]
		parts = append(parts, string(name)+"="+q.String())
	}
	return strings.Join(parts, ",")
}

func joinedNames(names []corev1.ResourceName) string {
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = string(name)
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}
