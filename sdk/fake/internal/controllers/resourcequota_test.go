package controllers

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func amounts(pairs ...string) corev1.ResourceList {
	list := corev1.ResourceList{}
	for i := 0; i < len(pairs); i += 2 {
		list[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return list
}

func newQuota(name string, pairs ...string) *corev1.ResourceQuota {
	return &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Spec: corev1.ResourceQuotaSpec{Hard: amounts(pairs...)}}
}

// quotaStatus is what a quota says is bounded and used.
func (c *cluster) quotaStatus(name string) map[string]string {
	c.Helper()
	obj, err := c.Get(registry.ResourceQuotas, "default", name)
	if err != nil {
		c.Fatal(err)
	}
	status := map[string]string{}
	for name, hard := range obj.(*corev1.ResourceQuota).Status.Hard {
		used := obj.(*corev1.ResourceQuota).Status.Used[name]
		status[string(name)] = used.String() + "/" + hard.String()
	}
	return status
}

func TestQuotaStatus(t *testing.T) {
	inBubble(t, []string{"resourcequota"}, func(c *cluster) {
		expect := func(rule string, want map[string]string) {
			t.Helper()
			if diff := cmp.Diff(want, c.quotaStatus("q")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", rule, diff)
			}
		}
		c.create(registry.Pods, newPod("a", "web"))
		c.create(registry.ResourceQuotas, newQuota("q", "pods", "3", "example.com/nobody", "1"))
		expect("new: what nobody can count has no usage", map[string]string{"pods": "1/3", "example.com/nobody": "0/1"})
		c.create(registry.Pods, newPod("b", "web"))
		expect("admission counts what comes", map[string]string{"pods": "2/3", "example.com/nobody": "0/1"})
		c.setPhase("a", corev1.PodFailed)
		expect("one has ended", map[string]string{"pods": "1/3", "example.com/nobody": "0/1"})
		c.delete(registry.Pods, "b", "")
		expect("one is gone", map[string]string{"pods": "0/3", "example.com/nobody": "0/1"})
		c.update(registry.ResourceQuotas, api.WriteOptions{}, "q", func(obj store.Object) {
			obj.(*corev1.ResourceQuota).Spec.Hard = amounts("pods", "1", "count/pods", "1")
		})
		expect("other bounds", map[string]string{"pods": "0/1", "count/pods": "1/1"})
	})
}

// TestQuotasAreCountedAnew every five minutes: what was charged for nothing is given back then.
func TestQuotasAreCountedAnew(t *testing.T) {
	inBubble(t, []string{"resourcequota"}, func(c *cluster) {
		c.create(registry.ResourceQuotas, newQuota("q", "configmaps", "5"))
		c.create(registry.ConfigMaps, newConfigMap("m"))
		if _, err := c.Create(registry.ConfigMaps, newConfigMap("m"), api.WriteOptions{Manager: "test"}); err == nil {
			t.Fatal("the same name twice")
		}
		if diff := cmp.Diff(map[string]string{"configmaps": "3/5"}, c.quotaStatus("q")); diff != "" { // one is the root certificate
			t.Errorf("at once (-want +got):\n%s", diff)
		}
		pass(quotaResync + time.Second)
		if diff := cmp.Diff(map[string]string{"configmaps": "2/5"}, c.quotaStatus("q")); diff != "" {
			t.Errorf("later (-want +got):\n%s", diff)
		}
	})
}
