package controllers

import (
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// serviceIndex knows which services an event is about.
type serviceIndex struct {
	api      *api.API
	queue    *queue[types.NamespacedName]
	services map[string]map[string]*corev1.Service // by namespace and name
	triggers map[types.NamespacedName]*trigger
}

func newServiceIndex(a *api.API) *serviceIndex {
	return &serviceIndex{api: a, queue: newQueue[types.NamespacedName](),
		services: map[string]map[string]*corev1.Service{}, triggers: map[types.NamespacedName]*trigger{}}
}

// observe has the services synced that an event of a service or pod is about.
func (x *serviceIndex) observe(e store.Event) {
	switch obj := e.Object.(type) {
	case *corev1.Service:
		x.observeService(e, obj)
	case *corev1.Pod:
		old, _ := e.Old.(*corev1.Pod)
		if old != nil && e.Type != deleted && !endpointChanged(old, obj) {
			return
		}
		for _, s := range x.services[obj.Namespace] {
			if selectedBy(s, obj) || old != nil && selectedBy(s, old) {
				x.queue.add(nameOf(s))
			}
		}
	}
}

func (x *serviceIndex) observeService(e store.Event, s *corev1.Service) {
	if x.services[s.Namespace] == nil {
		x.services[s.Namespace] = map[string]*corev1.Service{}
	}
	x.services[s.Namespace][s.Name] = s
	if e.Type == deleted {
		delete(x.services[s.Namespace], s.Name)
		delete(x.triggers, nameOf(s))
	}
	x.queue.add(nameOf(s))
}

func selectedBy(s *corev1.Service, pod *corev1.Pod) bool {
	return len(s.Spec.Selector) > 0 && labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(pod.Labels))
}

// hasEndpoints says whether the controllers keep endpoints of a service: not for one without a selector, nor for an external name.
func hasEndpoints(s *corev1.Service) bool {
	return s.Spec.Type != corev1.ServiceTypeExternalName && s.Spec.Selector != nil
}

// endpointChanged says whether endpoints of a pod may be others than before, as podEndpointsChanged does.
func endpointChanged(old, pod *corev1.Pod) bool {
	return (old.DeletionTimestamp == nil) != (pod.DeletionTimestamp == nil) || podReady(old) != podReady(pod) || old.Status.PodIP != pod.Status.PodIP ||
		old.Status.Phase != pod.Status.Phase || old.Spec.NodeName != pod.Spec.NodeName || !equality.Semantic.DeepEqual(old.Labels, pod.Labels)
}

func podReady(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// pods are those that a service selects and that have an address, sorted by name, as ShouldPodBeInEndpoints takes them.
func (x *serviceIndex) pods(s *corev1.Service, terminating bool) []*corev1.Pod {
	objects, _ := x.api.List(registry.Pods, s.Namespace)
	var pods []*corev1.Pod
	for _, obj := range objects {
		pod := obj.(*corev1.Pod)
		ended := pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded
		if !ended && pod.Status.PodIP != "" && (terminating || pod.DeletionTimestamp == nil) && selectedBy(s, pod) {
			pods = append(pods, pod)
		}
	}
	return pods
}

// findPort is the port of a pod that a port of a service leads to, as FindPort has it; 0 if the pod has none of that name.
func findPort(p *corev1.ServicePort, pod *corev1.Pod) int32 {
	if p.TargetPort.Type == intstr.Int {
		return p.TargetPort.IntVal
	}
	named := func(c *corev1.Container) int32 {
		for _, has := range c.Ports {
			if has.Name == p.TargetPort.StrVal && has.Protocol == p.Protocol {
				return has.ContainerPort
			}
		}
		return 0
	}
	for i := range pod.Spec.Containers {
		if port := named(&pod.Spec.Containers[i]); port != 0 {
			return port
		}
	}
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		if c.RestartPolicy == nil || *c.RestartPolicy != corev1.ContainerRestartPolicyAlways {
			continue
		}
		if port := named(c); port != 0 {
			return port
		}
	}
	return 0
}

// namesEndpoint says whether an endpoint has the pod's own hostname, as ShouldSetHostname does.
func namesEndpoint(s *corev1.Service, pod *corev1.Pod) bool {
	return pod.Spec.Hostname != "" && pod.Spec.Subdomain == s.Name && s.Namespace == pod.Namespace
}

func hasClusterIP(s *corev1.Service) bool {
	return s.Spec.ClusterIP != "" && s.Spec.ClusterIP != corev1.ClusterIPNone
}

// trigger is when what a service's endpoints show last changed.
type trigger struct {
	service time.Time
	pods    map[string]time.Time
}

// changedAt is when the first change happened that the endpoints do not show yet, zero if none is known of, as
// ComputeEndpointLastChangeTriggerTime has it.
func (x *serviceIndex) changedAt(s *corev1.Service, pods []*corev1.Pod) time.Time {
	was := x.triggers[nameOf(s)]
	is := &trigger{service: s.CreationTimestamp.Time, pods: map[string]time.Time{}}
	x.triggers[nameOf(s)] = is
	var first time.Time
	sooner := func(at time.Time) {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	for _, pod := range pods {
		for _, c := range pod.Status.Conditions {
			if c.Type != corev1.PodReady {
				continue
			}
			is.pods[pod.Name] = c.LastTransitionTime.Time
			if was != nil && c.LastTransitionTime.After(was.pods[pod.Name]) {
				sooner(c.LastTransitionTime.Time)
			}
		}
	}
	if was == nil {
		return is.service
	}
	if is.service.After(was.service) {
		sooner(is.service)
	}
	return first
}

// setTrigger notes the time of a change among annotations, or that there is none.
func setTrigger(obj store.Object, at time.Time) {
	annotations := obj.GetAnnotations()
	if at.IsZero() {
		delete(annotations, corev1.EndpointsLastChangeTriggerTime)
		return
	}
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[corev1.EndpointsLastChangeTriggerTime] = at.UTC().Format(time.RFC3339Nano)
	obj.SetAnnotations(annotations)
}
