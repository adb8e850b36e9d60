package controllers

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var endpointControllers = []string{"endpoints", "endpointslice", "endpointslicemirroring"}

func webService(change func(*corev1.Service)) *corev1.Service {
	s := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "web", Labels: map[string]string{"team": "a"}},
		Spec: corev1.ServiceSpec{
			Selector: map[string]string{"app": "web"},
			Ports:    []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromString("web")}},
		},
	}
	if change != nil {
		change(s)
	}
	return s
}

// webPod makes a pod that has an address, whose port "web" is number.
func (c *cluster) webPod(name string, ip byte, number int32, ready bool) {
	c.Helper()
	c.create(registry.Pods, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name, Labels: map[string]string{"app": "web"}},
		Spec: corev1.PodSpec{NodeName: "minikube", Hostname: name, Subdomain: "web", Containers: []corev1.Container{{
			Name: "web", Image: "web", Ports: []corev1.ContainerPort{{Name: "web", ContainerPort: number}},
		}}},
	})
	c.setReady(name, ip, ready)
}

func (c *cluster) setReady(name string, ip byte, ready bool) {
	c.Helper()
	c.update(registry.Pods, api.WriteOptions{Subresource: "status"}, name, func(o store.Object) {
		pod := o.(*corev1.Pod)
		address := fmt.Sprintf("10.244.0.%d", ip)
		pod.Status.Phase, pod.Status.PodIP, pod.Status.PodIPs = corev1.PodRunning, address, []corev1.PodIP{{IP: address}}
		is := corev1.ConditionFalse
		if ready {
			is = corev1.ConditionTrue
		}
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: is, LastTransitionTime: api.Now()}}
	})
}

// slices are those of the service web, and what they say of endpoints.
func (c *cluster) slices() (all []*discoveryv1.EndpointSlice, shown []string) {
	objects, _ := c.List(registry.EndpointSlices, "default")
	for _, obj := range objects {
		s := obj.(*discoveryv1.EndpointSlice)
		if s.Labels[discoveryv1.LabelServiceName] != "web" {
			continue
		}
		all = append(all, s)
		for _, e := range s.Endpoints {
			c := e.Conditions
			shown = append(shown, fmt.Sprintf("%s:%d ready=%v serving=%v terminating=%v",
				e.Addresses[0], *s.Ports[0].Port, valueOf(c.Ready), valueOf(c.Serving), valueOf(c.Terminating)))
		}
	}
	slices.Sort(shown)
	return all, shown
}

func (c *cluster) endpoints() *corev1.Endpoints {
	obj, err := c.Get(registry.Endpoints, "default", "web")
	if err != nil {
		return nil
	}
	return obj.(*corev1.Endpoints)
}

