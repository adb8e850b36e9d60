package controllers

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	endpointsManagedBy = "endpoints.kubernetes.io/managed-by"
	endpointsManager   = "endpoint-controller"
	// endpointsCapacity is how many addresses an Endpoints object shows at most.
	endpointsCapacity = 1000
	truncated         = "truncated"
)

// Endpoints keeps an Endpoints object for each service with a selector, of the pods that it selects. It is what clients read that do not
// know EndpointSlices.
type Endpoints struct {
	*serviceIndex
	events *events.Recorder
}

// NewEndpoints returns the controller. Run it once.
func NewEndpoints(a *api.API) *Endpoints {
	return &Endpoints{serviceIndex: newServiceIndex(a), events: events.New(a, "endpoint-controller", "")}
}

// Run works until ctx ends.
func (c *Endpoints) Run(ctx context.Context) {
	watchAndSync(ctx, c.api.Store, c.queue, c.observe, c.sync, registry.Services, registry.Pods)
}

// sync is syncService of the endpoints controller.
func (c *Endpoints) sync(_ context.Context, name types.NamespacedName) error {
	s := c.services[name.Namespace][name.Name]
	if s == nil {
		_, _, err := c.api.Delete(registry.Endpoints, name.Namespace, name.Name, metav1.DeleteOptions{}, asManager)
		return ignoreNotFound(err)
	}
	if !hasEndpoints(s) {
		return nil
	}
	pods := c.pods(s, s.Spec.PublishNotReadyAddresses)
	at := c.changedAt(s, c.pods(s, true))
	want := func(e *corev1.Endpoints) {
		setTrigger(e, at)
		c.fill(e, s, pods)
	}
	return c.write(s, want)
}

// write brings the Endpoints of a service to what want makes of them. If nothing but the time of the change would be other, it stays.
func (c *Endpoints) write(s *corev1.Service, want func(*corev1.Endpoints)) error {
	is, err := c.api.Get(registry.Endpoints, s.Namespace, s.Name)
	if err != nil {
		e := &corev1.Endpoints{ObjectMeta: metav1.ObjectMeta{Namespace: s.Namespace, Name: s.Name}}
		want(e)
		_, err = c.api.Create(registry.Endpoints, e, asManager)
		return c.failed(s, "FailedToCreateEndpoint", "Failed to create endpoint for service %v/%v: %v", err)
	}
	probe := is.DeepCopyObject().(*corev1.Endpoints)
	want(probe)
	if was := is.(*corev1.Endpoints); equality.Semantic.DeepEqual(was.Subsets, probe.Subsets) && maps.Equal(was.Labels, probe.Labels) {
		return nil
	}
	_, err = c.api.Update(registry.Endpoints, s.Namespace, s.Name, asManager, func(o store.Object) error {
		want(o.(*corev1.Endpoints))
		return nil
	})
	return c.failed(s, "FailedToUpdateEndpoint", "Failed to update endpoint %v/%v: %v", ignoreNotFound(err))
}

// failed tells of an error by an event, but for that of a namespace that takes nothing new any more.
func (c *Endpoints) failed(s *corev1.Service, reason, text string, err error) error {
	if err == nil || apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) || apierrors.IsNotFound(err) {
		return nil
	}
	c.events.Event(s, "", corev1.EventTypeWarning, reason, fmt.Sprintf(text, s.Namespace, s.Name, err))
	return err
}

// fill writes all but the time of the change.
func (c *Endpoints) fill(e *corev1.Endpoints, s *corev1.Service, pods []*corev1.Pod) {
	e.Labels = maps.Clone(s.Labels)
	if e.Labels == nil {
		e.Labels = map[string]string{}
	}
	e.Labels[endpointsManagedBy] = endpointsManager
	if delete(e.Labels, corev1.IsHeadlessService); !hasClusterIP(s) {
		e.Labels[corev1.IsHeadlessService] = ""
	}
	e.Subsets = subsets(s, pods)
	if delete(e.Annotations, corev1.EndpointsOverCapacity); truncate(e.Subsets) {
		if e.Annotations == nil {
			e.Annotations = map[string]string{}
		}
		e.Annotations[corev1.EndpointsOverCapacity] = truncated
	}
}

// subsets group the addresses of pods by the ports that they have, as RepackSubsets does.
func subsets(s *corev1.Service, pods []*corev1.Pod) []corev1.EndpointSubset {
	byPorts := map[string]*corev1.EndpointSubset{}
	for _, pod := range pods {
		ports := endpointPorts(s, pod)
		if len(ports) == 0 && len(s.Spec.Ports) > 0 || len(s.Spec.Ports) == 0 && hasClusterIP(s) {
			continue
		}
		key := fmt.Sprint(ports)
		set := byPorts[key]
		if set == nil {
			set = &corev1.EndpointSubset{Ports: ports}
			byPorts[key] = set
		}
		if s.Spec.PublishNotReadyAddresses || podReady(pod) {
			set.Addresses = append(set.Addresses, endpointAddress(s, pod))
		} else {
			set.NotReadyAddresses = append(set.NotReadyAddresses, endpointAddress(s, pod))
		}
	}
	var all []corev1.EndpointSubset
	for _, key := range slices.Sorted(maps.Keys(byPorts)) {
		set := byPorts[key]
		slices.SortFunc(set.Addresses, compareAddresses)
		slices.SortFunc(set.NotReadyAddresses, compareAddresses)
		all = append(all, *set)
	}
	return all
}

func compareAddresses(a, b corev1.EndpointAddress) int { return strings.Compare(a.IP, b.IP) }

func endpointPorts(s *corev1.Service, pod *corev1.Pod) []corev1.EndpointPort {
	var ports []corev1.EndpointPort
	for i := range s.Spec.Ports {
		p := &s.Spec.Ports[i]
		if number := findPort(p, pod); number != 0 {
			ports = append(ports, corev1.EndpointPort{Name: p.Name, Port: number, Protocol: p.Protocol, AppProtocol: p.AppProtocol})
		}
	}
	slices.SortFunc(ports, func(a, b corev1.EndpointPort) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Port, b.Port))
	})
	return ports
}

func endpointAddress(s *corev1.Service, pod *corev1.Pod) corev1.EndpointAddress {
	a := corev1.EndpointAddress{
		IP: pod.Status.PodIP, NodeName: new(pod.Spec.NodeName),
		TargetRef: &corev1.ObjectReference{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID},
	}
	if namesEndpoint(s, pod) {
		a.Hostname = pod.Spec.Hostname
	}
	return a
}

// truncate leaves room for no more addresses than there may be, those that are not ready last, and says whether there were more.
func truncate(sets []corev1.EndpointSubset) bool {
	room, cut := endpointsCapacity, false
	keep := func(list *[]corev1.EndpointAddress) {
		if len(*list) > room {
			*list, cut = (*list)[:room], true
		}
		room -= len(*list)
	}
	for i := range sets {
		keep(&sets[i].Addresses)
	}
	for i := range sets {
		keep(&sets[i].NotReadyAddresses)
	}
	return cut
}
