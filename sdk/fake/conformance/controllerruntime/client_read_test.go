package controllerruntime

import (
	"fmt"
	"slices"
	"testing"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestRead(t *testing.T) {
	t.Parallel()
	eachRule(t, []clientRule{
		{"a missing object is not found", func(w *world, c client.Client) {
			refused(w.t, c.Get(w.ctx, client.ObjectKey{Namespace: "default", Name: "missing"}, &corev1.Pod{}), apierrors.IsNotFound)
		}},
		{"lists come in pages", func(w *world, c client.Client) {
			var want, got []string
			for i := range 5 {
				cm := configMap(fmt.Sprintf("page-%d", i))
				cm.Labels = map[string]string{"paged": "yes"}
				ok(w.t, c.Create(w.ctx, cm))
				want = append(want, cm.Name)
			}
			pages, list := 0, &corev1.ConfigMapList{}
			for more := true; more; more = list.Continue != "" {
				ok(w.t, c.List(w.ctx, list, client.HasLabels{"paged"}, client.Limit(2), client.Continue(list.Continue)))
				for _, cm := range list.Items {
					got = append(got, cm.Name)
				}
				pages++
			}
			equal(w.t, want, got)
			equal(w.t, 3, pages)
		}},
		{"an unstructured list has its items' kinds", func(w *world, c client.Client) {
			ok(w.t, c.Create(w.ctx, configMap("loose")))
			list := &unstructured.UnstructuredList{}
			list.SetAPIVersion("v1")
			list.SetKind("ConfigMapList")
			ok(w.t, c.List(w.ctx, list, client.InNamespace("default"), client.MatchingFields{"metadata.name": "loose"}))
			if len(list.Items) != 1 || list.Items[0].GetKind() != "ConfigMap" {
				w.t.Errorf("items %v", list.Items)
			}
		}},
		{"a watch begins with what is there", func(w *world, c client.Client) {
			ok(w.t, c.Create(w.ctx, configMap("watched")))
			events, err := c.(client.WithWatch).Watch(w.ctx, &corev1.ConfigMapList{}, client.MatchingFields{"metadata.name": "watched"})
			ok(w.t, err)
			defer events.Stop()
			ok(w.t, c.Delete(w.ctx, configMap("watched")))
			got := []watch.EventType{receive(w, events.ResultChan(), "an event").Type, receive(w, events.ResultChan(), "an event").Type}
			equal(w.t, []watch.EventType{watch.Added, watch.Deleted}, got)
		}},
		{"kinds are found by discovery", func(w *world, c client.Client) {
			namespaced, err := c.IsObjectNamespaced(&corev1.Node{})
			ok(w.t, err)
			gvk, err := c.GroupVersionKindFor(deployment("", 1))
			ok(w.t, err)
			mapping, err := c.RESTMapper().RESTMapping(gvk.GroupKind())
			ok(w.t, err)
			equal(w.t, "false apps/v1, Kind=Deployment deployments", fmt.Sprint(namespaced, " ", gvk, " ", mapping.Resource.Resource))
		}},
	})
}

func TestSubresources(t *testing.T) {
	t.Parallel()
	scalable := []client.Object{controller("scaled", 2), deployment("scaled", 2)}
	var rules []clientRule
	for _, obj := range scalable {
		rules = append(rules, clientRule{fmt.Sprintf("the scale of a %T is read, updated and patched", obj), func(w *world, c client.Client) {
			obj := obj.DeepCopyObject().(client.Object)
			ok(w.t, c.Create(w.ctx, obj))
			scale := &autoscalingv1.Scale{}
			ok(w.t, c.SubResource("scale").Get(w.ctx, obj, scale))
			equal(w.t, int32(2), scale.Spec.Replicas)
			equal(w.t, "app=web", scale.Status.Selector)
			scale.Spec.Replicas = 3
			ok(w.t, c.SubResource("scale").Update(w.ctx, obj, client.WithSubResourceBody(scale)))
			before := scale.DeepCopy()
			scale.Spec.Replicas = 4
			ok(w.t, c.SubResource("scale").Patch(w.ctx, obj, client.MergeFrom(before), client.WithSubResourceBody(scale)))
			ok(w.t, c.SubResource("scale").Get(w.ctx, obj, scale))
			equal(w.t, int32(4), scale.Spec.Replicas)
		}})
	}
	rules = append(rules,
		clientRule{"a pod is bound to a node", func(w *world, c client.Client) {
			pod := pod("bound")
			ok(w.t, c.Create(w.ctx, pod))
			ok(w.t, c.SubResource("binding").Create(w.ctx, pod, &corev1.Binding{Target: corev1.ObjectReference{Kind: "Node", Name: "minikube"}}))
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(pod), pod))
			equal(w.t, "minikube", pod.Spec.NodeName)
		}},
		clientRule{"a pod is evicted", func(w *world, c client.Client) {
			pod := pod("evicted")
			ok(w.t, c.Create(w.ctx, pod))
			ok(w.t, c.SubResource("eviction").Create(w.ctx, pod, &policyv1.Eviction{}))
			refused(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(pod), pod), apierrors.IsNotFound)
		}},
		clientRule{"a pod gets an ephemeral container", func(w *world, c client.Client) {
			pod := pod("debugged")
			ok(w.t, c.Create(w.ctx, pod))
			before := pod.DeepCopy()
			pod.Spec.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: "look", Image: "look:1"}}}
			ok(w.t, c.SubResource("ephemeralcontainers").Patch(w.ctx, pod, client.StrategicMergeFrom(before)))
			if !slices.ContainsFunc(pod.Spec.EphemeralContainers, func(c corev1.EphemeralContainer) bool { return c.Name == "look" }) {
				w.t.Errorf("containers %v", pod.Spec.EphemeralContainers)
			}
		}},
	)
	eachRule(t, rules)
}
