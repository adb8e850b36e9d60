package controllers

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// cluster is an API with what a fresh cluster holds and some controllers. There is no kubelet: tests play it.
type cluster struct {
	testing.TB
	*api.API
	start func()
}

// inBubble runs f in a bubble with the named controllers running, which must all have ended when f has: a bubble fails
// if a goroutine is left. Without names none runs until f calls start, which runs all.
func inBubble(t *testing.T, names []string, f func(c *cluster)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cluster{TB: t, API: api.New(registry.NewTable(registry.Core...), 1)}
		opts := Options{CA: []byte("pem")}
		if err := Bootstrap(c.API, opts); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		c.start = func() {
			for _, row := range All(c.API, opts) {
				if len(names) == 0 || slices.Contains(names, row.Name) {
					running.Go(func() { row.Run(ctx) })
				}
			}
			synctest.Wait()
		}
		defer running.Wait()
		defer cancel()
		if len(names) > 0 {
			c.start()
		}
		f(c)
	})
}

// pass lets time go by on the bubble's clock.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// create makes an object and waits until nothing more happens.
func (c *cluster) create(r *registry.Resource, obj store.Object) store.Object {
	c.Helper()
	made, err := c.Create(r, obj, api.WriteOptions{Manager: "test"})
	if err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
	return made
}

func (c *cluster) update(r *registry.Resource, o api.WriteOptions, name string, change func(store.Object)) {
	c.Helper()
	o.Manager = "test"
	_, err := c.Update(r, namespaceFor(r), name, o, func(obj store.Object) error {
		change(obj)
		return nil
	})
	if err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

func (c *cluster) delete(r *registry.Resource, name string, policy metav1.DeletionPropagation) {
	c.Helper()
	opts := metav1.DeleteOptions{}
	if policy != "" {
		opts.PropagationPolicy = &policy
	}
	if _, _, err := c.Delete(r, namespaceFor(r), name, opts, api.WriteOptions{Manager: "test"}); err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

// gone says whether an object does not exist.
func (c *cluster) gone(r *registry.Resource, name string) bool {
	_, err := c.Get(r, namespaceFor(r), name)
	return apierrors.IsNotFound(err)
}

func namespaceFor(r *registry.Resource) string {
	if r.Namespaced {
		return "default"
	}
	return ""
}

func (c *cluster) pods() []*corev1.Pod {
	objects, _ := c.List(registry.Pods, "default")
	var pods []*corev1.Pod
	for _, o := range objects {
		pods = append(pods, o.(*corev1.Pod))
	}
	return pods
}

func (c *cluster) rc(name string) *corev1.ReplicationController {
	c.Helper()
	obj, err := c.Get(registry.ReplicationControllers, "default", name)
	if err != nil {
		c.Fatal(err)
	}
	return obj.(*corev1.ReplicationController)
}

// bind puts a pod onto a node, and makeReady is a kubelet's word that it runs.
func (c *cluster) bind(name string) {
	c.Helper()
	if err := c.Bind("default", name, &corev1.Binding{Target: corev1.ObjectReference{Name: "n"}}, false); err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

func (c *cluster) makeReady(name string) {
	c.Helper()
	c.update(registry.Pods, api.WriteOptions{Subresource: "status"}, name, func(o store.Object) {
		pod := o.(*corev1.Pod)
		pod.Status.Phase = corev1.PodRunning
		pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{
			Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: api.Now(),
		})
	})
}

func (c *cluster) setPhase(name string, phase corev1.PodPhase) {
	c.Helper()
	c.update(registry.Pods, api.WriteOptions{Subresource: "status"}, name, func(o store.Object) { o.(*corev1.Pod).Status.Phase = phase })
}

func (c *cluster) scale(name string, n int32) {
	c.Helper()
	c.update(registry.ReplicationControllers, api.WriteOptions{}, name, func(o store.Object) {
		o.(*corev1.ReplicationController).Spec.Replicas = ptr.To(n)
	})
}

// events returns the messages of the events with a reason, and how often each came.
func (c *cluster) eventCounts(reason string) map[string]int32 {
	objects, _ := c.List(registry.Events, "")
	counts := map[string]int32{}
	for _, o := range objects {
		if e := o.(*corev1.Event); e.Reason == reason {
			counts[e.Message] = e.Count
		}
	}
	return counts
}

func names(pods []*corev1.Pod) []string {
	var all []string
	for _, p := range pods {
		all = append(all, p.Name)
	}
	return all
}

func newRC(name string, replicas int32) *corev1.ReplicationController {
	return &corev1.ReplicationController{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"},
		Spec: corev1.ReplicationControllerSpec{
			Replicas: &replicas,
			Selector: map[string]string{"app": name},
			Template: &corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": name}, Annotations: map[string]string{"note": "x"}},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "nginx:1.25"}}},
			},
		},
	}
}

func newPod(name, app string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", Labels: map[string]string{"app": app}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "nginx:1.25"}}},
	}
}

func newConfigMap(name string, owners ...metav1.OwnerReference) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", OwnerReferences: owners}}
}

func owner(obj store.Object, blocks bool) metav1.OwnerReference {
	gvk := obj.GetObjectKind().GroupVersionKind()
	return metav1.OwnerReference{
		APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind, Name: obj.GetName(), UID: obj.GetUID(), BlockOwnerDeletion: &blocks,
	}
}
