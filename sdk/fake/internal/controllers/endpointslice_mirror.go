package controllers

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	mirrorManager = "endpointslicemirroring-controller.k8s.io"
	// leaderKey marks Endpoints that only hold the lock of a leader election.
	leaderKey = "control-plane.alpha.kubernetes.io/leader"
)

// EndpointSliceMirroring makes EndpointSlices of the Endpoints that somebody writes for a service without a selector, since nothing but
// slices says where a service leads.
type EndpointSliceMirroring struct {
	api   *api.API
	queue *queue[types.NamespacedName]
}

// NewEndpointSliceMirroring returns the controller. Run it once.
func NewEndpointSliceMirroring(a *api.API) *EndpointSliceMirroring {
	return &EndpointSliceMirroring{a, newQueue[types.NamespacedName]()}
}

// Run works until ctx ends.
func (c *EndpointSliceMirroring) Run(ctx context.Context) {
	watchAndSync(ctx, c.api.Store, c.queue, c.observe, c.sync, registry.Services, registry.Endpoints)
}

func (c *EndpointSliceMirroring) observe(e store.Event) {
	if s, ok := e.Object.(*corev1.Service); ok && s.Spec.Selector != nil {
		return
	}
	if e.Object.GetLabels()[endpointsManagedBy] != endpointsManager {
		c.queue.add(nameOf(e.Object))
	}
}

func (c *EndpointSliceMirroring) sync(_ context.Context, name types.NamespacedName) error {
	var want []*discoveryv1.EndpointSlice
	obj, err := c.api.Get(registry.Endpoints, name.Namespace, name.Name)
	service, noService := c.api.Get(registry.Services, name.Namespace, name.Name)
	if err == nil && noService == nil && mirrored(obj.(*corev1.Endpoints), service.(*corev1.Service)) {
		want = mirror(obj.(*corev1.Endpoints))
	}
	objects, _ := c.api.List(registry.EndpointSlices, name.Namespace)
	for _, o := range objects {
		is := o.(*discoveryv1.EndpointSlice)
		if is.Labels[discoveryv1.LabelServiceName] != name.Name || is.Labels[discoveryv1.LabelManagedBy] != mirrorManager {
			continue
		}
		if i := slices.IndexFunc(want, func(w *discoveryv1.EndpointSlice) bool { return sameSlice(w, is) }); i >= 0 {
			want = slices.Delete(want, i, i+1)
			continue
		}
		if _, _, err := c.api.Delete(registry.EndpointSlices, is.Namespace, is.Name, metav1.DeleteOptions{}, asManager); ignoreNotFound(err) != nil {
			return fmt.Errorf("delete slice %s/%s: %w", is.Namespace, is.Name, err)
		}
	}
	for _, w := range want {
		if _, err := c.api.Create(registry.EndpointSlices, w, asManager); ignoreNotFound(err) != nil {
			return fmt.Errorf("mirror endpoints %s/%s: %w", name.Namespace, name.Name, err)
		}
	}
	return nil
}

// mirrored is shouldMirror, for Endpoints and their service.
func mirrored(e *corev1.Endpoints, s *corev1.Service) bool {
	_, leader := e.Annotations[leaderKey]
	return s.Spec.Selector == nil && !leader && e.Labels[discoveryv1.LabelSkipMirror] != "true" && e.Labels[endpointsManagedBy] != endpointsManager
}

func sameSlice(a, b *discoveryv1.EndpointSlice) bool {
	return portsKey(a.Ports) == portsKey(b.Ports) && equality.Semantic.DeepEqual(a.Endpoints, b.Endpoints) && maps.Equal(a.Labels, b.Labels)
}

// mirror makes a slice of each subset, or several of a large one.
func mirror(e *corev1.Endpoints) []*discoveryv1.EndpointSlice {
	labels := map[string]string{}
	maps.Copy(labels, e.Labels)
	labels[discoveryv1.LabelServiceName], labels[discoveryv1.LabelManagedBy] = e.Name, mirrorManager
	var all []*discoveryv1.EndpointSlice
	for i := range e.Subsets {
		set := &e.Subsets[i]
		var ports []discoveryv1.EndpointPort
		for _, p := range set.Ports {
			ports = append(ports, discoveryv1.EndpointPort{Name: &p.Name, Port: &p.Port, Protocol: &p.Protocol, AppProtocol: p.AppProtocol})
		}
		var endpoints []discoveryv1.Endpoint
		for _, part := range []struct {
			addresses []corev1.EndpointAddress
			ready     bool
		}{{set.Addresses, true}, {set.NotReadyAddresses, false}} {
			for _, a := range part.addresses {
				endpoints = append(endpoints, mirroredEndpoint(a, part.ready))
			}
		}
		for chunk := range slices.Chunk(endpoints, sliceCapacity) {
			all = append(all, &discoveryv1.EndpointSlice{
				ObjectMeta: metav1.ObjectMeta{
					Namespace: e.Namespace, GenerateName: generateName(e.Name), Labels: labels,
					OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(e, registry.Endpoints.GroupVersionKind())},
				},
				AddressType: discoveryv1.AddressTypeIPv4, Ports: ports, Endpoints: chunk,
			})
		}
	}
	return all
}

func mirroredEndpoint(a corev1.EndpointAddress, ready bool) discoveryv1.Endpoint {
	e := discoveryv1.Endpoint{
		Addresses: []string{a.IP}, Conditions: discoveryv1.EndpointConditions{Ready: &ready}, TargetRef: a.TargetRef, NodeName: a.NodeName,
	}
	if a.Hostname != "" {
		e.Hostname = new(a.Hostname)
	}
	return e
}
