package controllers

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// expect is how many pods there should be, how many of them healthy, and whether some have no controller, as getExpectedPodCount has
// it. A budget that gives a plain number of pods that must stay expects those that there are.
func (c *Disruption) expect(b *policyv1.PodDisruptionBudget, pods []*corev1.Pod) (expected, desired int32, unmanaged bool, err error) {
	most, least := b.Spec.MaxUnavailable, b.Spec.MinAvailable
	if most == nil && least == nil {
		return 0, 0, false, nil
	}
	if most == nil && least.Type == intstr.Int {
		return int32(len(pods)), least.IntVal, false, nil
	}
	if expected, unmanaged, err = c.scale(pods); err != nil {
		return 0, 0, unmanaged, err
	}
	if most != nil {
		n, err := intstr.GetScaledValueFromIntOrPercent(most, int(expected), true)
		return expected, max(0, expected-int32(n)), unmanaged, err
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(least, int(expected), true)
	return expected, int32(n), unmanaged, err
}

// scale is how many pods the controllers of some pods want together, as getExpectedScale.
func (c *Disruption) scale(pods []*corev1.Pod) (sum int32, unmanaged bool, err error) {
	seen := map[types.UID]bool{}
	for _, pod := range pods {
		ref := metav1.GetControllerOfNoCopy(pod)
		if ref == nil {
			unmanaged = true
			continue
		}
		if seen[ref.UID] {
			continue
		}
		uid, n, err := c.scaleOf(pod.Namespace, ref)
		if err != nil {
			return 0, unmanaged, err
		}
		if uid == "" {
			return 0, unmanaged, fmt.Errorf("found no controllers for pod %q", pod.Name)
		}
		if !seen[uid] {
			sum += n
		}
		seen[ref.UID], seen[uid] = true, true
	}
	return sum, unmanaged, nil
}

// scaleOf is how many pods a controller wants: any kind with a scale, and in the place of a ReplicaSet the Deployment that owns it. The
// uid is empty if there is no such controller.
func (c *Disruption) scaleOf(namespace string, ref *metav1.OwnerReference) (types.UID, int32, error) {
	gv, err := schema.ParseGroupVersion(ref.APIVersion)
	if err != nil {
		return "", 0, err
	}
	r := c.api.Table.ForKind(gv.WithKind(ref.Kind).GroupKind())
	if r == nil {
		return "", 0, fmt.Errorf("no matches for kind %q in version %q", ref.Kind, ref.APIVersion)
	}
	obj, err := c.api.Get(r, namespace, ref.Name)
	if err != nil && r.Replicas != nil || err == nil && obj.GetUID() != ref.UID {
		return "", 0, nil
	}
	if r.Replicas == nil {
		return "", 0, fmt.Errorf("%s does not implement the scale subresource", r.GroupResource())
	}
	if owner := metav1.GetControllerOfNoCopy(obj); r == registry.ReplicaSets && owner != nil && owner.Kind == registry.Deployments.Kind {
		return c.scaleOf(namespace, owner)
	}
	n := *r.Replicas(obj).Desired
	if n == nil {
		return obj.GetUID(), 0, nil
	}
	return obj.GetUID(), *n, nil
}
