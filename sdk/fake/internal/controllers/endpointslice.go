package controllers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	sliceManager = "endpointslice-controller.k8s.io"
	// sliceCapacity is how many endpoints a slice has at most.
	sliceCapacity = 100
)

// EndpointSlice keeps the EndpointSlices of each service with a selector, of the pods that it selects. Those of a service that is gone go
// with their owner.
type EndpointSlice struct{ *serviceIndex }

// NewEndpointSlice returns the controller. Run it once.
func NewEndpointSlice(a *api.API) *EndpointSlice { return &EndpointSlice{newServiceIndex(a)} }

// Run works until ctx ends.
func (c *EndpointSlice) Run(ctx context.Context) {
	watchAndSync(ctx, c.api.Store, c.queue, c.observeAll, c.sync, registry.Services, registry.Pods, registry.EndpointSlices)
}

// observeAll is observe, and has a service synced whose slices somebody else changes or deletes.
func (c *EndpointSlice) observeAll(e store.Event) {
	slice, ok := e.Object.(*discoveryv1.EndpointSlice)
	if !ok {
		c.observe(e)
		return
	}
	if slice.Labels[discoveryv1.LabelManagedBy] == sliceManager && (e.Type == deleted || e.Old != nil) {
		c.queue.add(types.NamespacedName{Namespace: slice.Namespace, Name: slice.Labels[discoveryv1.LabelServiceName]})
	}
}

func (c *EndpointSlice) sync(_ context.Context, name types.NamespacedName) error {
	s := c.services[name.Namespace][name.Name]
	if s == nil || s.DeletionTimestamp != nil {
		return nil
	}
	existing := c.slicesOf(s)
	if !hasEndpoints(s) {
		if s.Spec.Type != corev1.ServiceTypeExternalName {
			return nil
		}
		return c.apply(s, sliceChanges{drop: existing}, time.Time{})
	}
	pods := c.pods(s, true)
	return c.apply(s, c.plan(s, pods, existing), c.changedAt(s, pods))
}

// slicesOf are the slices of a service that the controller made.
func (c *EndpointSlice) slicesOf(s *corev1.Service) []*discoveryv1.EndpointSlice {
	objects, _ := c.api.List(registry.EndpointSlices, s.Namespace)
	var found []*discoveryv1.EndpointSlice
	for _, obj := range objects {
		slice := obj.(*discoveryv1.EndpointSlice)
		if slice.Labels[discoveryv1.LabelServiceName] == s.Name && slice.Labels[discoveryv1.LabelManagedBy] == sliceManager {
			found = append(found, slice)
		}
	}
	return found
}

// sliceChanges are what is to be done with the slices of a service.
type sliceChanges struct {
	add    []*discoveryv1.EndpointSlice
	change []*discoveryv1.EndpointSlice // copies
	drop   []*discoveryv1.EndpointSlice
}

// sliceGroup is what the slices with the same ports hold.
type sliceGroup struct {
	ports     []discoveryv1.EndpointPort
	endpoints []discoveryv1.Endpoint
	existing  []*discoveryv1.EndpointSlice
}

// plan is reconcileByAddressType: endpoints with the same ports share slices, and stay in the slice that they are in.
func (c *EndpointSlice) plan(s *corev1.Service, pods []*corev1.Pod, existing []*discoveryv1.EndpointSlice) sliceChanges {
	groups := map[string]*sliceGroup{}
	group := func(ports []discoveryv1.EndpointPort) *sliceGroup {
		key := portsKey(ports)
		if groups[key] == nil {
			groups[key] = &sliceGroup{ports: ports}
		}
		return groups[key]
	}
	var changes sliceChanges
	for _, slice := range existing {
		if !metav1.IsControlledBy(slice, s) { // of a service of the same name before
			changes.drop = append(changes.drop, slice)
			continue
		}
		g := group(slice.Ports)
		g.existing = append(g.existing, slice)
	}
	for _, pod := range pods {
		g := group(slicePorts(s, pod))
		g.endpoints = append(g.endpoints, endpointOf(s, pod))
	}
	kept := 0
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		kept += groups[key].plan(s, &changes)
	}
	if kept == 0 {
		changes.placeholder(s)
	}
	return changes
}

// plan is reconcileByPortMapping. It returns how many slices hold endpoints.
func (g *sliceGroup) plan(s *corev1.Service, changes *sliceChanges) int {
	missing := map[types.UID]discoveryv1.Endpoint{}
	for _, e := range g.endpoints {
		missing[e.TargetRef.UID] = e
	}
	kept := 0
	var full, open []*discoveryv1.EndpointSlice // as they are, and with changes
	for _, slice := range g.existing {
		next := slice.DeepCopy()
		next.Endpoints = next.Endpoints[:0]
		for _, e := range slice.Endpoints {
			if e.TargetRef == nil {
				continue
			}
			if want, ok := missing[e.TargetRef.UID]; ok {
				next.Endpoints = append(next.Endpoints, want)
				delete(missing, e.TargetRef.UID)
			}
		}
		next.Labels = sliceLabels(s)
		switch {
		case len(next.Endpoints) == 0:
			changes.drop = append(changes.drop, slice)
			continue
		case equality.Semantic.DeepEqual(slice.Endpoints, next.Endpoints) && maps.Equal(slice.Labels, next.Labels):
			full = append(full, next)
		default:
			open = append(open, next)
		}
		kept++
	}
	var rest []discoveryv1.Endpoint
	for _, e := range g.endpoints {
		if _, ok := missing[e.TargetRef.UID]; ok {
			rest = append(rest, e)
		}
	}
	for _, slice := range open {
		n := min(len(rest), sliceCapacity-len(slice.Endpoints))
		slice.Endpoints, rest = append(slice.Endpoints, rest[:n]...), rest[n:]
	}
	if i := roomiest(full, len(rest)); len(rest) > 0 && i >= 0 {
		full[i].Endpoints = append(full[i].Endpoints, rest...)
		open, rest = append(open, full[i]), nil
	}
	changes.change = append(changes.change, open...)
	for chunk := range slices.Chunk(rest, sliceCapacity) {
		changes.add = append(changes.add, newSlice(s, g.ports, chunk))
		kept++
	}
	return kept
}