func TestEndpointsOfAService(t *testing.T) {
	inBubble(t, endpointControllers, func(c *cluster) {
		s := c.create(registry.Services, webService(nil)).(*corev1.Service)
		if all, shown := c.slices(); len(all) != 1 || len(shown) != 0 {
			t.Errorf("a service without pods has %d slices with %v", len(all), shown)
		}
		c.webPod("a", 1, 8080, true)
		c.webPod("b", 2, 8080, false)
		c.webPod("c", 3, 9090, true) // the name of the port leads elsewhere in this pod
		all, shown := c.slices()
		want := []string{
			"10.244.0.1:8080 ready=true serving=true terminating=false",
			"10.244.0.2:8080 ready=false serving=false terminating=false",
			"10.244.0.3:9090 ready=true serving=true terminating=false",
		}
		if diff := cmp.Diff(want, shown); diff != "" || len(all) != 2 {
			t.Errorf("%d slices (-want +got)\n%s", len(all), diff)
		}
		meta := all[0]
		if diff := cmp.Diff(map[string]string{
			"team": "a", "kubernetes.io/service-name": "web", "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
		}, meta.Labels); diff != "" || meta.GenerateName != "web-" || !metav1.IsControlledBy(meta, s) {
			t.Errorf("%s, %v (-want +got)\n%s", meta.GenerateName, meta.OwnerReferences, diff)
		}
		node := "minikube"
		ref := func(name string) *corev1.ObjectReference {
			pod, _ := c.Get(registry.Pods, "default", name)
			return &corev1.ObjectReference{Kind: "Pod", Namespace: "default", Name: name, UID: pod.GetUID()}
		}
		at := func(name, ip string) []corev1.EndpointAddress {
			return []corev1.EndpointAddress{{IP: ip, Hostname: name, NodeName: &node, TargetRef: ref(name)}}
		}
		port := func(number int32) []corev1.EndpointPort {
			return []corev1.EndpointPort{{Name: "http", Port: number, Protocol: corev1.ProtocolTCP}}
		}
		e := c.endpoints()
		if diff := cmp.Diff([]corev1.EndpointSubset{
			{Addresses: at("a", "10.244.0.1"), NotReadyAddresses: at("b", "10.244.0.2"), Ports: port(8080)},
			{Addresses: at("c", "10.244.0.3"), Ports: port(9090)},
		}, e.Subsets); diff != "" {
			t.Errorf("subsets (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff(map[string]string{"team": "a", "endpoints.kubernetes.io/managed-by": "endpoint-controller"}, e.Labels); diff != "" {
			t.Errorf("labels (-want +got)\n%s", diff)
		}
		c.delete(registry.Services, "web", "")
		if c.endpoints() != nil {
			t.Error("the endpoints outlive their service")
		}
	})
}

func TestEndpointsThatTerminate(t *testing.T) {
	for rule, row := range map[string]struct {
		publish bool
		slice   string
		ready   int
	}{
		"leave":                        {false, "ready=false serving=true terminating=true", 0},
		"stay where all are published": {true, "ready=true serving=true terminating=true", 1},
	} {
		t.Run(rule, func(t *testing.T) {
			inBubble(t, endpointControllers, func(c *cluster) {
				c.create(registry.Services, webService(func(s *corev1.Service) { s.Spec.PublishNotReadyAddresses = row.publish }))
				c.webPod("a", 1, 8080, true)
				c.delete(registry.Pods, "a", "")
				if _, shown := c.slices(); !cmp.Equal([]string{"10.244.0.1:8080 " + row.slice}, shown) {
					t.Errorf("slices have %v", shown)
				}
				ready := 0
				for _, s := range c.endpoints().Subsets {
					ready += len(s.Addresses)
				}
				if ready != row.ready {
					t.Errorf("%d addresses are ready, want %d", ready, row.ready)
				}
			})
		})
	}
}

func TestEndpointsSayWhenTheyChanged(t *testing.T) {
	inBubble(t, endpointControllers, func(c *cluster) {
		c.create(registry.Services, webService(nil))
		pass(time.Minute)
		c.webPod("a", 1, 8080, false)
		pass(time.Minute)
		now := api.Now()
		c.setReady("a", 1, true)
		all, _ := c.slices()
		for _, obj := range []store.Object{c.endpoints(), all[0]} {
			if got := obj.GetAnnotations()[corev1.EndpointsLastChangeTriggerTime]; got != now.UTC().Format(time.RFC3339Nano) {
				t.Errorf("%T: %s, want %v", obj, got, now)
			}
		}
	})
}

func TestSlicesHoldAHundred(t *testing.T) {
	inBubble(t, endpointControllers, func(c *cluster) {
		c.create(registry.Services, webService(nil))
		for i := range 120 {
			c.webPod(fmt.Sprintf("p%03d", i), byte(i+1), 8080, true)
		}
		sizes := func() (n []int) {
			all, _ := c.slices()
			for _, s := range all {
				n = append(n, len(s.Endpoints))
			}
			slices.Sort(n)
			return n
		}
		if diff := cmp.Diff([]int{20, 100}, sizes()); diff != "" {
			t.Errorf("sizes (-want +got)\n%s", diff)
		}
		for i := range 120 {
			c.update(registry.Pods, api.WriteOptions{}, fmt.Sprintf("p%03d", i), func(o store.Object) { o.SetLabels(nil) })
		}
		if diff := cmp.Diff([]int{0}, sizes()); diff != "" {
			t.Errorf("without pods (-want +got)\n%s", diff)
		}
	})
}

func TestSlicesComeBack(t *testing.T) {
	inBubble(t, endpointControllers, func(c *cluster) {
		c.create(registry.Services, webService(nil))
		c.webPod("a", 1, 8080, true)
		all, want := c.slices()
		c.delete(registry.EndpointSlices, all[0].Name, "")
		if _, got := c.slices(); !cmp.Equal(want, got) {
			t.Errorf("a slice that somebody deletes leaves %v", got)
		}
	})
}

func TestServicesLeftAlone(t *testing.T) {
	inBubble(t, endpointControllers, func(c *cluster) {
		c.create(registry.Services, webService(func(s *corev1.Service) { s.Spec.Selector = nil }))
		if all, _ := c.slices(); len(all) != 0 || c.endpoints() != nil {
			t.Errorf("a service without selector has %v", all)
		}
		c.create(registry.Endpoints, &corev1.Endpoints{
			ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "web"},
			Subsets: []corev1.EndpointSubset{{
				Addresses: []corev1.EndpointAddress{{IP: "10.0.0.1"}}, Ports: []corev1.EndpointPort{{Name: "http", Port: 80}},
			}},
		})
		all, _ := c.slices()
		if len(all) != 1 || all[0].Labels[discoveryv1.LabelManagedBy] != "endpointslicemirroring-controller.k8s.io" {
			t.Fatalf("what somebody wrote is mirrored by %v", all)
		}
		c.delete(registry.Endpoints, "web", "")
		synctest.Wait()
		if all, _ := c.slices(); len(all) != 0 {
			t.Errorf("the mirror stays: %v", all)
		}
	})
}
