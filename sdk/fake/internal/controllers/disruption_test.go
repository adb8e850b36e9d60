package controllers

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// budgeted runs f in a bubble with all kinds and the disruption controller only.
func budgeted(t *testing.T, f func(c *cluster)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cluster{TB: t, API: api.New(registry.NewTable(registry.Served...), 1)}
		if err := Bootstrap(c.API, Options{}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); NewDisruption(c.API).Run(ctx) }()
		synctest.Wait()
		f(c)
		cancel()
		<-ended
	})
}

func newBudget(share string) *policyv1.PodDisruptionBudget {
	return &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: "b", Namespace: "default"}, Spec: policyv1.PodDisruptionBudgetSpec{
		Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}, MaxUnavailable: new(intstr.Parse(share)),
	}}
}

func (c *cluster) budget() policyv1.PodDisruptionBudgetStatus {
	c.Helper()
	obj, err := c.Get(registry.PodDisruptionBudgets, "default", "b")
	if err != nil {
		c.Fatal(err)
	}
	return obj.(*policyv1.PodDisruptionBudget).Status
}

func (c *cluster) readyPod(name string, owners ...metav1.OwnerReference) {
	pod := newPod(name, "web")
	pod.OwnerReferences = owners
	c.create(registry.Pods, pod)
	c.makeReady(name)
}

// controls makes a reference that of a controller.
func controls(ref metav1.OwnerReference) metav1.OwnerReference {
	ref.Controller = new(true)
	return ref
}

// TestExpectedPods: a deployment counts in the place of its replica sets, each controller once, and one that is not there is an error.
func TestExpectedPods(t *testing.T) {
	budgeted(t, func(c *cluster) {
		spec, labels := newPod("", "").Spec, map[string]string{"app": "web"}
		template := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: spec}
		selector := &metav1.LabelSelector{MatchLabels: labels}
		deployment := c.create(registry.Deployments, &appsv1.Deployment{
			ObjectMeta: metav1.ObjectMeta{Name: "d", Namespace: "default"},
			Spec:       appsv1.DeploymentSpec{Replicas: new(int32(7)), Selector: selector, Template: template},
		})
		set := c.create(registry.ReplicaSets, &appsv1.ReplicaSet{
			ObjectMeta: metav1.ObjectMeta{Name: "d-1", Namespace: "default", OwnerReferences: []metav1.OwnerReference{controls(owner(deployment, true))}},
			Spec:       appsv1.ReplicaSetSpec{Replicas: new(int32(2)), Selector: selector, Template: template},
		})
		rc := c.create(registry.ReplicationControllers, newRC("web", 3))
		c.create(registry.PodDisruptionBudgets, newBudget("50%"))
		c.readyPod("a", controls(owner(set, true)))
		c.readyPod("b", controls(owner(set, true)))
		c.readyPod("c", controls(owner(rc, true)))
		s := c.budget()
		if diff := cmp.Diff([]int32{10, 5, 3, 0}, []int32{s.ExpectedPods, s.DesiredHealthy, s.CurrentHealthy, s.DisruptionsAllowed}); diff != "" {
			t.Errorf("expected, desired, healthy, allowed (-want +got):\n%s", diff)
		}
		lost := owner(rc, true)
		lost.Name, lost.UID = "gone", "gone"
		c.readyPod("z", controls(lost))
		s = c.budget()
		if len(s.Conditions) != 1 || s.Conditions[0].Reason != policyv1.SyncFailedReason || s.Conditions[0].Message != `found no controllers for pod "z"` {
			t.Errorf("conditions %v", s.Conditions)
		}
	})
}

// TestAnEvictedPodIsWaitedFor: it counts as gone for two minutes, and then no longer.
func TestAnEvictedPodIsWaitedFor(t *testing.T) {
	budgeted(t, func(c *cluster) {
		rc := c.create(registry.ReplicationControllers, newRC("web", 2))
		c.create(registry.PodDisruptionBudgets, newBudget("1"))
		c.readyPod("a", controls(owner(rc, true)))
		c.readyPod("b", controls(owner(rc, true)))
		c.update(registry.PodDisruptionBudgets, api.WriteOptions{Subresource: "status"}, "b", func(obj store.Object) {
			obj.(*policyv1.PodDisruptionBudget).Status.DisruptedPods = map[string]metav1.Time{"a": api.Now(), "nobody": api.Now()}
		})
		s := c.budget()
		if _, ok := s.DisruptedPods["a"]; !ok || len(s.DisruptedPods) != 1 || s.CurrentHealthy != 1 || s.DisruptionsAllowed != 0 {
			t.Errorf("status %+v", s)
		}
		pass(deletionTimeout + time.Second)
		if s := c.budget(); len(s.DisruptedPods) != 0 || s.CurrentHealthy != 2 || s.DisruptionsAllowed != 1 {
			t.Errorf("status %+v, two minutes later", s)
		}
	})
}

// TestAPodThatStayedIsUnmarked two minutes after its eviction.
func TestAPodThatStayedIsUnmarked(t *testing.T) {
	budgeted(t, func(c *cluster) {
		c.create(registry.PodDisruptionBudgets, newBudget("1"))
		c.create(registry.Pods, newPod("a", "web"))
		c.update(registry.Pods, api.WriteOptions{Subresource: "status"}, "a", func(obj store.Object) {
			obj.(*corev1.Pod).Status.Conditions = []corev1.PodCondition{{Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, LastTransitionTime: api.Now()}}
		})
		mark := func() corev1.ConditionStatus { return c.pods()[0].Status.Conditions[0].Status }
		pass(staleDisruption - time.Second)
		if got := mark(); got != corev1.ConditionTrue {
			t.Errorf("before its time the mark is %s", got)
		}
		pass(2 * time.Second)
		if got := mark(); got != corev1.ConditionFalse {
			t.Errorf("after its time the mark is %s", got)
		}
	})
}