// roomiest is the slice that n more endpoints fill best, -1 if there is none with so much room, as getSliceToFill chooses.
func roomiest(list []*discoveryv1.EndpointSlice, n int) int {
	best, least := -1, sliceCapacity
	for i, slice := range list {
		if left := sliceCapacity - n - len(slice.Endpoints); left >= 0 && left < least {
			best, least = i, left
		}
	}
	return best
}

// placeholder keeps one slice without endpoints, by which clients see that the service has none.
func (c *sliceChanges) placeholder(s *corev1.Service) {
	for i, slice := range c.drop {
		if len(slice.Ports) > 0 || !metav1.IsControlledBy(slice, s) {
			continue
		}
		c.drop = slices.Delete(c.drop, i, i+1)
		if want := sliceLabels(s); len(slice.Endpoints) > 0 || !maps.Equal(slice.Labels, want) {
			next := slice.DeepCopy()
			next.Endpoints, next.Labels = nil, want
			c.change = append(c.change, next)
		}
		return
	}
	c.add = append(c.add, newSlice(s, nil, nil))
}

// apply writes the changes. A slice that is gone or changed in the meantime is looked at again when the log tells of it.
func (c *EndpointSlice) apply(s *corev1.Service, changes sliceChanges, at time.Time) error {
	for _, slice := range changes.add {
		setTrigger(slice, at)
		_, err := c.api.Create(registry.EndpointSlices, slice, asManager)
		if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) || apierrors.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("create slice of service %s/%s: %w", s.Namespace, s.Name, err)
		}
	}
	for _, slice := range changes.change {
		_, err := c.api.Update(registry.EndpointSlices, slice.Namespace, slice.Name, asManager, func(o store.Object) error {
			is := o.(*discoveryv1.EndpointSlice)
			is.Endpoints, is.Labels = slice.Endpoints, slice.Labels
			setTrigger(is, at)
			return nil
		})
		if err := ignoreNotFound(err); err != nil {
			return fmt.Errorf("update slice %s/%s: %w", slice.Namespace, slice.Name, err)
		}
	}
	for _, slice := range changes.drop {
		_, _, err := c.api.Delete(registry.EndpointSlices, slice.Namespace, slice.Name, metav1.DeleteOptions{}, asManager)
		if err := ignoreNotFound(err); err != nil {
			return fmt.Errorf("delete slice %s/%s: %w", slice.Namespace, slice.Name, err)
		}
	}
	return nil
}

func newSlice(s *corev1.Service, ports []discoveryv1.EndpointPort, endpoints []discoveryv1.Endpoint) *discoveryv1.EndpointSlice {
	return &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: s.Namespace, GenerateName: generateName(s.Name), Labels: sliceLabels(s),
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(s, registry.Services.GroupVersionKind())},
		},
		AddressType: discoveryv1.AddressTypeIPv4, Ports: ports, Endpoints: endpoints,
	}
}

// sliceLabels are the service's labels and those by which slices are found, as setEndpointSliceLabels has them.
func sliceLabels(s *corev1.Service) map[string]string {
	all := map[string]string{}
	maps.Copy(all, s.Labels)
	if delete(all, corev1.IsHeadlessService); !hasClusterIP(s) {
		all[corev1.IsHeadlessService] = ""
	}
	all[discoveryv1.LabelServiceName], all[discoveryv1.LabelManagedBy] = s.Name, sliceManager
	return all
}

func slicePorts(s *corev1.Service, pod *corev1.Pod) []discoveryv1.EndpointPort {
	var ports []discoveryv1.EndpointPort
	for i := range s.Spec.Ports {
		p := &s.Spec.Ports[i]
		if number := findPort(p, pod); number != 0 {
			ports = append(ports, discoveryv1.EndpointPort{Name: &p.Name, Port: &number, Protocol: &p.Protocol, AppProtocol: p.AppProtocol})
		}
	}
	return ports
}

// portsKey is the same for slices of the same ports, in whatever order.
func portsKey(ports []discoveryv1.EndpointPort) string {
	texts := make([]string, len(ports))
	for i, p := range ports {
		texts[i] = fmt.Sprint(valueOf(p.Name), valueOf(p.Port), valueOf(p.Protocol), valueOf(p.AppProtocol))
	}
	slices.Sort(texts)
	return fmt.Sprint(texts)
}

func valueOf[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// endpointOf is podToEndpoint.
func endpointOf(s *corev1.Service, pod *corev1.Pod) discoveryv1.Endpoint {
	serving, terminating := podReady(pod), pod.DeletionTimestamp != nil
	ready := s.Spec.PublishNotReadyAddresses || serving && !terminating
	e := discoveryv1.Endpoint{
		Addresses:  []string{pod.Status.PodIP},
		Conditions: discoveryv1.EndpointConditions{Ready: &ready, Serving: &serving, Terminating: &terminating},
		TargetRef:  &corev1.ObjectReference{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID},
	}
	if pod.Spec.NodeName != "" {
		e.NodeName = new(pod.Spec.NodeName)
	}
	if namesEndpoint(s, pod) {
		e.Hostname = new(pod.Spec.Hostname)
	}
	return e
}
