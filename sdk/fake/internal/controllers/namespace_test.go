package controllers

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

func (c *cluster) namespace(name string) *corev1.Namespace {
	c.Helper()
	obj, err := c.Get(registry.Namespaces, "", name)
	if err != nil {
		c.Fatal(err)
	}
	return obj.(*corev1.Namespace)
}

// fill makes a namespace with one object of several kinds. The pod is on a node, so that it takes its time.
func (c *cluster) fill(name string) {
	c.Helper()
	c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})
	cm := newConfigMap("cm")
	cm.Namespace = name
	c.create(registry.ConfigMaps, cm)
	rc := newRC("r", 0)
	rc.Namespace = name
	c.create(registry.ReplicationControllers, rc)
	pod := newPod("p", "r")
	pod.Namespace = name
	c.create(registry.Pods, pod)
	if err := c.Bind(name, "p", &corev1.Binding{Target: corev1.ObjectReference{Name: "n"}}, false); err != nil {
		c.Fatal(err)
	}
}

// content counts what a namespace holds.
func (c *cluster) content(name string) map[string]int {
	counts := map[string]int{}
	for _, r := range c.Table.Rows() {
		if !r.Namespaced {
			continue
		}
		if objects, _ := c.List(r, name); len(objects) > 0 {
			counts[r.Name] = len(objects)
		}
	}
	return counts
}

func told(ns *corev1.Namespace) map[corev1.NamespaceConditionType]string {
	m := map[corev1.NamespaceConditionType]string{}
	for _, c := range ns.Status.Conditions {
		m[c.Type] = string(c.Status) + " " + c.Reason + ": " + c.Message
	}
	return m
}

var withoutTrouble = map[corev1.NamespaceConditionType]string{
	"NamespaceDeletionDiscoveryFailure":           "False ResourcesDiscovered: All resources successfully discovered",
	"NamespaceDeletionGroupVersionParsingFailure": "False ParsedGroupVersions: All legacy kube types successfully parsed",
	"NamespaceDeletionContentFailure":             "False ContentDeleted: All content successfully deleted, may be waiting on finalization",
	"NamespaceContentRemaining":                   "False ContentRemoved: All content successfully removed",
	"NamespaceFinalizersRemaining":                "False ContentRemoved: All content successfully removed",
}

func with(base map[corev1.NamespaceConditionType]string, t corev1.NamespaceConditionType, text string) map[corev1.NamespaceConditionType]string {
	m := map[corev1.NamespaceConditionType]string{}
	for k, v := range base {
		m[k] = v
	}
	m[t] = text
	return m
}

func TestNamespaceIsEmptiedPodsFirst(t *testing.T) {
	inBubble(t, []string{"namespace", "serviceaccount", "rootca"}, func(c *cluster) {
		c.fill("x")
		c.delete(registry.Namespaces, "x", "")
		if got := c.content("x"); got["pods"] != 1 || got["configmaps"] == 0 || got["replicationcontrollers"] != 1 {
			t.Fatalf("while the pod stops there is %v", got)
		}
		ns := c.namespace("x")
		want := with(withoutTrouble, "NamespaceContentRemaining", "True SomeResourcesRemain: Some resources are remaining: pods. has 1 resource instances")
		if diff := cmp.Diff(want, told(ns)); diff != "" || ns.Status.Phase != corev1.NamespaceTerminating {
			t.Errorf("phase %s, conditions (-want +got):\n%s", ns.Status.Phase, diff)
		}
		pod, err := c.Get(registry.Pods, "x", "p")
		if err != nil || ptr.Deref(pod.GetDeletionGracePeriodSeconds(), 0) != 30 {
			t.Fatalf("the pod has not its own time to stop: %v %v", pod, err)
		}
		if _, _, err := c.Delete(registry.Pods, "x", "p", metav1.DeleteOptions{GracePeriodSeconds: ptr.To[int64](0)}, asManager); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := c.content("x"); len(got) != 0 || !c.gone(registry.Namespaces, "x") {
			t.Errorf("left: %v, namespace gone: %v", got, c.gone(registry.Namespaces, "x"))
		}
	})
}

func TestNamespaceWaitsForFinalizersOfItsContent(t *testing.T) {
	inBubble(t, []string{"namespace"}, func(c *cluster) {
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}})
		cm := newConfigMap("held")
		cm.Namespace, cm.Finalizers = "x", []string{"example.com/mine"}
		c.create(registry.ConfigMaps, cm)
		c.delete(registry.Namespaces, "x", "")
		pass(time.Hour)
		want := with(withoutTrouble, "NamespaceContentRemaining", "True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances")
		want = with(want, "NamespaceFinalizersRemaining", "True SomeFinalizersRemain: Some finalizers are remaining: example.com/mine in 1 resource instances")
		if diff := cmp.Diff(want, told(c.namespace("x"))); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		if _, err := c.Update(registry.ConfigMaps, "x", "held", asManager, func(o store.Object) error {
			o.SetFinalizers(nil)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if !c.gone(registry.Namespaces, "x") {
			t.Error("the namespace is still there")
		}
	})
}

func TestNamespaceKeepsTheFinalizersOfOthers(t *testing.T) {
	inBubble(t, []string{"namespace"}, func(c *cluster) {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}}
		ns.Spec.Finalizers = []corev1.FinalizerName{"example.com/mine"}
		c.create(registry.Namespaces, ns)
		c.delete(registry.Namespaces, "x", "")
		got := c.namespace("x")
		if diff := cmp.Diff([]corev1.FinalizerName{"example.com/mine"}, got.Spec.Finalizers); diff != "" {
			t.Errorf("finalizers (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(withoutTrouble, told(got)); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
	})
}

func TestNamespaceThatWasTerminatingAtTheStartIsEmptied(t *testing.T) {
	inBubble(t, nil, func(c *cluster) {
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}})
		c.delete(registry.Namespaces, "x", "")
		c.start()
		if !c.gone(registry.Namespaces, "x") {
			t.Error("the namespace is still there")
		}
	})
}

func TestThousandPodsOfANamespaceStopOneByOne(t *testing.T) {
	inBubble(t, []string{"namespace"}, func(c *cluster) {
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}})
		c.create(registry.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "x"}})
		for range 1000 {
			pod := newPod("", "r")
			pod.GenerateName, pod.Namespace = "p-", "x"
			made, err := c.Create(registry.Pods, pod, api.WriteOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Bind("x", made.GetName(), &corev1.Binding{Target: corev1.ObjectReference{Name: "n"}}, false); err != nil {
				t.Fatal(err)
			}
		}
		c.delete(registry.Namespaces, "x", "")
		pods, _ := c.List(registry.Pods, "x")
		for _, p := range pods {
			if _, _, err := c.Delete(registry.Pods, "x", p.GetName(), metav1.DeleteOptions{GracePeriodSeconds: ptr.To[int64](0)}, asManager); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if !c.gone(registry.Namespaces, "x") {
			t.Errorf("the namespace is still there with %v", c.content("x"))
		}
	})
}
